import type { Operation } from "@tripline/kernel";
import { queueDoesNotExist } from "../errors.ts";
import type { SqsHouse } from "../house.ts";
import { toQueueUrl } from "../queue-url.ts";

/** Input of GetQueueUrl. */
export interface GetQueueUrlInput {
  QueueName: string;
  /** Only this simulator's account has queues. */
  QueueOwnerAWSAccountId?: string;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html */
export function getQueueUrlOperation({ registry, scope }: SqsHouse): Operation<GetQueueUrlInput, { QueueUrl: string }> {
  return {
    name: "GetQueueUrl",
    honoured: ["QueueName", "QueueOwnerAWSAccountId"],
    async run({ QueueName, QueueOwnerAWSAccountId: owner = scope.accountId }, context) {
      if (owner !== scope.accountId || registry.get(QueueName) === undefined) throw queueDoesNotExist();
      return { QueueUrl: toQueueUrl(context.endpoint, scope, QueueName) };
    },
  };
}
