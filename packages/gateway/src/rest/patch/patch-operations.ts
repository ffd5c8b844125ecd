/**
 * `patchOperations` of the Update… operations. https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
 *
 * P1. All of a request is applied, or none of it: a draft is edited, and kept when every operation went well.
 * P2. Segments of a path are escaped as in JSON pointers: `~1` is `/`, `~0` is `~`.
 * P3. AWS words a wrong path in one of two ways, by the kind of resource; both are kept.
 */
import type { ServiceError } from "@tripline/kernel";
import { badRequest, enumConstraint, notFound, validationError } from "../../errors.ts";

/** One of them. */
export interface PatchOperation {
  op?: string;
  path?: string;
  value?: string;
  from?: string;
}

type Op = "add" | "remove" | "replace" | "copy";
type Run = (operation: PatchOperation, segments: string[]) => void;

/** What may be done at paths of one form: `/binaryMediaTypes/{type}`; a `{name}` is one segment, a `{name+}` one or more. */
export interface PatchRule {
  path: string;
  ops: Partial<Record<Op, Run>>;
}

/** How wrong paths and operations are worded (P3). */
export interface PatchErrors {
  unknownPath(operation: PatchOperation, rules: readonly PatchRule[]): ServiceError;
  unsupportedOp(operation: PatchOperation, rule: PatchRule): ServiceError;
}

const ops = ["add", "remove", "move", "test", "replace", "copy"];

/** Applies `operations`, in order, to what the rules edit. `input` names the operation: `updateRestApiInput`. */
export function applyPatch(
  input: string,
  operations: readonly PatchOperation[] | undefined,
  rules: readonly PatchRule[],
  errors: PatchErrors = shortErrors,
): void {
  checkOps(input, operations);
  for (const operation of operations ?? []) {
    const found = rules.map((rule) => [rule, match(rule.path, operation.path ?? "")] as const);
    const [rule, segments] = found.find(([, one]) => one !== undefined) ?? [];
    if (rule === undefined || segments === undefined) throw errors.unknownPath(operation, rules);
    const run = rule.ops[operation.op as Op];
    if (run === undefined) throw errors.unsupportedOp(operation, rule);
    run(operation, segments);
  }
}

/** Throws ValidationException for every `op` that is none; `more` are faults of other members. */
export function checkOps(
  input: string,
  operations: readonly PatchOperation[] | undefined,
  more: Parameters<typeof validationError>[0] = [],
): void {
  const faults = (operations ?? []).flatMap(({ op }, index) =>
    ops.includes(op ?? "")
      ? []
      : [{ value: op, at: `${input}.patchOperations.${index + 1}.member.op`, constraint: enumConstraint(ops) }],
  );
  if (faults.length + more.length > 0) throw validationError([...faults, ...more]);
}

/** `Invalid patch path /x`. */
export const shortErrors: PatchErrors = {
  unknownPath: ({ path }) => badRequest(`Invalid patch path ${path ?? "null"}`),
  unsupportedOp: (_operation, rule) =>
    badRequest(`Invalid patch operation specified. Must be one of: [${Object.keys(rule.ops).join(", ")}]`),
};

/** `Invalid patch path  '/x' specified for op 'replace'. Must be one of: [/name]`. */
export const listedErrors: PatchErrors = {
  unknownPath: ({ op, path }, rules) =>
    badRequest(
      `Invalid patch path  '${path ?? "null"}' specified for op '${op ?? ""}'. ${
        op === "replace"
          ? `Must be one of: [${rules.map((rule) => rule.path).join(", ")}]`
          : "Please choose supported operations"
      }`,
    ),
  unsupportedOp: ({ op, path }) =>
    badRequest(
      `Invalid patch path  '${path ?? "null"}' specified for op '${op ?? ""}'. Please choose supported operations`,
    ),
};

/** `/a/{b}` against `/a/x~1y` is [`x/y`]. */
function match(pattern: string, path: string): string[] | undefined {
  const source = pattern.replaceAll(/\{\w+(\+?)\}/g, (_whole, greedy: string) => (greedy === "" ? "([^/]*)" : "(.+)"));
  return new RegExp(`^${source}$`, "s").exec(path)?.slice(1).map(unescapeSegment);
}

/** P2 */
function unescapeSegment(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** What AWS reads as a boolean: `true` in any case; all else is false. */
export function toBoolean(value: string | undefined): boolean {
  return value?.toLowerCase() === "true";
}

/** `map` with or without a key; undefined where it is empty then. */
export function withEntry<Value>(
  map: Readonly<Record<string, Value>> | undefined,
  key: string,
  value: Value | undefined,
): Record<string, Value> | undefined {
  const next: Record<string, Value> = { ...map };
  if (value === undefined) delete next[key];
  else next[key] = value;
  return Object.keys(next).length === 0 ? undefined : next;
}

/** Sets a member, or takes it away where `value` is undefined. */
export function setMember<Target extends object, Key extends keyof Target>(
  target: Target,
  key: Key,
  value: Target[Key] | undefined,
): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}

/** The entries of a member that is a map: `/requestModels/{name}`. Throws NotFoundException with the text `missing` where an entry is replaced or removed that is not there. */
export function mapEntry<Member extends string, Value>(
  target: { [name in Member]?: Readonly<Record<string, NoInfer<Value>>> },
  member: Member,
  toValue: (text: string | undefined) => Value,
  missing?: string,
): PatchRule {
  const edit = (name: string, value: Value | undefined): void => {
    const next = withEntry(target[member], name, value);
    if (next === undefined) delete target[member];
    else target[member] = next;
  };
  const checkKnown = (name: string): void => {
    if (missing !== undefined && target[member]?.[name] === undefined) throw notFound(missing);
  };
  return {
    path: `/${member}/{name}`,
    ops: {
      add: ({ value }, [name = ""]) => {
        edit(name, toValue(value));
      },
      replace: ({ value }, [name = ""]) => {
        const next = toValue(value);
        checkKnown(name);
        edit(name, next);
      },
      remove: (_one, [name = ""]) => {
        checkKnown(name);
        edit(name, undefined);
      },
    },
  };
}
