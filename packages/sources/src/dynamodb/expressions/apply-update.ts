/**
 * What an update makes of an item.
 *
 * W1. Every value is computed from the item as it was; then SET, ADD and DELETE are done, and REMOVE last, from the highest position of a
 *     list to the lowest, so that no removal moves what another means.
 * W2. The item that is given is not changed: what lies on the way of a path is copied.
 */
import { validation } from "../errors.ts";
import { type AttributeValue, type Item, toBase64, typeOf } from "../values/attribute-value.ts";
import { addNumbers, subtractNumbers } from "../values/decimal.ts";
import { childOf, setMember, valueAt } from "./document-path.ts";
import type { Path, SetValue, UpdateAction } from "./syntax.ts";

/** Throws ValidationException. */
export function applyUpdate(item: Item, actions: readonly UpdateAction[]): Item {
  const root: AttributeValue = { M: { ...item } };
  const computed = actions.map((action) => compute(action, item));
  const owned = new Set<AttributeValue>([root]);
  for (const [at, action] of actions.entries()) {
    if (action.kind === "remove") continue;
    const value = computed[at];
    if (value === null) remove(root, action.path, owned);
    else if (value !== undefined) set(root, action.path, value, owned);
  }
  const removals = actions.filter(({ kind }) => kind === "remove").map(({ path }) => path);
  for (const path of removals.sort(byLastPosition)) remove(root, path, owned);
  return root.M ?? {};
}

function byLastPosition(a: Path, b: Path): number {
  const [left, right] = [a.at(-1), b.at(-1)];
  return typeof left === "number" && typeof right === "number" ? right - left : 0;
}

/** The new value; null: the attribute goes; undefined: it stays as it is. */
function compute(action: UpdateAction, item: Item): AttributeValue | null | undefined {
  switch (action.kind) {
    case "set":
      return evaluate(action.value, item);
    case "remove":
      return null;
    case "add":
      return added(valueAt(item, action.path), action.value);
    case "append": {
      const before = valueAt(item, action.path);
      if (action.value.L === undefined) return added(before, action.value);
      if (before !== undefined && before.L === undefined) throw wrongType();
      return { L: [...(before?.L ?? []), ...action.value.L] };
    }
    case "delete":
      return without(valueAt(item, action.path), action.value);
  }
}

function evaluate(value: SetValue, item: Item): AttributeValue {
  switch (value.kind) {
    case "value":
      return value.value;
    case "path": {
      const found = valueAt(item, value.path);
      if (found === undefined) {
        throw validation("The provided expression refers to an attribute that does not exist in the item");
      }
      return found;
    }
    case "size":
      throw wrongType();
    case "ifNotExists":
      return valueAt(item, value.path) ?? evaluate(value.otherwise, item);
    case "listAppend": {
      const [first, second] = [evaluate(value.first, item), evaluate(value.second, item)];
      if (first.L === undefined || second.L === undefined) throw wrongType();
      return { L: [...first.L, ...second.L] };
    }
    case "plus":
    case "minus": {
      const [left, right] = [evaluate(value.left, item), evaluate(value.right, item)];
      if (left.N === undefined || right.N === undefined) throw wrongType();
      return { N: value.kind === "plus" ? addNumbers(left.N, right.N) : subtractNumbers(left.N, right.N) };
    }
  }
}

function added(before: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (before === undefined) return value;
  if (typeOf(before) !== typeOf(value)) throw wrongType();
  if (before.N !== undefined) return { N: addNumbers(before.N, value.N ?? "0") };
  if (before.SS !== undefined) return { SS: union(before.SS, value.SS ?? [], (text) => text) };
  if (before.NS !== undefined) return { NS: union(before.NS, value.NS ?? [], (text) => text) };
  if (before.BS !== undefined) return { BS: union(before.BS, value.BS ?? [], toBase64) };
  throw wrongType();
}

function union<T>(a: readonly T[], b: readonly T[], keyOf: (item: T) => string): T[] {
  const own = new Set(a.map(keyOf));
  return [...a, ...b.filter((one) => !own.has(keyOf(one)))];
}

function without(before: AttributeValue | undefined, value: AttributeValue): AttributeValue | null | undefined {
  if (before === undefined) return undefined;
  if (typeOf(before) !== typeOf(value)) throw wrongType();
  const { SS, NS, BS } = before;
  if (SS !== undefined)
    return orNone(
      "SS",
      SS.filter((one) => value.SS?.includes(one) !== true),
    );
  if (NS !== undefined)
    return orNone(
      "NS",
      NS.filter((one) => value.NS?.includes(one) !== true),
    );
  const gone = new Set((value.BS ?? []).map(toBase64));
  return orNone(
    "BS",
    (BS ?? []).filter((one) => !gone.has(toBase64(one))),
  );
}

/** A set that is empty is no attribute. */
function orNone(type: "SS" | "NS" | "BS", items: readonly unknown[]): AttributeValue | null {
  return items.length === 0 ? null : { [type]: items };
}

function wrongType(): Error {
  return validation("An operand in the update expression has an incorrect data type");
}

function invalidPath(): Error {
  return validation("The document path provided in the update expression is invalid for update");
}

/** The container of what the path leads to, copied on the way (W2). Throws ValidationException where there is none. */
function containerOf(root: AttributeValue, path: Path, owned: Set<AttributeValue>): AttributeValue {
  let at = root;
  for (const step of path.slice(0, -1)) {
    let child = childOf(at, step);
    if (child === undefined) throw invalidPath();
    if (!owned.has(child)) {
      child = child.L !== undefined ? { L: [...child.L] } : child.M !== undefined ? { M: { ...child.M } } : child;
      owned.add(child);
      put(at, step, child);
    }
    at = child;
  }
  const last = path.at(-1);
  if (typeof last === "number" ? at.L === undefined : at.M === undefined) throw invalidPath();
  return at;
}

function put(container: AttributeValue, step: string | number, value: AttributeValue): void {
  if (typeof step === "string") setMember(container.M ?? {}, step, value);
  else if (container.L !== undefined) {
    if (step < container.L.length) container.L[step] = value;
    else container.L.push(value); // beyond the end: appended
  }
}

function set(root: AttributeValue, path: Path, value: AttributeValue, owned: Set<AttributeValue>): void {
  const last = path.at(-1);
  if (last !== undefined) put(containerOf(root, path, owned), last, value);
}

function remove(root: AttributeValue, path: Path, owned: Set<AttributeValue>): void {
  const container = containerOf(root, path, owned);
  const last = path.at(-1);
  if (typeof last === "number") container.L?.splice(last, 1);
  else if (last !== undefined && container.M !== undefined) Reflect.deleteProperty(container.M, last);
}
