import { headerBytes } from "../../gateway-request.ts";
import { gatewayLimits } from "../../limits.ts";
import type { HttpExchange } from "../http-exchange.ts";
import { httpFailures } from "../http-failure.ts";

/** Request line and headers have one limit. AWS does not say how it answers what is over it. */
export function checkSize({ request: { request } }: HttpExchange): undefined {
  const lineBytes = `${request.method} ${request.target} HTTP/1.1`.length;
  if (lineBytes + headerBytes(request) > gatewayLimits.headerBytesMax) throw httpFailures.headersTooLarge();
}
