/** The `Resources` section: who is there, with which type, attributes and global properties. */
import { suggest } from "@tripline/kernel";
import { invalid, unknownReference } from "../read/errors.ts";
import { describeNode, type MapEntry, type MapNode, type TemplateNode, valueOf } from "../read/template-node.ts";
import type { ResourceDefinition } from "../resources/resource-type.ts";
import { mergeGlobal } from "./globals.ts";
import { asMap } from "./sections.ts";

const attributes = [
  "Condition",
  "Connectors",
  "CreationPolicy",
  "DeletionPolicy",
  "DependsOn",
  "Metadata",
  "Properties",
  "Type",
  "UpdatePolicy",
  "UpdateReplacePolicy",
];

/** One resource before its condition is known. */
export interface DeclaredResource extends ResourceDefinition {
  /** The condition that it is made under. */
  condition?: TemplateNode;
}

/** Every resource of the template. Throws `SIM_TEMPLATE_INVALID` or `SIM_TEMPLATE_REFERENCE` where one is not well formed. */
export function readDefinitions(
  section: MapNode,
  globals: ReadonlyMap<string, MapNode>,
): Map<string, DeclaredResource> {
  const found = new Map<string, DeclaredResource>();
  for (const [logicalId, entry] of section.entries) found.set(logicalId, toDefinition(logicalId, entry, globals));
  for (const { dependsOn, logicalId } of found.values()) {
    for (const dependency of dependsOn) {
      if (found.has(dependency.logicalId)) continue;
      throw unknownReference(
        dependency.place,
        `${logicalId} depends on "${dependency.logicalId}", which is no resource of this template.`,
        dependency.logicalId,
        found.keys(),
        "Correct the name, or remove the DependsOn.",
      );
    }
  }
  return found;
}

function toDefinition(logicalId: string, entry: MapEntry, globals: ReadonlyMap<string, MapNode>): DeclaredResource {
  if (logicalId.startsWith("Fn::")) {
    throw invalid(entry.place, `${logicalId} is not simulated in Resources.`, "Write the resources out that it makes.");
  }
  if (!/^[A-Za-z0-9]+$/.test(logicalId)) {
    throw invalid(
      entry.place,
      `"${logicalId}" cannot be the name of a resource.`,
      "Use letters and digits only, such as OrdersQueue.",
    );
  }
  const node = asMap(entry.value, `Resource ${logicalId}`);
  for (const [key, { place }] of node.entries) {
    if (attributes.includes(key)) continue;
    const nearest = suggest(key, attributes);
    throw invalid(
      place,
      `Resource ${logicalId} cannot have ${key}.`,
      nearest === undefined ? `If it is a property, put it under Properties.` : `Did you mean ${nearest}?`,
    );
  }
  const type = valueOf(node, "Type");
  if (type?.kind !== "scalar" || !/^(\w+::\w+(::\w+)*|Custom::[\w@-]+)$/.test(type.text)) {
    throw invalid(
      type?.place ?? entry.place,
      type === undefined ? `Resource ${logicalId} has no Type.` : `The Type of ${logicalId} is ${describeNode(type)}.`,
      "Write a type such as AWS::SQS::Queue.",
    );
  }
  const given = valueOf(node, "Properties");
  const own: MapNode =
    given === undefined
      ? { kind: "map", entries: new Map(), place: entry.place }
      : asMap(given, `Properties of ${logicalId}`);
  const global = globals.get(type.text);
  const condition = valueOf(node, "Condition");
  return {
    logicalId,
    type: type.text,
    place: entry.place,
    properties: global === undefined ? own : mergeGlobal(global, own),
    dependsOn: toDependsOn(logicalId, valueOf(node, "DependsOn")),
    attributes: node,
    ...(condition === undefined ? {} : { condition }),
  };
}

function toDependsOn(logicalId: string, node: TemplateNode | undefined): ResourceDefinition["dependsOn"] {
  if (node === undefined) return [];
  return (node.kind === "list" ? node.items : [node]).map((item) => {
    if (item.kind === "scalar" && item.value !== null) return { logicalId: item.text, place: item.place };
    throw invalid(
      item.place,
      `DependsOn of ${logicalId} takes names of resources.`,
      "Write one name, or a list of them.",
    );
  });
}
