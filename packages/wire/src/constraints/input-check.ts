/**
 * Whether input holds to the model: what must be set is, and lengths, ranges, patterns and enums are kept. The texts are AWS's.
 *
 * K1. Violations are told all at once, in the model's order; of one member: pattern, then bounds, then enum.
 * K2. Items of a list of texts or numbers, and keys and values of a map, are told as one violation of the whole.
 * K3. API Gateway names members of the body `createRestApiInput.…`, and tells them before those of the path.
 * K5. The path is one list, grown and shrunk on the way; it becomes text where a rule is broken.
 * K4. What operations check in AWS's own other words is left to them: `ownChecks` by member, `ownPatterns` by pattern.
 */
import type { PathStep } from "../codec/required-members.ts";
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import type { Shape, StructureShape } from "../model/shape.ts";
import type { ConstraintTable, ShapeConstraints } from "./constraint-table.ts";
import { listedEnum } from "./enum-order.ts";
import { toMemberPath, toValueText } from "./violation-text.ts";

/** The violations of `input`, such as `Value '0' at 'timeout' failed to satisfy constraint: Member must …`. */
export type InputCheck = (input: Readonly<Record<string, unknown>>) => string[];

/** Service -> members (by name) that its operations check themselves, as AWS's answers differ from the general text. */
const ownChecks: Readonly<Record<string, ReadonlySet<string>>> = {
  // 64, 140 or 170 characters, and ARNs of other shapes, by operation.
  lambda: new Set(["FunctionName"]),
};

/** Service -> patterns of which AWS says in plain words what they ask for. */
const ownPatterns: Readonly<Record<string, ReadonlySet<string>>> = {
  // "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
  iam: new Set(["[\\w+=,.@-]+", "(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)"]),
};

/** The check of one operation. */
export function createInputCheck(model: ServiceModel, operation: OperationModel): InputCheck {
  const { input } = operation;
  if (input === undefined) return () => [];
  const table: ConstraintTable = model.constraints ?? { inputs: {}, shapes: {} };
  const root = table.shapes[table.inputs[operation.name] ?? ""];
  const walker = new Walker(model, table);
  if (model.id !== "apigateway") {
    return (given) => {
      const violations: string[] = [];
      walker.walk(input, root, given, [], violations);
      return violations;
    };
  }
  const prefix = `${operation.name.charAt(0).toLowerCase()}${operation.name.slice(1)}Input`;
  return (given) => {
    const inBody: string[] = [];
    const elsewhere: string[] = [];
    for (const member of input.members) {
      const isInBody = member.http.in === "body"; // K3
      const path = isInBody ? [prefix, member.name] : [member.name];
      walker.member(
        member.shape,
        member.isRequired,
        root?.m?.[member.name],
        given[member.name],
        path,
        isInBody ? inBody : elsewhere,
      );
    }
    return [...inBody, ...elsewhere];
  };
}

class Walker {
  readonly #table: ConstraintTable;
  readonly #own: ReadonlySet<string>;
  readonly #ownPatterns: ReadonlySet<string>;
  readonly #listTail: string;

  constructor(model: ServiceModel, table: ConstraintTable) {
    this.#table = table;
    this.#own = ownChecks[model.id] ?? new Set();
    this.#ownPatterns = ownPatterns[model.id] ?? new Set();
    this.#listTail = model.id === "lambda" ? ", Member must not be null" : "";
  }

  walk(
    shape: StructureShape,
    constraints: ShapeConstraints | undefined,
    given: Readonly<Record<string, unknown>>,
    path: PathStep[],
    into: string[],
  ): void {
    for (const member of shape.members) {
      const value = given[member.name];
      if (value === undefined && !member.isRequired) continue;
      const named = constraints?.m?.[member.name];
      path.push(member.name);
      this.member(member.shape, member.isRequired, named, value, path, into);
      path.pop();
    }
  }

  member(
    shape: Shape,
    isRequired: boolean,
    named: string | undefined,
    value: unknown,
    path: PathStep[],
    into: string[],
  ): void {
    if (value === undefined || value === null) {
      if (isRequired)
        into.push(`Value null at '${toMemberPath(path)}' failed to satisfy constraint: Member must not be null`);
      return;
    }
    this.#value(shape, this.#constraintsOf(named), value, path, into);
  }

  #constraintsOf(named: string | undefined): ShapeConstraints | undefined {
    const constraints = named === undefined ? undefined : this.#table.shapes[named];
    if (constraints?.pattern === undefined || this.#ownPatterns.size === 0) return constraints;
    if (!this.#ownPatterns.has(constraints.pattern)) return constraints;
    const { pattern: _own, ...others } = constraints;
    return others;
  }

  #value(
    shape: Shape,
    constraints: ShapeConstraints | undefined,
    value: unknown,
    path: PathStep[],
    into: string[],
  ): void {
    if (constraints !== undefined && (this.#own.size === 0 || !this.#own.has(String(path.at(-1))))) {
      for (const broken of brokenConstraints(constraints, value))
        into.push(violation(constraints, value, path, broken));
    }
    switch (shape.kind) {
      case "structure":
        if (typeof value === "object") {
          this.walk(shape, constraints, value as Readonly<Record<string, unknown>>, path, into);
        }
        break;
      case "list":
        if (Array.isArray(value)) this.#items(shape.item, constraints, value, path, into);
        break;
      case "map":
        this.#entries(shape.value, constraints, value as Readonly<Record<string, unknown>>, path, into);
        break;
      default:
        break;
    }
  }

  #items(
    shape: Shape,
    list: ShapeConstraints | undefined,
    items: readonly unknown[],
    path: PathStep[],
    into: string[],
  ): void {
    const constraints = this.#constraintsOf(list?.l);
    if (holdsMembers(shape)) {
      for (const [index, item] of items.entries()) {
        if (item === null) continue;
        path.push(index + 1);
        this.#value(shape, constraints, item, path, into);
        path.pop();
      }
    } else if (
      constraints !== undefined &&
      items.some((item) => item !== null && brokenConstraints(constraints, item).length > 0)
    ) {
      const rules = `Member must satisfy constraint: [${describe(constraints).join(", ")}${this.#listTail}]`;
      into.push(violation(constraints, items, path, rules)); // K2
    }
  }

  #entries(
    shape: Shape,
    map: ShapeConstraints | undefined,
    entries: Readonly<Record<string, unknown>>,
    path: PathStep[],
    into: string[],
  ): void {
    const keys = this.#constraintsOf(map?.k);
    if (keys !== undefined && Object.keys(entries).some((key) => brokenConstraints(keys, key).length > 0)) {
      into.push(
        violation(
          this.#constraintsOf(map?.v),
          entries,
          path,
          `Map keys must satisfy constraint: [${describe(keys).join(", ")}]`,
        ),
      );
    }
    const values = this.#constraintsOf(map?.v);
    if (holdsMembers(shape)) {
      for (const key in entries) {
        path.push(key, "member");
        this.#value(shape, values, entries[key], path, into);
        path.length -= 2;
      }
    } else if (
      values !== undefined &&
      Object.values(entries).some((value) => brokenConstraints(values, value).length > 0)
    ) {
      const rules = [...describe(values), ...(this.#listTail === "" ? [] : ["Member must not be null"])];
      into.push(violation(values, entries, path, `Map value must satisfy constraint: [${rules.join(", ")}]`));
    }
  }
}

function violation(
  constraints: ShapeConstraints | undefined,
  value: unknown,
  path: readonly PathStep[],
  rule: string,
): string {
  const text = toValueText(value, constraints?.f === 1);
  return `Value '${text}' at '${toMemberPath(path)}' failed to satisfy constraint: ${rule}`;
}

function holdsMembers({ kind }: Shape): boolean {
  return kind === "structure" || kind === "list" || kind === "map";
}

/** K1: the rules that `value` breaks. */
function brokenConstraints(constraints: ShapeConstraints, value: unknown): string[] {
  const { min, max, pattern } = constraints;
  const broken: string[] = [];
  const isBounded = min !== undefined || max !== undefined;
  const size = typeof value === "number" ? value : isBounded ? sizeOf(value) : undefined;
  const isTooLong = max !== undefined && size !== undefined && size > max;
  if (pattern !== undefined && typeof value === "string" && !(isTooLong && value.length > patternCharactersMax)) {
    if (!patternOf(pattern).test(value)) broken.push(patternRule(pattern));
  }
  if (min !== undefined && size !== undefined && size < min) broken.push(boundRule(constraints, value, "greater", min));
  if (isTooLong) broken.push(boundRule(constraints, value, "less", max));
  if (constraints.enum !== undefined && typeof value === "string" && !constraints.enum.includes(value))
    broken.push(enumRule(constraints.enum));
  return broken;
}

/** A text that is too long anyway is not matched when it is long enough to take its time. */
const patternCharactersMax = 10_000;

/** All rules of an item, as AWS lists them. */
function describe(constraints: ShapeConstraints): string[] {
  const { min, max, pattern } = constraints;
  const sample = constraints.f === 1 ? 0 : "";
  return [
    ...(max === undefined ? [] : [boundRule(constraints, sample, "less", max)]),
    ...(min === undefined ? [] : [boundRule(constraints, sample, "greater", min)]),
    ...(pattern === undefined ? [] : [patternRule(pattern)]),
    ...(constraints.enum === undefined ? [] : [enumRule(constraints.enum)]),
  ];
}

function boundRule({ f }: ShapeConstraints, value: unknown, than: "greater" | "less", bound: number): string {
  const what = typeof value === "number" ? "value" : "length";
  return `Member must have ${what} ${than} than or equal to ${toValueText(bound, f === 1)}`;
}

function patternRule(pattern: string): string {
  return `Member must satisfy regular expression pattern: ${pattern}`;
}

function enumRule(values: readonly string[]): string {
  return `Member must satisfy enum value set: [${listedEnum(values).join(", ")}]`;
}

/** Of text in characters, of bytes, items and entries. Undefined for structures. */
function sizeOf(value: unknown): number | undefined {
  if (typeof value === "string") return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.length;
  if (typeof value !== "object" || value === null || value instanceof Date) return undefined;
  return Object.keys(value).length;
}

const patterns = new Map<string, RegExp>();

/** Java's patterns match the whole text. */
function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const whole = `^(?:${pattern})$`;
  let compiled: RegExp;
  try {
    compiled = new RegExp(whole, "u");
  } catch {
    compiled = new RegExp(whole); // `[\w+=,.@-]`-like classes that the stricter grammar refuses
  }
  patterns.set(pattern, compiled);
  return compiled;
}
