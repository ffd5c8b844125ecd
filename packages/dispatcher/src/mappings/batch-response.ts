/**
 * What a function says of a batch under `ReportBatchItemFailures`.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * F1. Nothing, an empty object, or an empty or missing list: all went well.
 * F2. A list of identifiers: those failed.
 * F3. Anything else (no JSON, an identifier that is empty, unknown or under another name): all failed.
 */

/** The identifiers that failed, or why all did. */
export type BatchResponse = { failed: ReadonlySet<string> } | { invalid: string };

const none: BatchResponse = { failed: new Set() };
const decoder = new TextDecoder();

/** Reads the response to a batch of messages with these `ids`. */
export function parseBatchResponse(payload: Uint8Array, ids: ReadonlySet<string>): BatchResponse {
  let response: unknown;
  try {
    response = payload.byteLength === 0 ? null : JSON.parse(decoder.decode(payload));
  } catch {
    return { invalid: "the response is not JSON" }; // F3
  }
  if (response === null || response === "" || (Array.isArray(response) && response.length === 0)) return none; // F1
  if (typeof response !== "object" || Array.isArray(response)) return { invalid: "the response is not an object" };
  if (!("batchItemFailures" in response)) return toBadKey(response) ?? none;
  const list: unknown = response.batchItemFailures;
  if (list === null) return none;
  if (!Array.isArray(list)) return { invalid: "batchItemFailures is not a list" };
  const failed = new Set<string>();
  for (const item of list as unknown[]) {
    const id = typeof item === "object" && item !== null && "itemIdentifier" in item ? item.itemIdentifier : undefined;
    if (typeof id !== "string" || id === "") return { invalid: "an item of batchItemFailures has no itemIdentifier" };
    if (!ids.has(id)) return { invalid: `the itemIdentifier ${id} is not in the batch` };
    failed.add(id); // F2
  }
  return { failed };
}

/** A key that was meant to be `batchItemFailures`. Other keys are the function's own business. */
function toBadKey(response: object): BatchResponse | undefined {
  const key = Object.keys(response).find((name) => /^batch_?item_?failures?$/i.test(name));
  return key === undefined ? undefined : { invalid: `the response has ${key} where batchItemFailures is meant` };
}
