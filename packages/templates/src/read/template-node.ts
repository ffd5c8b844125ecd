/** A template as a tree whose every node knows its line. Short tags are already written out: `!Ref A` is `{ Ref: A }`. */

/** Where something is written. */
export interface Place {
  file: string;
  /** Counts from 1; 0 where the template is an object and not a file. */
  line: number;
  /** Keys from the root, joined by dots; shown where there is no line. */
  path: string;
}

/** A text, number, boolean or null. */
export interface ScalarNode {
  kind: "scalar";
  value: string | number | boolean | null;
  /** As AWS would see it where it wants text: a number as it is written, `true` or `false`. */
  text: string;
  place: Place;
}

/** A list. */
export interface ListNode {
  kind: "list";
  items: readonly TemplateNode[];
  place: Place;
}

/** One key of a map. */
export interface MapEntry {
  /** Of the key. */
  place: Place;
  value: TemplateNode;
}

/** A map. */
export interface MapNode {
  kind: "map";
  entries: ReadonlyMap<string, MapEntry>;
  place: Place;
}

/** Any node. */
export type TemplateNode = ScalarNode | ListNode | MapNode;

/** A scalar of text. */
export function textNode(text: string, place: Place): ScalarNode {
  return { kind: "scalar", value: text, text, place };
}

/** A list. */
export function listNode(items: readonly TemplateNode[], place: Place): ListNode {
  return { kind: "list", items, place };
}

/** A map of one entry, as intrinsic functions are. */
export function singleEntryNode(key: string, value: TemplateNode, place: Place): MapNode {
  return { kind: "map", entries: new Map([[key, { place, value }]]), place };
}

/** The value of a key, or `undefined`. */
export function valueOf(map: MapNode | undefined, key: string): TemplateNode | undefined {
  return map?.entries.get(key)?.value;
}

/** `file:line`, or the path where there is no line. */
export function toWhere({ file, line, path }: Place): string {
  return line > 0 ? `${file}:${line}` : path;
}

/** The node as a plain value: numbers and booleans as they are written. */
export function toPlain(node: TemplateNode): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(toPlain);
    case "map":
      return Object.fromEntries(Array.from(node.entries, ([key, entry]) => [key, toPlain(entry.value)]));
  }
}

/** What the node is, for error texts: `the text "ten"`, `a list`. */
export function describeNode(node: TemplateNode): string {
  if (node.kind === "list") return "a list";
  if (node.kind === "map") return "a map";
  if (node.value === null) return "empty";
  return typeof node.value === "string" ? `the text ${JSON.stringify(node.text)}` : node.text;
}
