/**
 * What is known only when a resource is made: the number of a version. In a plan a text stands for it, and whoever applies the plan puts
 * the answer of the call in its place: in later calls, in removals, and in outputs.
 */

/** The text that stands for an attribute of what `logicalId` makes. */
export function madeValue(logicalId: string, attribute: string): string {
  return `<made.${logicalId}.${attribute}>`;
}

/** `value` with what was made in the place of what stands for it. A text that is nothing else becomes the value itself, a number say. */
export function withMadeValues<T>(value: T, made: ReadonlyMap<string, unknown>): T {
  return (made.size === 0 ? value : replace(value, made)) as T;
}

const stands = /<made\.[^>]*>/g;

function replace(value: unknown, made: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === "string") {
    if (made.has(value)) return made.get(value);
    return value.replace(stands, (text) => (made.has(text) ? String(made.get(text)) : text));
  }
  if (Array.isArray(value)) return value.map((one) => replace(one, made));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [String(replace(key, made)), replace(one, made)]),
  );
}
