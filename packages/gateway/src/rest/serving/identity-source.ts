import { contextVariable } from "./context-variables.ts";
import type { RestExchange } from "./exchange.ts";
import { headerIn } from "./request-maps.ts";

/** A value by its identity source. */
export function sourceValue(exchange: RestExchange, source: string): string | undefined {
  const [, place = "", name = ""] =
    /^method\.request\.(header|querystring|multivalueheader|multivaluequerystring)\.(.+)$/.exec(source) ?? [];
  if (place.endsWith("header")) return headerIn(exchange.headers.single, name.toLowerCase());
  if (place !== "") return exchange.query.single[name];
  if (source.startsWith("stageVariables.")) return exchange.stageVariables[source.slice("stageVariables.".length)];
  const value = source.startsWith("context.") ? contextVariable(exchange, source.slice("context.".length)) : undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Those of a list: `method.request.header.a, context.stage`. */
export function sourcesOf(list = ""): string[] {
  return list
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}
