/** SQS's limits, as data. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */

/** Body and attributes of a message, or of a whole batch. */
export const messageBytesMax = 1_048_576;
export const batchEntriesMax = 10;
export const messageAttributesMax = 10;
export const receiveMessagesMax = 10;
export const waitTimeSecondsMax = 20;
export const delaySecondsMax = 900;
export const visibilityTimeoutSecondsMax = 43_200;
/** From one receive to the end of its visibility, extensions included. */
export const inFlightMessagesMax = 120_000;
export const deduplicationIntervalMs: number = 5 * 60_000;
export const purgeIntervalMs = 60_000;
/** How long a deleted queue's name is barred. */
export const recreateIntervalMs = 60_000;
export const listQueuesMax = 1_000;
export const maxReceiveCountMax = 1_000;
/** What a mapping may take at once. */
export const sourceReceiveMax = 10_000;
