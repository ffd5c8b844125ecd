import type { EventValue } from "./match-expression.ts";

/**
 * The values that an event has at `path`, whose parts are joined by dots: a key `a.b` and a key `b` inside `a` are the same place.
 * Lists stand for each of their elements. An object in the place is no value.
 */
export function valuesAt(event: unknown, path: string): EventValue[] {
  const found: EventValue[] = [];
  collect(event, path, found);
  return found;
}

function collect(value: unknown, path: string, found: EventValue[]): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const element of value) collect(element, path, found);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (key === path) collectLeaf(inner, found);
    else if (path.startsWith(key) && path.charAt(key.length) === ".") collect(inner, path.slice(key.length + 1), found);
  }
}

function collectLeaf(value: unknown, found: EventValue[]): void {
  if (Array.isArray(value)) {
    for (const element of value) collectLeaf(element, found);
  } else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null) {
    found.push(value);
  }
}
