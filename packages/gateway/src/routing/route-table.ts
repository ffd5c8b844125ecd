/**
 * Finds the route of a path: compiled once for each deployment, a tree of segments.
 *
 * R1. At each level a literal segment outranks `{name}`, and that `{name+}`; what leads nowhere is taken back.
 * R2. `{name+}` takes what is left of the path, which must not be empty; `{name}` takes one segment, which must not be empty either.
 * R3. With `fullFirst` (HTTP APIs) a route without `{name+}` outranks every route with one, wherever it branches off.
 */

/** A route, and the raw values of its path parameters, in the order of their names. */
export interface RouteMatch<Route> {
  route: Route;
  values: string[];
}

/** A compiled table. `accepts` tells whether a route will do for the request; one that will not is as if it were not there. */
export interface RouteTable<Route> {
  find(path: string, accepts: (candidates: readonly Route[]) => Route | undefined): RouteMatch<Route> | undefined;
}

interface Node<Route> {
  literals: Map<string, Node<Route>>;
  variable?: Node<Route>;
  /** Routes that end here. */
  routes: Route[];
  /** Routes whose `{name+}` begins here. */
  greedy: Route[];
}

/** Names of a path's parameters, in order: `/a/{id}/{rest+}` has `id` and `rest`. */
export function parameterNames(path: string): string[] {
  return Array.from(path.matchAll(/\{([^}+]+)\+?\}/g), (match) => match[1] ?? "");
}

/** Compiles `routes`; `pathOf` is a path with `{name}` and `{name+}`. */
export function createRouteTable<Route>(
  routes: readonly Route[],
  pathOf: (route: Route) => string,
  options: { fullFirst: boolean },
): RouteTable<Route> {
  const root: Node<Route> = newNode();
  for (const route of routes) insert(root, segmentsOf(pathOf(route)), route);
  return {
    find(path, accepts) {
      const segments = segmentsOf(path);
      const found = options.fullFirst ? search(root, segments, 0, accepts, false) : undefined;
      return found ?? search(root, segments, 0, accepts, true);
    },
  };
}

/** `/a/b` has two segments, `/a/` as well (the second is empty), `/` none. */
function segmentsOf(path: string): string[] {
  return path === "/" || path === "" ? [] : path.slice(1).split("/");
}

function newNode<Route>(): Node<Route> {
  return { literals: new Map(), routes: [], greedy: [] };
}

function insert<Route>(root: Node<Route>, segments: readonly string[], route: Route): void {
  let node = root;
  for (const segment of segments) {
    if (/^\{[^}]+\+\}$/.test(segment)) {
      node.greedy.push(route);
      return;
    }
    if (/^\{[^}]+\}$/.test(segment)) {
      node = node.variable ??= newNode();
      continue;
    }
    let next = node.literals.get(segment);
    if (next === undefined) node.literals.set(segment, (next = newNode()));
    node = next;
  }
  node.routes.push(route);
}

function search<Route>(
  node: Node<Route>,
  segments: readonly string[],
  depth: number,
  accepts: (candidates: readonly Route[]) => Route | undefined,
  withGreedy: boolean,
): RouteMatch<Route> | undefined {
  if (depth === segments.length) {
    const route = accepts(node.routes);
    return route === undefined ? undefined : { route, values: [] };
  }
  const segment = segments[depth] ?? "";
  const literal = node.literals.get(segment);
  if (literal !== undefined) {
    const found = search(literal, segments, depth + 1, accepts, withGreedy);
    if (found !== undefined) return found;
  }
  if (node.variable !== undefined && segment !== "") {
    const found = search(node.variable, segments, depth + 1, accepts, withGreedy);
    if (found !== undefined) {
      found.values.unshift(segment);
      return found;
    }
  }
  if (!withGreedy || node.greedy.length === 0) return undefined;
  const rest = segments.slice(depth).join("/");
  const route = rest === "" ? undefined : accepts(node.greedy);
  return route === undefined ? undefined : { route, values: [rest] };
}
