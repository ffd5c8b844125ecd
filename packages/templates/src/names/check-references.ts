/**
 * Finds names that nothing has, in every branch of the template: also where a condition does not hold, and in properties that change
 * nothing here. So a misspelt name is found at once, with its line.
 */
import { intrinsicOf } from "../intrinsics/intrinsic.ts";
import { parseGetAtt } from "../intrinsics/reference-functions.ts";
import { parseSub, subVariable } from "../intrinsics/text-functions.ts";
import { unknownReference } from "../read/errors.ts";
import type { MapNode, Place, TemplateNode } from "../read/template-node.ts";

/** What there is. */
export interface KnownNames {
  parameters: ReadonlySet<string>;
  /** With what SAM adds; `undefined` where resources cannot be named, as in conditions. */
  resources: ReadonlySet<string> | undefined;
}

/** The pseudo parameters. */
export const pseudoParameters: readonly string[] = [
  "AWS::AccountId",
  "AWS::NoValue",
  "AWS::NotificationARNs",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
];

/** Throws `SIM_TEMPLATE_REFERENCE` for the first unknown name under `node`. */
export function checkReferences(node: TemplateNode, known: KnownNames): void {
  if (node.kind === "scalar") return;
  if (node.kind === "list") {
    for (const item of node.items) checkReferences(item, known);
    return;
  }
  const found = intrinsicOf(node);
  if (found !== undefined) checkFunction(found.name, found.argument, node, known);
  for (const entry of node.entries.values()) checkReferences(entry.value, known);
}

function checkFunction(name: string, argument: TemplateNode, node: MapNode, known: KnownNames): void {
  if (name === "Ref" && argument.kind === "scalar") checkRef(argument.text, node.place, known);
  if (name === "Fn::GetAtt") checkResource(parseGetAtt(argument).logicalId, node.place, known);
  if (name !== "Fn::Sub") return;
  const { template, variables } = parseSub(argument);
  for (const [, text = ""] of template.text.matchAll(subVariable)) {
    const variable = text.trim();
    if (variable.startsWith("!") || variables?.entries.has(variable) === true) continue;
    const dot = variable.indexOf(".");
    if (dot > 0 && !variable.startsWith("AWS::") && known.resources?.has(variable) !== true)
      checkResource(variable.slice(0, dot), template.place, known);
    else checkRef(variable, template.place, known);
  }
}

function checkRef(name: string, place: Place, known: KnownNames): void {
  if (known.parameters.has(name) || known.resources?.has(name) === true || pseudoParameters.includes(name)) return;
  throw unknownName(name, place, known);
}

function checkResource(name: string, place: Place, known: KnownNames): void {
  if (known.resources?.has(name) === true) return;
  if (known.resources === undefined) throw unknownName(name, place, known);
  throw unknownReference(
    place,
    `"${name}" is no resource of this template.`,
    name,
    known.resources,
    "Define it under Resources, or correct the name.",
  );
}

/** `SIM_TEMPLATE_REFERENCE` for a name that is neither parameter nor resource. */
export function unknownName(name: string, place: Place, known: KnownNames): Error {
  const { parameters, resources } = known;
  if (resources === undefined) {
    return unknownReference(
      place,
      `"${name}" is no parameter of this template, and a condition can name nothing else.`,
      name,
      [...parameters, ...pseudoParameters],
      "Define it under Parameters, or correct the name.",
    );
  }
  return unknownReference(
    place,
    `"${name}" is neither a resource nor a parameter of this template.`,
    name,
    [...parameters, ...resources, ...pseudoParameters],
    "Define it under Resources or Parameters, or correct the name.",
  );
}
