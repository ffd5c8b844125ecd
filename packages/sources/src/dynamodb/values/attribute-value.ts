/**
 * Attribute values: what they are, what makes them valid, and how AWS counts their size.
 *
 * A1. A checked value is as it is stored: numbers are normalised, so equal values are equal texts (sets but for their order).
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
import { invalidParameter, validation } from "../errors.ts";
import { nestingMax } from "../limits.ts";
import { normaliseNumber } from "./decimal.ts";

/** One member is set. */
export interface AttributeValue {
  S?: string;
  N?: string;
  B?: Uint8Array;
  SS?: string[];
  NS?: string[];
  BS?: Uint8Array[];
  M?: Record<string, AttributeValue>;
  L?: AttributeValue[];
  NULL?: boolean;
  BOOL?: boolean;
}

export type AttributeType = "S" | "N" | "B" | "SS" | "NS" | "BS" | "M" | "L" | "NULL" | "BOOL";

/** Attributes by name. */
export type Item = Record<string, AttributeValue>;

const types: ReadonlySet<string> = new Set(["S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"]);

/** The type of a checked value. */
export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType;
  throw validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
}

/** The value checked, in place (A1). Throws ValidationException. */
export function checkValue(value: AttributeValue, depth = 1): AttributeValue {
  let type: string | undefined;
  for (const name in value) {
    if (value[name as AttributeType] === undefined || !types.has(name)) continue;
    if (type !== undefined) {
      throw validation(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
      );
    }
    type = name;
  }
  switch (type) {
    case undefined:
      throw validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
    case "N":
      value.N = normaliseNumber(value.N ?? "");
      return value;
    case "NULL":
      if (value.NULL !== true) throw invalidParameter("Null attribute value types must have the value of true");
      return value;
    case "SS":
      checkSet(value.SS ?? [], "SS", (text) => text);
      return value;
    case "NS":
      value.NS = (value.NS ?? []).map(normaliseNumber);
      checkSet(value.NS, "NS", (text) => text);
      return value;
    case "BS":
      checkSet(value.BS ?? [], "BS", toBase64);
      return value;
    case "L":
      checkDepth(depth);
      for (const one of value.L ?? []) checkValue(one ?? {}, depth + 1);
      return value;
    case "M":
      checkDepth(depth);
      for (const one of Object.values(value.M ?? {})) checkValue(one, depth + 1);
      return value;
    default:
      return value;
  }
}

/** Every attribute checked, in place. Throws ValidationException. */
export function checkItem(item: Item): Item {
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) checkValue(value);
  }
  return item;
}

function checkDepth(depth: number): void {
  if (depth <= nestingMax) return;
  throw validation(
    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
  );
}

const setNouns = { SS: "An string set  may not be empty", NS: "An number set  may not be empty" };

function checkSet<T>(items: readonly T[], type: "SS" | "NS" | "BS", toText: (item: T) => string): void {
  if (items.length === 0) {
    throw invalidParameter(type === "BS" ? "Binary sets should not be empty" : setNouns[type]);
  }
  const texts = items.map(toText);
  if (new Set(texts).size === texts.length) return;
  if (type === "NS") throw validation("Input collection contains duplicates");
  throw invalidParameter(
    `Input collection [${texts.join(", ")}]${type === "BS" ? "of type BS" : ""} contains duplicates.`,
  );
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Bytes of a text in UTF-8. */
function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}

/** Bytes that AWS counts for an item: its attributes' names and values. */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) bytes += utf8Bytes(name) + valueBytes(value);
  }
  return bytes;
}

/** Bytes that AWS counts for a checked value. */
export function valueBytes(value: AttributeValue): number {
  switch (typeOf(value)) {
    case "S":
      return utf8Bytes(value.S ?? "");
    case "N":
      return numberBytes(value.N ?? "");
    case "B":
      return value.B?.byteLength ?? 0;
    case "SS":
      return (value.SS ?? []).reduce((sum, one) => sum + utf8Bytes(one), 0);
    case "NS":
      return (value.NS ?? []).reduce((sum, one) => sum + numberBytes(one), 0);
    case "BS":
      return (value.BS ?? []).reduce((sum, one) => sum + one.byteLength, 0);
    case "L":
      return 3 + (value.L ?? []).reduce((sum, one) => sum + 1 + valueBytes(one), 0);
    case "M":
      return 3 + Object.keys(value.M ?? {}).length + itemBytes(value.M ?? {});
    default:
      return 1;
  }
}

/** One for every two digits, and one; one more where it is negative. */
function numberBytes(text: string): number {
  const isNegative = text.startsWith("-");
  const digits = text.replace(/^-?0*\.?0*|\./g, "").replace(/^0+/, "");
  const significant = text.includes(".") ? digits.length : digits.replace(/0+$/, "").length;
  return Math.ceil(significant / 2) + (isNegative ? 2 : 1);
}

/** Whether two checked values are the same; the order of sets does not count. */
export function areEqual(a: AttributeValue, b: AttributeValue): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  switch (type) {
    case "S":
    case "N":
    case "BOOL":
    case "NULL":
      return a[type] === b[type];
    case "B":
      return toBase64(a.B ?? new Uint8Array()) === toBase64(b.B ?? new Uint8Array());
    case "SS":
    case "NS":
      return areSameSets(a[type] ?? [], b[type] ?? []);
    case "BS":
      return areSameSets((a.BS ?? []).map(toBase64), (b.BS ?? []).map(toBase64));
    case "L": {
      const [left = [], right = []] = [a.L, b.L];
      return left.length === right.length && left.every((one, at) => areEqual(one, right[at] ?? { NULL: true }));
    }
    case "M":
      return areSameItems(a.M ?? {}, b.M ?? {});
  }
}

/** Whether two items have the same attributes with the same values. */
export function areSameItems(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [left, right] = [a[name], Object.hasOwn(b, name) ? b[name] : undefined];
      return left !== undefined && right !== undefined && areEqual(left, right);
    })
  );
}

function areSameSets(a: readonly string[], b: readonly string[]): boolean {
  const own = new Set(a);
  return a.length === b.length && b.every((one) => own.has(one));
}
