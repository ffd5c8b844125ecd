/** What a path leads to in an item. */
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import type { Path } from "./syntax.ts";

/** Undefined where there is nothing. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value: AttributeValue | undefined = { M: item };
  for (const step of path) {
    value = childOf(value, step);
    if (value === undefined) return undefined;
  }
  return value;
}

export function childOf(value: AttributeValue, step: string | number): AttributeValue | undefined {
  if (typeof step === "number") return value.L?.[step];
  return value.M !== undefined && Object.hasOwn(value.M, step) ? value.M[step] : undefined;
}

/** Sets a member by definition: a name may be `__proto__`. */
export function setMember<T>(members: Record<string, T>, name: string, value: T): void {
  Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true });
}
