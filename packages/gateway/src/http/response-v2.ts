/**
 * What a client of an HTTP API gets of a function's answer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *
 * P1. Format 2.0: an object with `statusCode` is a response; anything else that is JSON is the body of a 200, `application/json`.
 * P2. Format 1.0: `statusCode` is required, nothing is inferred. Of a header that `headers` and `multiValueHeaders` have, the single
 *     value comes first (recorded).
 * P3. What cannot be made a response is 500 `Internal Server Error`; so is a status below 200, which is no answer yet.
 */
import type { FunctionAnswer } from "../function-integration.ts";

/** Headers that belong to the connection, which the gateway makes itself. */
const own: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
]);

/** See the module's header. */
export function toHttpAnswer(
  payload: Uint8Array,
  format: "1.0" | "2.0",
  defaultType = "text/plain; charset=utf-8",
): FunctionAnswer | undefined {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8");
  let value: unknown;
  try {
    value = text === "" ? null : JSON.parse(text);
  } catch {
    return undefined; // P3
  }
  const isResponse = typeof value === "object" && value !== null && !Array.isArray(value) && "statusCode" in value;
  if (!isResponse) {
    if (format === "1.0") return undefined; // P2
    return {
      status: 200,
      headers: ["content-type", "application/json"],
      body: typeof value === "string" ? value : text,
    };
  }
  return toAnswer(value as Record<string, unknown>, format, defaultType);
}

function toAnswer(
  response: Record<string, unknown>,
  format: "1.0" | "2.0",
  defaultType: string,
): FunctionAnswer | undefined {
  const status = Number(response["statusCode"]);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  const { body = null } = response;
  if (body !== null && typeof body !== "string") return undefined;
  const headers: string[] = [];
  let hasType = false;
  const add = (name: string, value: unknown): void => {
    const lower = name.toLowerCase();
    if (own.has(lower)) return;
    hasType ||= lower === "content-type";
    headers.push(lower, String(value));
  };
  const multi = format === "1.0" ? response["multiValueHeaders"] : undefined;
  if (!isRecordOrNothing(response["headers"]) || !isRecordOrNothing(multi)) return undefined;
  for (const [name, value] of Object.entries(response["headers"] ?? {})) add(name, value);
  for (const [name, values] of Object.entries(multi ?? {})) {
    if (!Array.isArray(values)) return undefined;
    for (const value of values) add(name, value);
  }
  if (format === "2.0" && Array.isArray(response["cookies"])) {
    for (const cookie of response["cookies"]) headers.push("set-cookie", String(cookie));
  }
  if (!hasType) headers.push("content-type", defaultType);
  return {
    status,
    headers,
    body: response["isBase64Encoded"] === true ? Buffer.from(body ?? "", "base64") : (body ?? ""),
  };
}

function isRecordOrNothing(value: unknown): value is Record<string, unknown> | null | undefined {
  return value === undefined || value === null || (typeof value === "object" && !Array.isArray(value));
}
