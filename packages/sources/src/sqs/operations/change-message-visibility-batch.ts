import type { Operation } from "@tripline/kernel";
import { type BatchOutput, checkBatch, prepareEntries, toFailure } from "../batch.ts";
import type { SqsHouse } from "../house.ts";
import { toReceipt, toVisibilityDelayMs, toVisibilityError } from "../receipt-errors.ts";

/** Input of ChangeMessageVisibilityBatch. */
export interface ChangeMessageVisibilityBatchInput {
  QueueUrl: string;
  Entries: readonly { Id: string; ReceiptHandle: string; VisibilityTimeout?: number }[];
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html */
export function changeMessageVisibilityBatchOperation({
  registry,
  traffic,
}: SqsHouse): Operation<ChangeMessageVisibilityBatchInput, BatchOutput<{ Id: string }>> {
  return {
    name: "ChangeMessageVisibilityBatch",
    honoured: ["QueueUrl", "Entries"],
    async run({ QueueUrl, Entries: entries }) {
      const queue = registry.resolve(QueueUrl);
      checkBatch(entries, "ChangeMessageVisibilityBatchRequestEntry");
      const { ready, failed } = prepareEntries(entries, ({ ReceiptHandle: handle, VisibilityTimeout: seconds }) => ({
        handle,
        change: { ...toReceipt(queue, handle), delayMs: toVisibilityDelayMs(seconds) },
      }));
      const outcomes = await traffic.changeVisibility(
        queue,
        ready.map(({ value }) => value.change),
      );
      const output: BatchOutput<{ Id: string }> = { Successful: [], Failed: failed };
      for (const [index, { id, value }] of ready.entries()) {
        const error = toVisibilityError(outcomes[index], value.handle, value.change.delayMs / 1000);
        if (error === undefined) output.Successful.push({ Id: id });
        else output.Failed.push(toFailure(id, error));
      }
      return output;
    },
  };
}
