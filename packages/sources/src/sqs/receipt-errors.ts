/** From a receipt handle to a receipt, and from what became of it to AWS's error. */
import type { QueueReceipt, ReceiptOutcome, ServiceError } from "@tripline/kernel";
import {
  heldTooLong,
  invalidValue,
  messageNotInflight,
  missingParameter,
  notAvailableForVisibilityChange,
  receiptHandleExpired,
  receiptHandleIsInvalid,
} from "./errors.ts";
import { visibilityTimeoutSecondsMax } from "./limits.ts";
import type { Queue } from "./queue-definition.ts";
import { parseReceiptHandle } from "./receipt-handle.ts";

/** Throws MissingParameter or ReceiptHandleIsInvalid. */
export function toReceipt(queue: Queue, receiptHandle: string | undefined): QueueReceipt {
  if (!receiptHandle) throw missingParameter("ReceiptHandle");
  const receipt = parseReceiptHandle(queue.name, receiptHandle);
  if (receipt === undefined) throw receiptHandleIsInvalid(receiptHandle);
  return receipt;
}

/** Milliseconds. Throws InvalidParameterValue. */
export function toVisibilityDelayMs(seconds: number | undefined): number {
  if (seconds === undefined) throw missingParameter("VisibilityTimeout");
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > visibilityTimeoutSecondsMax) {
    throw invalidValue(
      seconds,
      "VisibilityTimeout",
      `VisibilityTimeout must be an integer between 0 and ${visibilityTimeoutSecondsMax}`,
    );
  }
  return seconds * 1000;
}

/** Deleting what is gone, or was received again since, succeeds on a standard queue and does nothing. */
export function toDeleteError(outcome: ReceiptOutcome | undefined, receiptHandle: string): ServiceError | undefined {
  return outcome === "expired" ? receiptHandleExpired(receiptHandle) : undefined;
}

/** Undefined where the visibility was changed. */
export function toVisibilityError(
  outcome: ReceiptOutcome | undefined,
  receiptHandle: string,
  visibilityTimeoutSeconds: number,
): ServiceError | undefined {
  if (outcome === "done") return undefined;
  if (outcome === "beyond") return heldTooLong(visibilityTimeoutSeconds, visibilityTimeoutSecondsMax);
  if (outcome === "released") return messageNotInflight();
  return outcome === "expired" ? receiptHandleExpired(receiptHandle) : notAvailableForVisibilityChange(receiptHandle);
}
