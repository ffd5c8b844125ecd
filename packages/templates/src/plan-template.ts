/**
 * From a template's nodes to a plan. The template is checked as a whole before anything is planned: sections, parameters, names,
 * conditions.
 */
import type { Scope } from "@tripline/kernel";
import { type Conditions, createConditions } from "./intrinsics/conditions.ts";
import { checkReferences, type KnownNames } from "./names/check-references.ts";
import { implicitApis, implicitNames } from "./names/implicit-resources.ts";
import { createNameBook } from "./names/names.ts";
import { planResources } from "./plan-resources.ts";
import { invalid } from "./read/errors.ts";
import { type MapNode, type TemplateNode, toPlain, valueOf } from "./read/template-node.ts";
import type { ResourceDefinition } from "./resources/resource-type.ts";
import { createReports, type Reports } from "./reports.ts";
import { type DeclaredResource, readDefinitions } from "./sections/definitions.ts";
import { readGlobals } from "./sections/globals.ts";
import { readOutputs } from "./sections/outputs.ts";
import { readParameters } from "./sections/parameters.ts";
import { checkSections, sectionOf } from "./sections/sections.ts";
import type { TemplatePlan } from "./template-plan.ts";

/** What {@link planTemplate} takes. */
export interface PlanTemplateOptions {
  file: string;
  root: MapNode;
  parameters: Readonly<Record<string, string>>;
  scope: Scope;
  stackName: string;
}

/** See the module's header. */
export function planTemplate({ file, root, parameters: given, scope, stackName }: PlanTemplateOptions): TemplatePlan {
  checkSections(root);
  const reports = createReports();
  reportSections(root, reports);
  const parameters = readParameters(sectionOf(root, "Parameters"), given);
  const globals = readGlobals(sectionOf(root, "Globals"));
  const declared = readDefinitions(sectionOf(root, "Resources") ?? root, globals);
  const mappings = sectionOf(root, "Mappings");
  const parameterNames = new Set(parameters.keys());

  const conditionNames: KnownNames = { parameters: parameterNames, resources: undefined };
  const conditions: Conditions = createConditions(sectionOf(root, "Conditions"), () => conditionBook.resolver());
  const shared = { scope, stackName, parameters, mappings, conditions };
  const conditionBook = createNameBook({ ...shared, known: conditionNames, definitions: new Map() });

  const everything = withImplicit(declared, globals);
  const known: KnownNames = {
    parameters: parameterNames,
    resources: new Set(Array.from(everything.values()).flatMap((one) => [one.logicalId, ...implicitNames(one)])),
  };
  checkNames(root, known, conditionNames);
  for (const [name, { place }] of sectionOf(root, "Conditions")?.entries ?? []) conditions.holds(name, place);

  const active = new Map(Array.from(declared).filter(([, one]) => isActive(one, conditions)));
  const definitions = withImplicit(active, globals);
  const book = createNameBook({ ...shared, known, definitions });
  const resources = planResources({ file, scope, stackName, definitions, book, reports });
  const outputs = readOutputs(sectionOf(root, "Outputs"), book.resolver());
  const metadata = valueOf(root, "Metadata");
  return {
    file,
    stackName,
    resources,
    outputs,
    ...reports.result(),
    metadata: metadata?.kind === "map" ? (toPlain(metadata) as Record<string, unknown>) : {},
  };
}

function withImplicit(
  declared: ReadonlyMap<string, ResourceDefinition>,
  globals: ReadonlyMap<string, MapNode>,
): Map<string, ResourceDefinition> {
  const all = new Map(declared);
  for (const api of implicitApis(declared, globals)) all.set(api.logicalId, api);
  return all;
}

function isActive({ logicalId, condition }: DeclaredResource, conditions: Conditions): boolean {
  if (condition === undefined) return true;
  if (condition.kind === "scalar") return conditions.holds(condition.text, condition.place);
  throw invalid(
    condition.place,
    `Condition of ${logicalId} takes the name of a condition.`,
    "Define it under Conditions.",
  );
}

function checkNames(root: MapNode, known: KnownNames, conditionNames: KnownNames): void {
  const check = (section: TemplateNode | undefined, names: KnownNames): void => {
    if (section?.kind !== "map") return;
    for (const entry of section.entries.values()) checkReferences(entry.value, names);
  };
  check(valueOf(root, "Conditions"), conditionNames);
  for (const name of ["Globals", "Resources", "Outputs"]) check(valueOf(root, name), known);
}

const transforms = ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"];

function reportSections(root: MapNode, reports: Reports): void {
  for (const name of ["Rules", "Hooks"] as const) {
    const entry = root.entries.get(name);
    if (entry === undefined) continue;
    reports.unsupported({
      logicalId: name,
      type: "section",
      line: entry.place.line,
      reason: "The section is not evaluated.",
    });
  }
  const transform = valueOf(root, "Transform");
  for (const item of transform?.kind === "list" ? transform.items : transform === undefined ? [] : [transform]) {
    if (item.kind === "scalar" && transforms.includes(item.text)) continue;
    reports.unsupported({
      logicalId: "Transform",
      type: item.kind === "scalar" ? item.text : "macro",
      line: item.place.line,
      reason: "Macros run in AWS only.",
    });
  }
}
