import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";
import { toReceipt, toVisibilityDelayMs, toVisibilityError } from "../receipt-errors.ts";

/** Input of ChangeMessageVisibility. */
export interface ChangeMessageVisibilityInput {
  QueueUrl: string;
  ReceiptHandle: string;
  VisibilityTimeout: number;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
export function changeMessageVisibilityOperation({
  registry,
  traffic,
}: SqsHouse): Operation<ChangeMessageVisibilityInput, object> {
  return {
    name: "ChangeMessageVisibility",
    honoured: ["QueueUrl", "ReceiptHandle", "VisibilityTimeout"],
    async run({ QueueUrl, ReceiptHandle, VisibilityTimeout }) {
      const queue = registry.resolve(QueueUrl);
      const receipt = toReceipt(queue, ReceiptHandle);
      const delayMs = toVisibilityDelayMs(VisibilityTimeout);
      const [outcome] = await traffic.changeVisibility(queue, [{ ...receipt, delayMs }]);
      const error = toVisibilityError(outcome, ReceiptHandle, VisibilityTimeout);
      if (error !== undefined) throw error;
      return {};
    },
  };
}
