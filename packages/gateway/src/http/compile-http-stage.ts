import { createRouteTable, parameterNames, type RouteTable } from "../routing/route-table.ts";
import { type HttpRoute, type HttpStage, splitRouteKey } from "./http-api.ts";
import { compileIntegration, type Integrate } from "./integrations/compile-integration.ts";
import type { HttpServing } from "./serve-http-api.ts";

/** A route, taken apart. */
export interface CompiledRoute extends HttpRoute {
  /** `ANY` for every method. */
  method: string;
  /** `/orders/{id}`, or `$default`. */
  path: string;
  /** Of the path's parameters, in order. */
  names: readonly string[];
  integrate: Integrate;
}

/** What a stage serves, compiled once for each deployment. */
export interface CompiledHttpStage {
  table: RouteTable<CompiledRoute>;
  /** `$default` */
  fallback?: CompiledRoute;
}

/** Compiles what was deployed. */
export function compileHttpStage(serving: HttpServing, stage: HttpStage): CompiledHttpStage {
  const routes = stage.routes.map((route): CompiledRoute => {
    const { method, path } = splitRouteKey(route.routeKey);
    const integrate = compileIntegration(serving, route.integration, stage.variables);
    return { ...route, method, path, names: parameterNames(path), integrate };
  });
  const fallback = routes.find((route) => route.path === "$default");
  const table = createRouteTable(
    routes.filter((route) => route !== fallback),
    (route) => route.path,
    { fullFirst: true },
  );
  return { table, ...(fallback === undefined ? {} : { fallback }) };
}
