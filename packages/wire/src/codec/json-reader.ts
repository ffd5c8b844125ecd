/**
 * Typed input from a parsed JSON document (or a CBOR one, which holds bytes and dates as such).
 *
 * J1. A value of another type than its member's is a SerializationException, as AWS answers.
 * J2. null is as if the member were absent.
 * J3. A member that the model does not have is refused by name. AWS ignores it; here it is most likely a parameter that is newer than
 *     this Tripline, and nothing is accepted and ignored.
 *
 * The clients' own JSON codec is not used: it trusts what it reads (J1), and drops what it does not know (J3).
 */
import type { Shape, StructureShape } from "../model/shape.ts";
import { notImplemented, serializationException } from "../wire-errors.ts";
import { parseBase64 } from "./text-values.ts";
import { parseTimestamp } from "./timestamps.ts";

/**
 * Makes `value` typed input of `shape`, in place: most of a document is strings and numbers that stay as they are. `path` is where it
 * stands, for errors.
 */
export function readJsonStructure(shape: StructureShape, value: unknown, path = ""): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw mismatch(value, "a Structure");
  const members = value as Record<string, unknown>;
  for (const name in members) {
    const member = shape.byJsonName.get(name);
    const given = members[name];
    if (member === undefined) {
      if (name !== "__type") {
        throw notImplemented(`${path}${name} is not a parameter that this Tripline knows in ${shape.name}.`); // J3
      }
      delete members[name];
    } else if (given === null) {
      delete members[name]; // J2
    } else {
      const read = readJson(member.shape, given, path, name);
      if (member.name !== name) {
        delete members[name];
        members[member.name] = read;
      } else if (read !== given) {
        members[name] = read;
      }
    }
  }
  return members;
}

function readJson(shape: Shape, value: unknown, path: string, name: string): unknown {
  switch (shape.kind) {
    case "string":
      if (typeof value !== "string") throw mismatch(value, "a String");
      return value;
    case "number":
      if (typeof value !== "number") throw mismatch(value, "a number");
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw mismatch(value, "a Boolean");
      return value;
    case "timestamp":
      return parseTimestamp(value);
    case "blob":
      if (value instanceof Uint8Array) return value; // in CBOR
      if (typeof value !== "string") throw mismatch(value, "a Blob");
      return parseBase64(value);
    case "document":
      return value;
    case "list": {
      if (!Array.isArray(value)) throw mismatch(value, "a Collection");
      const items = value as unknown[];
      for (let at = 0; at < items.length; at++) {
        const item = items[at];
        if (item !== null) items[at] = readJson(shape.item, item, path, name);
      }
      return items;
    }
    case "map":
      return readMap(shape.value, value, path, name);
    case "structure":
      return readJsonStructure(shape, value, `${path}${name}.`);
  }
}

function readMap(shape: Shape, value: unknown, path: string, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw mismatch(value, "a Map");
  const entries = value as Record<string, unknown>;
  for (const key in entries) {
    const given = entries[key];
    if (given === null) {
      delete entries[key]; // J2
      continue;
    }
    const read = readJson(shape, given, path, name);
    // Defined, not assigned: a key may be `__proto__`.
    if (read !== given)
      Object.defineProperty(entries, key, { value: read, enumerable: true, writable: true, configurable: true });
  }
  return entries;
}

function mismatch(value: unknown, wanted: string): Error {
  return serializationException(`${token(value)} can not be converted to ${wanted}`);
}

/** What AWS's parser calls the value. */
function token(value: unknown): string {
  if (Array.isArray(value)) return "START_ARRAY";
  switch (typeof value) {
    case "string":
      return "STRING_VALUE";
    case "number":
      return "NUMBER_VALUE";
    case "boolean":
      return value ? "TRUE_VALUE" : "FALSE_VALUE";
    default:
      return value === null ? "NULL_VALUE" : "START_OBJECT";
  }
}
