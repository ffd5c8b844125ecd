/**
 * Resolves intrinsic functions.
 *
 * I1. `resolve` works at the top of a node only: what a shape never looks at is never computed, so a function that is refused does
 *     no harm inside a property that has no effect here.
 * I2. A result carries the place of the function that made it, so an error names the line that the user wrote.
 * I3. `undefined` is `AWS::NoValue`: the key or item is left out.
 */
import { invalid } from "../read/errors.ts";
import { type MapEntry, type Place, type TemplateNode } from "../read/template-node.ts";
import { type Conditions } from "./conditions.ts";
import { intrinsicOf } from "./intrinsic.ts";
import { intrinsics, refusedIntrinsics } from "./table.ts";

/** What the names in a template stand for. Each throws `SIM_TEMPLATE_REFERENCE` for a name that it does not know. */
export interface Names {
  /** `!Ref name`: a parameter, a pseudo parameter or a resource. */
  ref(name: string, place: Place): TemplateNode | undefined;
  /** `!GetAtt logicalId.attribute` */
  attribute(logicalId: string, attribute: string, place: Place): string;
  /** `!FindInMap [map, first, second]`; `undefined` where the map has no such keys. */
  mapping(map: string, first: string, second: string, place: Place): TemplateNode | undefined;
  region: string;
}

/** See the module's header. */
export interface Resolver {
  readonly names: Names;
  readonly conditions: Conditions;
  /** The node with no function at its top. */
  resolve(node: TemplateNode): TemplateNode | undefined;
  /** The node with no function anywhere in it. */
  resolveDeep(node: TemplateNode): TemplateNode | undefined;
  /** The node as text. Throws `SIM_TEMPLATE_INVALID` where it is none; `what` begins the error. */
  text(node: TemplateNode, what: string): string;
}

/** See {@link Resolver}. */
export function createResolver(names: Names, conditions: Conditions): Resolver {
  const resolver: Resolver = {
    names,
    conditions,
    resolve(node) {
      let current: TemplateNode | undefined = node;
      while (current?.kind === "map") {
        const found = intrinsicOf(current);
        if (found === undefined) return current;
        const run = intrinsics[found.name];
        if (run === undefined) throw unknownFunction(found.name, current.place);
        const result = run({ ...found, node: current, resolver });
        current = result === undefined ? undefined : { ...result, place: current.place }; // I2
      }
      return current;
    },
    resolveDeep(node) {
      const top = resolver.resolve(node);
      if (top === undefined || top.kind === "scalar") return top;
      if (top.kind === "list") return { ...top, items: top.items.flatMap((item) => resolver.resolveDeep(item) ?? []) };
      const entries = new Map<string, MapEntry>();
      for (const [key, entry] of top.entries) {
        const value = resolver.resolveDeep(entry.value);
        if (value !== undefined) entries.set(key, { ...entry, value });
      }
      return { ...top, entries };
    },
    text(node, what) {
      const scalar = resolver.resolve(node);
      if (scalar?.kind !== "scalar" || scalar.value === null) throw notText(node.place, what);
      return scalar.text;
    },
  };
  return resolver;
}

function notText(place: Place, what: string): Error {
  return invalid(place, `${what} must be a text.`, "Write a text, or a function that gives one.");
}

function unknownFunction(name: string, place: Place): Error {
  const refusal = refusedIntrinsics[name.startsWith("Fn::ForEach") ? "Fn::ForEach" : name];
  if (refusal !== undefined) return invalid(place, `${name} is not simulated: ${refusal.why}`, refusal.next);
  return invalid(place, `There is no function ${name}.`, `Use one of ${Object.keys(intrinsics).join(", ")}.`);
}
