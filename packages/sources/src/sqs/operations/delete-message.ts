import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";
import { toDeleteError, toReceipt } from "../receipt-errors.ts";

/** Input of DeleteMessage. */
export interface DeleteMessageInput {
  QueueUrl: string;
  ReceiptHandle: string;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html */
export function deleteMessageOperation({ registry, traffic }: SqsHouse): Operation<DeleteMessageInput, object> {
  return {
    name: "DeleteMessage",
    honoured: ["QueueUrl", "ReceiptHandle"],
    async run({ QueueUrl, ReceiptHandle }) {
      const queue = registry.resolve(QueueUrl);
      const [outcome] = await traffic.delete(queue, [toReceipt(queue, ReceiptHandle)]);
      const error = toDeleteError(outcome, ReceiptHandle);
      if (error !== undefined) throw error;
      return {};
    },
  };
}
