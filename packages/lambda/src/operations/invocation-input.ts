/** What Invoke, InvokeWithResponseStream and InvokeAsync read of their input in the same way. */
import { Buffer } from "node:buffer";
import { functionNotFound, invalidParameter, invalidRequestContent, requestTooLarge } from "../errors.ts";
import { requireInvocable } from "../function-access.ts";
import { latestVersion } from "../function-definition.ts";
import type { FunctionRegistry } from "../function-registry.ts";
import { describeJsonProblem } from "../json-problem.ts";
import { limits } from "../limits.ts";
import { checkQualifier } from "../member-constraints.ts";

const emptyEvent = new TextEncoder().encode("{}");

/** The unqualified ARN. Throws where the function, or what is asked for of it, does not exist: the text always has a qualifier. */
export function checkFunction(registry: FunctionRegistry, input: { FunctionName: string; Qualifier?: string }): string {
  checkQualifier(input.Qualifier);
  const { functionName, qualifier } = registry.toReference(input.FunctionName, input.Qualifier);
  if (registry.find(functionName, qualifier) === undefined)
    throw functionNotFound(registry.toArn(functionName), qualifier ?? latestVersion);
  const definition = registry.describe(functionName, qualifier);
  requireInvocable(definition);
  return definition.functionArn;
}

/** The event; `{}` where there is none. Throws where it is no JSON, or too large. */
export function toPayload(payload: Uint8Array | undefined, limitBytes: number): Uint8Array {
  if (payload === undefined || payload.byteLength === 0) return emptyEvent;
  if (payload.byteLength > limitBytes) throw requestTooLarge(limitBytes);
  const problem = describeJsonProblem(payload);
  if (problem !== undefined) throw invalidRequestContent(problem);
  return payload;
}

/** The client context's JSON text. */
export function toClientContext(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  if (base64.length > limits.clientContextBase64BytesMax) {
    throw invalidParameter(
      `Client context must be no more than ${limits.clientContextBase64BytesMax} bytes when base64-encoded.`,
    );
  }
  const text = Buffer.from(base64, "base64").toString("utf8");
  try {
    JSON.parse(text);
  } catch {
    throw invalidParameter("Client context must be a valid Base64-encoded JSON object."); // the cause says no more than that
  }
  return text;
}
