/**
 * Typed input from a parsed JSON document.
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

/** Reads the members of `shape` from `value`; `path` is where it stands, for errors. */
export function readJsonStructure(shape: StructureShape, value: unknown, path = ""): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw mismatch(value, "a Structure");
  const read: Record<string, unknown> = {};
  const source = value as Record<string, unknown>;
  for (const name in source) {
    const member = shape.byName.get(name);
    const given = source[name];
    if (member === undefined) {
      if (name === "__type") continue;
      throw notImplemented(`${path}${name} is not a parameter that this Tripline knows in ${shape.name}.`); // J3
    }
    if (given === null || given === undefined) continue; // J2
    read[name] = readJson(member.shape, given, path, name);
  }
  return read;
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
      if (typeof value !== "string") throw mismatch(value, "a Blob");
      return parseBase64(value);
    case "document":
      return value;
    case "list": {
      if (!Array.isArray(value)) throw mismatch(value, "a Collection");
      return value.map((item: unknown) => (item === null ? item : readJson(shape.item, item, path, name)));
    }
    case "map": {
      if (typeof value !== "object" || Array.isArray(value)) throw mismatch(value, "a Map");
      const entries = Object.entries(value as Record<string, unknown>).filter(([, one]) => one !== null);
      return Object.fromEntries(entries.map(([key, one]) => [key, readJson(shape.value, one, path, name)]));
    }
    case "structure":
      return readJsonStructure(shape, value, `${path}${name}.`);
  }
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
