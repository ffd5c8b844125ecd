/** The last link: the method's integration. */
import type { Link, RestAnswer, RestExchange } from "../serving/exchange.ts";
import { methodOfExchange } from "../serving/exchange.ts";
import { callHttpProxy } from "./http-proxy.ts";
import { callLambdaProxy } from "./lambda-proxy.ts";
import { callNonProxy } from "./non-proxy.ts";

/** See the module's header. */
export const integrate: Link = (exchange: RestExchange): Promise<RestAnswer> => {
  const { type } = methodOfExchange(exchange).integration;
  if (type === "AWS_PROXY") return callLambdaProxy(exchange);
  return type === "HTTP_PROXY" ? callHttpProxy(exchange) : callNonProxy(exchange);
};
