/** Parts of a document, whose types nobody vouches for. */

/** A map of a document. */
export type Node = Record<string, unknown>;

/** Whether it is a map. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** It, or an empty map. */
export function node(value: unknown): Node {
  return isNode(value) ? value : {};
}

/** It, or nothing. */
export function list(value: unknown): Node[] {
  return Array.isArray(value) ? (value as Node[]) : [];
}

/** A text or a number as text. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}

/** Members that are texts. */
export function copied<Name extends string>(given: Node, names: readonly Name[]): Partial<Record<Name, string>> {
  const entries = names.flatMap((name) => (typeof given[name] === "string" ? [[name, given[name]] as const] : []));
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}

/** The same in upper case, as the API spells enums. */
export function upper<Name extends string>(given: Node, names: readonly Name[]): Partial<Record<Name, string>> {
  return Object.fromEntries(
    Object.entries(copied(given, names)).map(([name, value]) => [name, (value as string).toUpperCase()]),
  ) as Partial<Record<Name, string>>;
}

/** Its texts. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
