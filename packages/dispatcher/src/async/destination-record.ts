/**
 * What destinations and dead-letter queues are sent. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 *
 * A record repeats the event and the response byte for byte: numbers that JavaScript cannot hold come through.
 */
import type { MessageAttributeValue } from "@tripline/kernel";
import type { Outcome } from "./retry-policy.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const errorMessageBytesMax = 1_024;

/** The record for a destination. `functionArn`: with its qualifier. */
export function toDestinationRecord(
  event: { requestId: string; payload: Uint8Array },
  functionArn: string,
  outcome: Outcome,
  nowMs: number,
): Uint8Array {
  const { condition, invokeCount, response } = outcome;
  const parts = [
    `"version":"1.0"`,
    `"timestamp":"${new Date(nowMs).toISOString()}"`,
    `"requestContext":${JSON.stringify({ requestId: event.requestId, functionArn, condition, approximateInvokeCount: invokeCount })}`,
    `"requestPayload":${toJsonText(decoder.decode(event.payload))}`,
  ];
  if (response !== undefined) {
    const context = { statusCode: 200, executedVersion: response.executedVersion };
    parts.push(
      `"responseContext":${JSON.stringify(response.isError ? { ...context, functionError: "Unhandled" } : context)}`,
      `"responsePayload":${toJsonText(response.payload)}`,
    );
  }
  return encoder.encode(`{${parts.join(",")}}`);
}

/** JSON as it is; anything else as a JSON string, nothing as null. */
function toJsonText(text: string): string {
  if (text === "") return "null";
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text); // not JSON: kept as text
  }
}

/** The message attributes that tell a dead-letter queue why. */
export function toDeadLetterAttributes(requestId: string, outcome: Outcome): Record<string, MessageAttributeValue> {
  const message = truncate(toPrintable(outcome.errorMessage));
  return {
    RequestID: { DataType: "String", StringValue: requestId },
    ErrorCode: { DataType: "Number", StringValue: String(outcome.errorCode) },
    ErrorMessage: { DataType: "String", StringValue: message === "" ? "Unhandled" : message },
  };
}

/** SQS takes no control characters in attributes. */
function toPrintable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "\uFFFD");
}

/** The first bytes, up to a whole character. */
function truncate(text: string): string {
  const first = encoder.encode(text).subarray(0, errorMessageBytesMax);
  return new TextDecoder().decode(first, { stream: true });
}
