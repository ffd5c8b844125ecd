import type { Operation } from "@tripline/kernel";
import type { SqsHouse } from "../house.ts";
import { addPermissionOperation } from "./add-permission.ts";
import { cancelMessageMoveTaskOperation } from "./cancel-message-move-task.ts";
import { changeMessageVisibilityBatchOperation } from "./change-message-visibility-batch.ts";
import { changeMessageVisibilityOperation } from "./change-message-visibility.ts";
import { createQueueOperation } from "./create-queue.ts";
import { deleteMessageBatchOperation } from "./delete-message-batch.ts";
import { deleteMessageOperation } from "./delete-message.ts";
import { deleteQueueOperation } from "./delete-queue.ts";
import { getQueueAttributesOperation } from "./get-queue-attributes.ts";
import { getQueueUrlOperation } from "./get-queue-url.ts";
import { listDeadLetterSourceQueuesOperation } from "./list-dead-letter-source-queues.ts";
import { listMessageMoveTasksOperation } from "./list-message-move-tasks.ts";
import { listQueueTagsOperation } from "./list-queue-tags.ts";
import { listQueuesOperation } from "./list-queues.ts";
import { purgeQueueOperation } from "./purge-queue.ts";
import { receiveMessageOperation } from "./receive-message.ts";
import { removePermissionOperation } from "./remove-permission.ts";
import { sendMessageBatchOperation } from "./send-message-batch.ts";
import { sendMessageOperation } from "./send-message.ts";
import { setQueueAttributesOperation } from "./set-queue-attributes.ts";
import { startMessageMoveTaskOperation } from "./start-message-move-task.ts";
import { tagQueueOperation } from "./tag-queue.ts";
import { untagQueueOperation } from "./untag-queue.ts";

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
    tagQueueOperation(house),
    untagQueueOperation(house),
    listQueueTagsOperation(house),
    addPermissionOperation(house),
    removePermissionOperation(house),
    listDeadLetterSourceQueuesOperation(house),
    startMessageMoveTaskOperation(house),
    listMessageMoveTasksOperation(house),
    cancelMessageMoveTaskOperation(house),
  ];
}
