/**
 * SAM's `Globals`: maps merge, lists are joined (the global items first), everything else is replaced by the resource's own value.
 * A function such as `!Ref` counts as one value. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
 */
import { suggest } from "@tripline/kernel";
import { intrinsicOf } from "../intrinsics/intrinsic.ts";
import { invalid } from "../read/errors.ts";
import type { MapEntry, MapNode, TemplateNode } from "../read/template-node.ts";
import { asMap } from "./sections.ts";

const types: Readonly<Record<string, string | undefined>> = {
  Function: "AWS::Serverless::Function",
  Api: "AWS::Serverless::Api",
  HttpApi: "AWS::Serverless::HttpApi",
  CapacityProvider: undefined,
  LayerVersion: undefined,
  SimpleTable: "AWS::Serverless::SimpleTable",
  StateMachine: undefined,
  WebSocketApi: undefined,
};

/** Global properties by resource type. Throws `SIM_TEMPLATE_INVALID` for a section that Globals do not have. */
export function readGlobals(section: MapNode | undefined): ReadonlyMap<string, MapNode> {
  const globals = new Map<string, MapNode>();
  for (const [name, entry] of section?.entries ?? []) {
    if (!Object.hasOwn(types, name)) {
      const nearest = suggest(name, Object.keys(types));
      throw invalid(
        entry.place,
        `Globals cannot have ${name}.`,
        nearest === undefined ? `They can have ${Object.keys(types).join(", ")}.` : `Did you mean ${nearest}?`,
      );
    }
    const type = types[name];
    if (type !== undefined) globals.set(type, asMap(entry.value, `Globals.${name}`));
  }
  return globals;
}

/** `own` with what `global` adds. */
export function mergeGlobal(global: MapNode, own: MapNode): MapNode {
  const entries = new Map<string, MapEntry>(global.entries);
  for (const [key, entry] of own.entries) {
    const before = entries.get(key);
    entries.set(key, before === undefined ? entry : { ...entry, value: mergeValue(before.value, entry.value) });
  }
  return { ...own, entries };
}

function mergeValue(global: TemplateNode, own: TemplateNode): TemplateNode {
  if (global.kind === "list" && own.kind === "list") return { ...own, items: [...global.items, ...own.items] };
  if (!isPlainMap(global) || !isPlainMap(own)) return own;
  return mergeGlobal(global, own);
}

function isPlainMap(node: TemplateNode): node is MapNode {
  return node.kind === "map" && intrinsicOf(node) === undefined;
}
