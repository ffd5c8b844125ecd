/**
 * What a client of a REST API gets of a function's answer. Stricter than an HTTP API.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 *
 * V1. The answer is an object with no other members than `statusCode`, `headers`, `multiValueHeaders`, `body`, `isBase64Encoded`.
 * V2. A header value is a string or a boolean; a number is malformed. Anything malformed is undefined here, and a 502 for the client.
 * V3. `isBase64Encoded` is decoded only where the first type of `Accept` is one of the API's binary media types. What is no base64 then
 *     is 500.
 * V4. A status below 200 is no answer yet: malformed.
 */
import type { FunctionAnswer } from "../function-integration.ts";
import { toProxyHeaderName } from "./integrations/proxy-headers.ts";
import { decodeBase64 } from "./mapping/content-handling.ts";
import { failures } from "./serving/gateway-failure.ts";

const members: ReadonlySet<string> = new Set(["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"]);

/** See the module's header. `decodes`: V3. */
export function toRestAnswer(payload: Uint8Array, decodes: boolean): FunctionAnswer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8"));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const response = value as Record<string, unknown>;
  if (Object.keys(response).some((name) => !members.has(name))) return undefined; // V1
  const status = toStatus(response["statusCode"]);
  const headers = toHeaders(response["headers"], response["multiValueHeaders"]);
  const { body = null, isBase64Encoded = false } = response;
  if (status === undefined || headers === undefined) return undefined;
  if (body !== null && typeof body !== "string") return undefined;
  if (!headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === "content-type"))
    headers.push("Content-Type", "application/json");
  return {
    status,
    headers,
    body: isBase64Encoded === true && decodes ? fromBase64(body ?? "") : (body ?? ""),
  };
}

/** V3 */
function fromBase64(text: string): Uint8Array {
  const bytes = decodeBase64(text);
  if (bytes === undefined) throw failures.configuration("Unable to base64 decode the body");
  return bytes;
}

function toStatus(value: unknown): number | undefined {
  if (value === undefined) return 200;
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const status = Number(value);
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined; // V4
}

/** Values of both maps; of a name that both have, the list first. */
function toHeaders(single: unknown, multi: unknown): string[] | undefined {
  if (!isRecordOrNothing(single) || !isRecordOrNothing(multi)) return undefined;
  const headers: string[] = [];
  const names = new Map<string, string>();
  const add = (name: string, value: unknown): boolean => {
    if (typeof value !== "string" && typeof value !== "boolean") return false; // V2
    const lower = name.toLowerCase();
    const shown = names.get(lower) ?? name;
    names.set(lower, shown);
    const seen = toProxyHeaderName(shown);
    if (seen !== undefined) headers.push(seen, String(value));
    return true;
  };
  for (const [name, values] of Object.entries(multi ?? {})) {
    if (!Array.isArray(values) || !values.every((value) => add(name, value))) return undefined;
  }
  for (const [name, value] of Object.entries(single ?? {})) {
    const isThere = headers.some(
      (one, index) => index % 2 === 0 && one.toLowerCase() === name.toLowerCase() && headers[index + 1] === value,
    );
    if (!isThere && !add(name, value)) return undefined;
  }
  return headers;
}

function isRecordOrNothing(value: unknown): value is Record<string, unknown> | null | undefined {
  return value === undefined || value === null || (typeof value === "object" && !Array.isArray(value));
}
