import type { Operation } from "@tripline/kernel";
import { type BatchOutput, checkBatch, prepareEntries, toFailure } from "../batch.ts";
import type { SqsHouse } from "../house.ts";
import { toDeleteError, toReceipt } from "../receipt-errors.ts";

/** Input of DeleteMessageBatch. */
export interface DeleteMessageBatchInput {
  QueueUrl: string;
  Entries: readonly { Id: string; ReceiptHandle: string }[];
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html */
export function deleteMessageBatchOperation({
  registry,
  traffic,
}: SqsHouse): Operation<DeleteMessageBatchInput, BatchOutput<{ Id: string }>> {
  return {
    name: "DeleteMessageBatch",
    honoured: ["QueueUrl", "Entries"],
    async run({ QueueUrl, Entries: entries }) {
      const queue = registry.resolve(QueueUrl);
      checkBatch(entries, "DeleteMessageBatchRequestEntry");
      const { ready, failed } = prepareEntries(entries, ({ ReceiptHandle: handle }) => ({
        handle,
        receipt: toReceipt(queue, handle),
      }));
      const outcomes = await traffic.delete(
        queue,
        ready.map(({ value }) => value.receipt),
      );
      const output: BatchOutput<{ Id: string }> = { Successful: [], Failed: failed };
      for (const [index, { id, value }] of ready.entries()) {
        const error = toDeleteError(outcomes[index], value.handle);
        if (error === undefined) output.Successful.push({ Id: id });
        else output.Failed.push(toFailure(id, error));
      }
      return output;
    },
  };
}
