import { cycleError } from "./read/errors.ts";
import type { Place } from "./read/template-node.ts";

/** Something that comes after its dependencies. */
export interface Ordered {
  id: string;
  place: Place;
  /** Ids; those of nothing in the list are passed over. */
  dependencies: ReadonlySet<string>;
}

/** `items` with every dependency before what needs it, otherwise in the order given. Throws `SIM_TEMPLATE_CYCLE` naming the ring. */
export function inDependencyOrder<T extends Ordered>(items: readonly T[]): T[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const done = new Set<string>();
  const open: string[] = [];
  const result: T[] = [];
  const visit = (item: T): void => {
    if (done.has(item.id)) return;
    if (open.includes(item.id)) throw cycleError(item.place, [...open.slice(open.indexOf(item.id)), item.id]);
    open.push(item.id);
    for (const id of item.dependencies) {
      const dependency = byId.get(id);
      if (dependency !== undefined) visit(dependency);
    }
    open.pop();
    done.add(item.id);
    result.push(item);
  };
  for (const item of items) visit(item);
  return result;
}
