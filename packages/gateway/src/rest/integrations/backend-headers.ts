import type { RestExchange } from "../serving/exchange.ts";
import { headerIn } from "../serving/request-maps.ts";
import type { MappedParameters } from "./request-parameters.ts";

/** What an HTTP backend, or a service, gets besides what is mapped. */
export function backendHeaders(exchange: RestExchange, mapped: MappedParameters): string[] {
  const { id } = exchange.deployment.definition.settings;
  const own: [string, string][] = [
    ["Content-Type", headerIn(exchange.headers.single, "content-type") ?? "application/json"],
    ["Accept", "application/json"],
    ["User-Agent", `AmazonAPIGateway_${id}`],
    ["X-Amzn-Apigateway-Api-Id", id],
    ["X-Amzn-Trace-Id", exchange.request.traceId],
  ];
  const known = new Set([...mapped.header.keys()].map((name) => name.toLowerCase()));
  return [
    ...own.filter(([name]) => !known.has(name.toLowerCase())).flat(),
    ...Array.from(mapped.header, ([name, values]) => values.flatMap((value) => [name, value])).flat(),
  ];
}
