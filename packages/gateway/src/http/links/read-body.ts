import { isServiceError } from "@tripline/kernel";
import { gatewayLimits } from "../../limits.ts";
import type { HttpExchange } from "../http-exchange.ts";
import { httpFailures } from "../http-failure.ts";

/** Reads the body, which may not be larger than a payload. */
export async function readBody(exchange: HttpExchange): Promise<undefined> {
  try {
    exchange.body = await exchange.request.request.body(gatewayLimits.payloadBytesMax);
  } catch (error) {
    if (isServiceError(error) && error.status === 413) throw httpFailures.tooLarge();
    throw error;
  }
}
