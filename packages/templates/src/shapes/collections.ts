/** Lists, maps and objects. */
import { isSimulatorError, suggest } from "@tripline/kernel";
import { invalid } from "../read/errors.ts";
import type { MapNode, TemplateNode } from "../read/template-node.ts";
import { wrongKind } from "./scalars.ts";
import type { HonouredProperty, Properties, PropertyTable, ReadContext, Shape } from "./shape.ts";

/** A list; with `orSingle`, one value stands for a list of one. */
export function list<T>(item: Shape<T>, options: { orSingle?: boolean } = {}): Shape<T[]> {
  return {
    noun: "a list",
    example: `[${item.example}]`,
    ...(item.properties === undefined ? {} : { properties: item.properties }),
    read(node, path, context) {
      const items = node.kind === "list" ? node.items : options.orSingle === true ? [node] : undefined;
      if (items === undefined) throw wrongKind(this, node, path, context);
      return items.flatMap((one, index) => {
        const resolved = context.resolver.resolve(one);
        return resolved === undefined
          ? []
          : [item.read(resolved, node.kind === "list" ? `${path}[${index}]` : path, context)];
      });
    },
  };
}

/** A map of names that the user chooses. */
export function map<T>(value: Shape<T>): Shape<Record<string, T>> {
  return {
    noun: "a map",
    example: `{ Name: ${value.example} }`,
    read(node, path, context) {
      if (node.kind !== "map") throw wrongKind(this, node, path, context);
      const result: Record<string, T> = {};
      for (const [key, entry] of node.entries) {
        const resolved = context.resolver.resolve(entry.value);
        if (resolved !== undefined) result[key] = value.read(resolved, `${path}.${key}`, context);
      }
      return result;
    },
  };
}

/** A map of known properties. */
export function object<P extends PropertyTable>(properties: P): Shape<Properties<P>> {
  return {
    noun: "a map",
    example: `{ ${Object.keys(properties)[0] ?? ""}: … }`,
    properties,
    read(node, path, context) {
      if (node.kind !== "map") throw wrongKind(this, node, path, context);
      return readProperties(node, properties, path, context);
    },
  };
}

/** Reads `node` by `table`; reports what is not honoured (S2). */
export function readProperties<P extends PropertyTable>(
  node: MapNode,
  table: P,
  path: string,
  context: ReadContext,
): Properties<P> {
  const inside = (key: string): string => (path === "" ? key : `${path}.${key}`);
  const result: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) {
    const property = Object.hasOwn(table, key) ? table[key] : undefined;
    if (property?.treatment === "honoured") {
      if (property.otherwise !== undefined && !isComputable(entry.value, context)) {
        context.withoutLocalEffect(inside(key), property.otherwise);
        continue;
      }
      const value = readProperty(entry.value, property, inside(key), context);
      if (value !== undefined) result[key] = value;
    } else if (property?.treatment === "withoutLocalEffect") {
      context.withoutLocalEffect(inside(key), property.reason);
    } else {
      context.unsupported(inside(key), entry.place, property?.reason ?? unknownProperty(key, table));
    }
  }
  for (const [key, property] of Object.entries(table)) {
    if (property.treatment !== "honoured" || !property.required || key in result) continue;
    throw invalid(
      node.place,
      `${context.logicalId} (${context.type}) has no ${inside(key)}.`,
      `Add ${inside(key)}: ${property.shape.noun}${property.shape.example === "" ? "" : `, such as ${property.shape.example}`}.`,
    );
  }
  return result as Properties<P>;
}

function isComputable(node: TemplateNode, { resolver }: ReadContext): boolean {
  try {
    resolver.resolveDeep(node);
    return true;
  } catch (error) {
    if (isSimulatorError(error)) return false;
    throw error;
  }
}

function readProperty(
  node: TemplateNode,
  { shape }: HonouredProperty<unknown, boolean>,
  path: string,
  context: ReadContext,
): unknown {
  const resolved = context.resolver.resolve(node);
  return resolved === undefined ? undefined : shape.read(resolved, path, context);
}

function unknownProperty(key: string, table: PropertyTable): string {
  const nearest = suggest(key, Object.keys(table));
  return nearest === undefined ? "This property is not known." : `This property is not known. Did you mean ${nearest}?`;
}
