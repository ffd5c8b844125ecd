/** A JSON document of typed output: timestamps as seconds, blobs in base64, members that the model does not have left out. */
import type { Shape, StructureShape } from "../model/shape.ts";
import { toBase64 } from "./text-values.ts";
import { writeTimestamp } from "./timestamps.ts";

/** What `JSON.stringify` takes. `value` is an operation's output; members that are undefined or null are left out. */
export function toJsonStructure(shape: StructureShape, value: object): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  const source = value as Record<string, unknown>;
  for (const name in source) {
    const member = shape.byName.get(name);
    const given = source[name];
    if (member !== undefined && given !== undefined && given !== null) {
      written[member.jsonName] = toJson(member.shape, given);
    }
  }
  return written;
}

function toJson(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case "list":
      return Array.isArray(value) ? value.map((item: unknown) => toJson(shape.item, item)) : value;
    case "map":
      return Object.fromEntries(
        Object.entries(value as object).map(([key, one]: [string, unknown]) => [key, toJson(shape.value, one)]),
      );
    case "structure":
      return toJsonStructure(shape, value as object);
    case "timestamp":
      return value instanceof Date
        ? writeTimestamp(value, shape.format === "default" ? "epoch-seconds" : shape.format)
        : value;
    case "blob":
      return value instanceof Uint8Array ? toBase64(value) : value;
    default:
      return value;
  }
}
