import { invalid } from "./errors.ts";
import type { MapNode, Place, TemplateNode } from "./template-node.ts";

/** An object of JSON values as a template: no lines, so errors show the path (`Resources.Orders.Properties.QueueName`). */
export function fromObject(file: string, document: object): MapNode {
  return toMap(document, { file, line: 0, path: "" });
}

function toNode(value: unknown, place: Place): TemplateNode {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return { kind: "scalar", value, text: String(value), place };
    case "object":
      if (value === null) return { kind: "scalar", value, text: "", place };
      if (!Array.isArray(value)) return toMap(value, place);
      return {
        kind: "list",
        items: value.map((item: unknown, index) => toNode(item, { ...place, path: `${place.path}[${index}]` })),
        place,
      };
    default:
      throw invalid(
        place,
        `A template cannot hold a ${typeof value}.`,
        "Use texts, numbers, booleans, lists and maps.",
      );
  }
}

/** Keys whose value is `undefined` are left out. */
function toMap(object: object, place: Place): MapNode {
  const entries = Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]: [string, unknown]) => {
      const inner = { ...place, path: place.path === "" ? key : `${place.path}.${key}` };
      return [key, { place: inner, value: toNode(value, inner) }] as const;
    });
  return { kind: "map", entries: new Map(entries), place };
}
