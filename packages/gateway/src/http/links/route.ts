import type { CompiledRoute } from "../compile-http-stage.ts";
import { decodePath } from "../../gateway-request.ts";
import type { HttpExchange } from "../http-exchange.ts";
import { httpFailures } from "../http-failure.ts";

/** Finds the route: full matches, then greedy ones, then `$default`. */
export function findRoute(exchange: HttpExchange): undefined {
  const { compiled, request } = exchange;
  const { method } = request;
  const match = compiled.table.find(
    request.path,
    (candidates: readonly CompiledRoute[]): CompiledRoute | undefined =>
      candidates.find((route) => route.method === method) ?? candidates.find((route) => route.method === "ANY"),
  );
  const route = match?.route ?? compiled.fallback;
  if (route === undefined) throw httpFailures.notFound();
  exchange.route = route;
  exchange.routeKey = route.routeKey;
  if (match === undefined || route.names.length === 0) return;
  exchange.pathParameters = Object.fromEntries(
    route.names.map((name, index) => [name, decodePath(match.values[index] ?? "")]),
  );
}
