/** SQS's limits, as data. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */

/** Body and attributes of a message, or of a whole batch. */
export const messageBytesMax = 1_048_576;
export const batchEntriesMax = 10;
export const messageAttributesMax = 10;
export const receiveMessagesMax = 10;
export const waitTimeSecondsMax = 20;
export const delaySecondsMax = 900;
/** Of one receive, extensions included. */
export const visibilityTimeoutSecondsMax = 43_200;
/** Of a standard queue and of a FIFO queue. */
export const inFlightMessagesMax = 120_000;
export const deduplicationIntervalMs: number = 5 * 60_000;
export const purgeIntervalMs = 60_000;
/** How long a deleted queue's name is barred. */
export const recreateIntervalMs = 60_000;
export const listQueuesMax = 1_000;
export const maxReceiveCountMax = 1_000;
/** What a mapping may take at once. */
export const sourceReceiveMax = 10_000;
/** How long a receive can be repeated under its attempt id. */
export const receiveAttemptIntervalMs: number = 5 * 60_000;
export const tagsMax = 50;
/** Actions of one permission. */
export const actionsMax = 7;
export const policyStatementsMax = 20;
export const moveMessagesPerSecondMax = 500;
/** Active message move tasks of the account. */
export const moveTasksMax = 100;
/** How many of a queue's tasks are remembered and listed. */
export const moveTasksListedMax = 10;
