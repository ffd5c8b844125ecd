/**
 * Values as a mapping template sees them: those of Java, since templates print them, compare them and call their methods.
 *
 * J1. A whole number is a `number`, or a `bigint` where a double would lose digits; a fraction is a {@link JavaDouble}, which keeps `1.0` apart from `1`.
 * J2. A list from JSON prints as JSON; a list that a template made prints as `[a, b]`.
 * J3. A map prints as `{a=1, b=2}`, and keeps the order of its keys.
 * J4. Something that API Gateway's own objects do not have is {@link missing}: it prints as nothing, and equals both null and "".
 */

/** J1 */
export class JavaDouble {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  toString(): string {
    const { value } = this;
    if (Number.isNaN(value)) return "NaN";
    if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
    const size = Math.abs(value);
    if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
      const [digits = "", exponent = ""] = value.toExponential().split("e");
      return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
    }
    return Number.isInteger(value) ? `${value}.0` : String(value);
  }
}

/** J2 */
export class JavaList {
  readonly items: JavaValue[];
  readonly isJson: boolean;

  constructor(items: JavaValue[], isJson = false) {
    this.items = items;
    this.isJson = isJson;
  }
}

/** One of a map's entries, as `entrySet()` has them. */
export class JavaEntry {
  readonly map: Map<string, JavaValue>;
  readonly key: string;

  constructor(map: Map<string, JavaValue>, key: string) {
    this.map = map;
    this.key = key;
  }
}

/** An object of API Gateway's: `$input`, `$util`, `$context`. */
export interface HostObject {
  readonly isHost: true;
  /** A property; null where there is none. */
  get(name: string): JavaValue;
  /** A method's result; undefined where there is no such method. */
  call(name: string, args: readonly JavaValue[]): JavaValue | undefined;
  /** `#set($object.name = value)`; absent: nothing can be set. */
  set?(name: string, value: JavaValue): void;
  toString(): string;
}

/** J4 */
export const missing: unique symbol = Symbol("missing");

/** Anything that a template can hold. */
export type JavaValue =
  | null
  | string
  | boolean
  | number
  | bigint
  | JavaDouble
  | JavaList
  | JavaEntry
  | Map<string, JavaValue>
  | HostObject
  | typeof missing;

export function isHost(value: JavaValue): value is HostObject {
  return typeof value === "object" && value !== null && "isHost" in value;
}

/** Whether a reference to it prints as it is written, or as nothing. */
export function isNothing(value: JavaValue): value is null | typeof missing {
  return value === null || value === missing;
}

/** As Java's `toString` prints it. */
export function printJava(value: JavaValue): string {
  if (value === null) return "null";
  if (value === missing) return "";
  if (value instanceof JavaList) return value.isJson ? toJson(value) : `[${value.items.map(printJava).join(", ")}]`; // J2
  if (value instanceof Map) return `{${Array.from(value, ([key, one]) => `${key}=${printJava(one)}`).join(", ")}}`; // J3
  if (value instanceof JavaEntry) return `${value.key}=${printJava(value.map.get(value.key) ?? null)}`;
  return String(value);
}

/** As JSON. */
export function toJson(value: JavaValue): string {
  if (value === null || value === missing) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof JavaList) return `[${value.items.map(toJson).join(",")}]`;
  if (value instanceof Map)
    return `{${Array.from(value, ([key, one]) => `${JSON.stringify(key)}:${toJson(one)}`).join(",")}}`;
  if (
    typeof value === "boolean" ||
    typeof value === "number" ||
    typeof value === "bigint" ||
    value instanceof JavaDouble
  )
    return String(value);
  return JSON.stringify(printJava(value));
}

/** The number, or undefined. */
export function toNumber(value: JavaValue): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return value instanceof JavaDouble ? value.value : undefined;
}

/** `==` of Velocity: numbers by value, the same kind by content, different kinds by what they print. */
export function equalsJava(left: JavaValue, right: JavaValue): boolean {
  if (left === missing || right === missing) {
    const other = left === missing ? right : left;
    return other === null || other === "" || other === missing; // J4
  }
  if (left === null || right === null) return left === right;
  const [a, b] = [toNumber(left), toNumber(right)];
  if (a !== undefined && b !== undefined) return a === b;
  return left === right || printJava(left) === printJava(right);
}

/** Only null and false are false. */
export function isTrue(value: JavaValue): boolean {
  return typeof value === "boolean" ? value : !isNothing(value);
}

/** A whole number in the smallest form that holds it. */
export function toInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** From what JSON.parse makes. */
export function fromPlain(value: unknown): JavaValue {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return new JavaList(value.map(fromPlain), true);
  if (typeof value === "object") return new Map(Object.entries(value).map(([key, one]) => [key, fromPlain(one)]));
  if (typeof value === "number") return Number.isInteger(value) ? value : new JavaDouble(value);
  return typeof value === "string" || typeof value === "boolean" || typeof value === "bigint" ? value : null;
}
