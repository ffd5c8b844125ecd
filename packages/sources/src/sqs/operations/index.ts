import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";
import { changeMessageVisibilityBatchOperation } from "./change-message-visibility-batch.ts";
import { changeMessageVisibilityOperation } from "./change-message-visibility.ts";
import { createQueueOperation } from "./create-queue.ts";
import { deleteMessageBatchOperation } from "./delete-message-batch.ts";
import { deleteMessageOperation } from "./delete-message.ts";
import { deleteQueueOperation } from "./delete-queue.ts";
import { getQueueAttributesOperation } from "./get-queue-attributes.ts";
import { getQueueUrlOperation } from "./get-queue-url.ts";
import { listQueuesOperation } from "./list-queues.ts";
import { purgeQueueOperation } from "./purge-queue.ts";
import { receiveMessageOperation } from "./receive-message.ts";
import { sendMessageBatchOperation } from "./send-message-batch.ts";
import { sendMessageOperation } from "./send-message.ts";
import { setQueueAttributesOperation } from "./set-queue-attributes.ts";

/** Every operation of SQS that we have. */
export function createSqsOperations(house: SqsHouse): Operation[] {
  return [
    createQueueOperation(house),
    deleteQueueOperation(house),
    setQueueAttributesOperation(house),
    getQueueAttributesOperation(house),
    getQueueUrlOperation(house),
    listQueuesOperation(house),
    sendMessageOperation(house),
    sendMessageBatchOperation(house),
    receiveMessageOperation(house),
    deleteMessageOperation(house),
    deleteMessageBatchOperation(house),
    changeMessageVisibilityOperation(house),
    changeMessageVisibilityBatchOperation(house),
    purgeQueueOperation(house),
  ];
}
