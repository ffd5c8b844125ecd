/**
 * What a client of a function URL gets of a function's answer.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
 *
 * R1. An object with `statusCode` is a response; without a content type it is `application/json`.
 * R2. Anything else that is JSON is the body of a 200: texts as they are, the rest without white space.
 * R3. What cannot be made a response is 502 (undefined here).
 */
import { type FunctionAnswer } from "../function-integration.ts";
import { toHttpAnswer } from "../http/response-v2.ts";

const defaultType = "application/json";

/** See the module's header. */
export function toUrlAnswer(payload: Uint8Array): FunctionAnswer | undefined {
  const answer = toHttpAnswer(payload, "2.0", defaultType);
  if (answer === undefined || typeof answer.body !== "string") return answer;
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8");
  return answer.body === text && !text.startsWith('"') ? { ...answer, body: withoutSpace(text) } : answer;
}

/** Status and headers of a prelude. */
export function toUrlHead(prelude: string): FunctionAnswer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(prelude);
  } catch {
    return undefined; // R3
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return toHttpAnswer(Buffer.from(JSON.stringify({ statusCode: 200, ...value, body: null })), "2.0", streamedType);
}

const streamedType = "application/octet-stream";

/** JSON as it is, white space between its parts left out: numbers keep their digits. */
function withoutSpace(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_whole, text: string | undefined) => text ?? "");
}
