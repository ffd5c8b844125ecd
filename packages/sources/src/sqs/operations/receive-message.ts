import type { CallContext, Operation } from "@tripline/kernel";
import { invalidParameterValue, invalidValue, overLimit } from "../errors.ts";
import type { SqsHouse } from "../house.ts";
import { inFlightMessagesMax, receiveMessagesMax, visibilityTimeoutSecondsMax, waitTimeSecondsMax } from "../limits.ts";
import { longPoll } from "../long-poll.ts";
import { idPattern, idRule, notForThisQueue } from "../outgoing-message.ts";
import type { Queue } from "../queue-definition.ts";
import { type ReceivedMessage, toReceivedMessage, type WantedAttributes } from "../received-message.ts";

/** Input of ReceiveMessage. */
export interface ReceiveMessageInput {
  QueueUrl: string;
  /** The older name of MessageSystemAttributeNames; both count. */
  AttributeNames?: readonly string[];
  MessageSystemAttributeNames?: readonly string[];
  MessageAttributeNames?: readonly string[];
  MaxNumberOfMessages?: number;
  VisibilityTimeout?: number;
  WaitTimeSeconds?: number;
  /** Of FIFO queues: a receive that is repeated under it within five minutes gets the same messages, while none was touched. */
  ReceiveRequestAttemptId?: string;
}

/** `Messages` is absent where there is none. */
export interface ReceiveMessageOutput {
  Messages?: ReceivedMessage[];
}

const systemAttributeNames: readonly string[] = [
  "All",
  "SenderId",
  "SentTimestamp",
  "ApproximateReceiveCount",
  "ApproximateFirstReceiveTimestamp",
  "SequenceNumber",
  "MessageDeduplicationId",
  "MessageGroupId",
  "AWSTraceHeader",
  "DeadLetterQueueSourceArn",
];

/**
 * Long polling waits on the clock, and is woken by what arrives.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
export function receiveMessageOperation(house: SqsHouse): Operation<ReceiveMessageInput, ReceiveMessageOutput> {
  const { registry, scope } = house;
  return {
    name: "ReceiveMessage",
    honoured: [
      "QueueUrl",
      "AttributeNames",
      "MessageSystemAttributeNames",
      "MessageAttributeNames",
      "MaxNumberOfMessages",
      "VisibilityTimeout",
      "WaitTimeSeconds",
      "ReceiveRequestAttemptId",
    ],
    async run(input, context) {
      const queue = registry.resolve(input.QueueUrl);
      const poll = toPoll(queue, input);
      const wanted: WantedAttributes = {
        system: toSystemNames(input, context),
        message: input.MessageAttributeNames ?? [],
      };
      for (const name of wanted.system) {
        if (!systemAttributeNames.includes(name)) throw invalidParameterValue(`Unknown Attribute ${name}.`);
      }
      const messages = await receive(house, queue, poll, context);
      if (messages.length === 0) return {};
      return { Messages: messages.map((message) => toReceivedMessage(queue, message, wanted, scope.accountId)) };
    },
  };
}

/** Both lists count; in the query protocol the older one, where it is given. */
function toSystemNames(input: ReceiveMessageInput, { headers }: CallContext): readonly string[] {
  const { AttributeNames: older = [], MessageSystemAttributeNames: newer = [] } = input;
  const isQuery = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
  return isQuery && older.length > 0 ? older : [...older, ...newer];
}

interface Poll {
  max: number;
  visibilityTimeoutMs: number;
  waitMs: number;
  attemptId: string | undefined;
}

function toPoll(queue: Queue, input: ReceiveMessageInput): Poll {
  const { MaxNumberOfMessages: max = 1, VisibilityTimeout: visibility, WaitTimeSeconds: wait } = input;
  if (!isWithin(max, 1, receiveMessagesMax)) {
    throw invalidValue(max, "MaxNumberOfMessages", `Must be between 1 and ${receiveMessagesMax}, if provided.`);
  }
  if (wait !== undefined && !isWithin(wait, 0, waitTimeSecondsMax)) {
    throw invalidValue(wait, "WaitTimeSeconds", `Must be >= 0 and <= ${waitTimeSecondsMax}, if provided.`);
  }
  if (visibility !== undefined && !isWithin(visibility, 0, visibilityTimeoutSecondsMax)) {
    throw invalidValue(
      visibility,
      "VisibilityTimeout",
      `VisibilityTimeout must be an integer between 0 and ${visibilityTimeoutSecondsMax}`,
    );
  }
  const attemptId = input.ReceiveRequestAttemptId;
  if (attemptId !== undefined) {
    if (!queue.isFifo) throw invalidValue(attemptId, "ReceiveRequestAttemptId", notForThisQueue);
    if (!idPattern.test(attemptId)) {
      throw invalidValue(attemptId, "ReceiveRequestAttemptId", idRule("ReceiveRequestAttemptId"));
    }
  }
  return {
    attemptId,
    max,
    visibilityTimeoutMs: visibility === undefined ? queue.visibilityTimeoutMs : visibility * 1000,
    waitMs: wait === undefined ? queue.receiveWaitMs : wait * 1000,
  };
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

type Received = Awaited<ReturnType<SqsHouse["traffic"]["receive"]>>["messages"];

/** One look at the queue; for a long poll one after each arrival until something comes. */
async function receive(house: SqsHouse, queue: Queue, poll: Poll, context: CallContext): Promise<Received> {
  const { traffic, clock, arrivals, registry } = house;
  if (poll.waitMs === 0) {
    const { messages, isFull } = await traffic.receive(queue, poll);
    if (isFull && !queue.isFifo) throw overLimit(inFlightMessagesMax);
    return messages;
  }
  const found = await longPoll({ clock, arrivals, queue, waitMs: poll.waitMs, signal: context.signal }, async () => {
    const current = registry.get(queue.name);
    if (current === undefined) return []; // deleted meanwhile
    const { messages } = await traffic.receive(current, poll);
    return messages.length === 0 ? undefined : messages;
  });
  return found ?? [];
}
