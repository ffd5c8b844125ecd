import { invalid } from "../read/errors.ts";
import type { ListNode, MapNode, TemplateNode } from "../read/template-node.ts";
import type { Resolver } from "./resolver.ts";

/** One use of an intrinsic function. */
export interface IntrinsicCall {
  /** `Ref`, `Fn::Sub`, … */
  name: string;
  argument: TemplateNode;
  /** The map that holds the function. */
  node: MapNode;
  resolver: Resolver;
}

/** Computes what a function stands for; `undefined` is `AWS::NoValue`. */
export type Intrinsic = (call: IntrinsicCall) => TemplateNode | undefined;

/** The function in a map, or `undefined` where it is a plain map. Throws where a function stands beside other keys. */
export function intrinsicOf(node: MapNode): { name: string; argument: TemplateNode } | undefined {
  for (const [name, entry] of node.entries) {
    if (name !== "Ref" && !name.startsWith("Fn::")) continue;
    if (name === "Ref" && node.entries.size > 1) return undefined; // a property that happens to be called Ref
    if (node.entries.size > 1) {
      throw invalid(entry.place, `${name} stands beside other keys.`, "A function is the only key of its map.");
    }
    return { name, argument: entry.value };
  }
  return undefined;
}

/** The argument as a list of `min` to `max` items, its own functions resolved. */
export function listArgument(
  { name, argument, resolver }: IntrinsicCall,
  min: number,
  max: number,
  example: string,
): ListNode {
  const list = resolver.resolve(argument);
  if (list?.kind !== "list" || list.items.length < min || list.items.length > max) {
    const count = min === max ? `${min}` : max === Infinity ? `at least ${min}` : `${min} to ${max}`;
    throw invalid(argument.place, `${name} takes a list of ${count} items.`, `Write it like ${example}.`);
  }
  return list;
}

/** An item of a list argument that must be a list itself, resolved; `AWS::NoValue` items are dropped. */
export function listItem({ name, resolver }: IntrinsicCall, node: TemplateNode): TemplateNode[] {
  const list = resolver.resolve(node);
  if (list?.kind !== "list")
    throw invalid(node.place, `${name} takes a list here.`, "Write a list, or a function that gives one.");
  return list.items.flatMap((item) => resolver.resolve(item) ?? []);
}
