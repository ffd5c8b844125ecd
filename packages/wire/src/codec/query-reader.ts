/**
 * Typed input from the fields of the AWS query protocol: `Attribute.1.Name=…&Attribute.1.Value=…`.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 *
 * Q1. Lists and maps are read by number, in number order; gaps are closed, as AWS does.
 * Q2. A flattened list or map is found under its own name, its XML name, or its item's: clients of different ages use different ones.
 * Q3. A field that names no member is refused by name, except those that carry the request itself.
 */
import type { MemberShape, Shape, StructureShape } from "../model/shape.ts";
import { notImplemented, serializationException } from "../wire-errors.ts";
import { parseText } from "./text-values.ts";

/** Fields by the parts of their names. */
interface Node {
  text?: string;
  readonly children: Map<string, Node>;
}

/** Fields that name the operation or sign the request. */
const requestFields: ReadonlySet<string> = new Set([
  "Action",
  "Version",
  "AWSAccessKeyId",
  "Expires",
  "SecurityToken",
  "Signature",
  "SignatureMethod",
  "SignatureVersion",
  "Timestamp",
]);

const depthMax = 32;

/** Reads the members of `shape` from `fields`. */
export function readQuery(shape: StructureShape | undefined, fields: URLSearchParams): Record<string, unknown> {
  const root = toTree(fields);
  for (const name of root.children.keys()) {
    if (requestFields.has(name) || /^x-amz-/i.test(name)) root.children.delete(name);
  }
  if (shape === undefined) {
    refuseUnread(root, "");
    return {};
  }
  return readStructure(shape, root, "");
}

function toTree(fields: URLSearchParams): Node {
  const root: Node = { children: new Map() };
  for (const [name, text] of fields) {
    const parts = name.split(".");
    if (parts.length > depthMax) throw serializationException(`${name} has too many parts.`);
    let node = root;
    for (const part of parts) {
      let child = node.children.get(part);
      if (child === undefined) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.text = text;
  }
  return root;
}

function readStructure(shape: StructureShape, node: Node, path: string): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const member of shape.members) {
    const key = keysOf(member).find((one) => node.children.has(one));
    const child = key === undefined ? undefined : node.children.get(key);
    if (key === undefined || child === undefined) continue;
    node.children.delete(key);
    read[member.name] = readValue(member.shape, child, `${path}${key}`, member.isFlattened);
  }
  refuseUnread(node, path); // Q3
  return read;
}

/** Q2 */
function keysOf(member: MemberShape): string[] {
  const names = [member.xmlName, member.name];
  if (member.isFlattened && member.shape.kind === "list") names.push(member.shape.itemName);
  return names.filter((name): name is string => name !== undefined);
}

function readValue(shape: Shape, node: Node, path: string, isFlattened: boolean): unknown {
  switch (shape.kind) {
    case "list": {
      const holder = isFlattened
        ? node
        : (node.children.get(shape.itemName ?? "member") ?? node.children.get("member") ?? node);
      return numbered(holder).map(([number, item]) => readValue(shape.item, item, `${path}.${number}`, false));
    }
    case "map": {
      const holder = isFlattened ? node : (node.children.get("entry") ?? node);
      const entries = numbered(holder).map(([number, entry]): [string, unknown] => {
        const key = (entry.children.get(shape.keyName) ?? entry.children.get("key"))?.text;
        const value = entry.children.get(shape.valueName) ?? entry.children.get("value");
        if (key === undefined || value === undefined) {
          throw serializationException(`${path}.${number} must have a ${shape.keyName} and a ${shape.valueName}.`);
        }
        return [key, readValue(shape.value, value, `${path}.${number}.${shape.valueName}`, false)];
      });
      return Object.fromEntries(entries);
    }
    case "structure":
      return readStructure(shape, node, `${path}.`);
    default:
      if (node.text === undefined) throw serializationException(`${path} must have a value.`);
      return parseText(shape, node.text);
  }
}

/** Q1 */
function numbered(node: Node): [number, Node][] {
  return Array.from(node.children, ([key, child]): [number, Node] => [Number(key), child])
    .filter(([number]) => Number.isInteger(number))
    .sort(([a], [b]) => a - b);
}

function refuseUnread(node: Node, path: string): void {
  for (const name of node.children.keys()) {
    throw notImplemented(`${path}${name} is not a parameter that this Tripline knows.`);
  }
}
