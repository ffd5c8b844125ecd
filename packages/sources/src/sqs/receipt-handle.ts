import type { QueueReceipt } from "@tripline/kernel";

const prefix = "AQEB";

/** The text that stands for one receive of one message. */
export function toReceiptHandle(queueName: string, receipt: QueueReceipt): string {
  return prefix + Buffer.from(`${receipt.sequence}/${receipt.receiveCount}/${queueName}`, "latin1").toString("base64");
}

/** Undefined where the text is no handle of that queue. */
export function parseReceiptHandle(queueName: string, text: string): QueueReceipt | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const [sequence = "", receiveCount = "", name] = Buffer.from(text.slice(prefix.length), "base64")
    .toString("latin1")
    .split("/");
  if (name !== queueName || !/^\d+$/.test(sequence) || !/^\d+$/.test(receiveCount)) return undefined;
  return { sequence: Number(sequence), receiveCount: Number(receiveCount) };
}
