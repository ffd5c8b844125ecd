import { type HttpAnswer, type HttpExchange, routeOf } from "../http-exchange.ts";

/** Calls what is behind the route. */
export function integrate(exchange: HttpExchange): Promise<HttpAnswer> {
  return routeOf(exchange).integrate(exchange);
}
