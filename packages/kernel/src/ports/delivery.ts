/**
 * How events reach their targets. Push sources (S3, rules, schedules) and whatever sends on (destinations, dead-letter queues)
 * hand a delivery to the host; the host finds the target by the service in its ARN. Sources and the dispatcher meet here only.
 */
import type { Activity } from "../activity.ts";
import type { Clock } from "../clock/clock.ts";
import type { EventBus } from "../event-bus.ts";
import type { Rng } from "../rng.ts";
import type { Scope } from "../arn.ts";
import type { ServiceCaller } from "./function-access.ts";

/** A value of an SQS message attribute, in AWS's own spelling. */
export interface MessageAttributeValue {
  DataType: string;
  StringValue?: string;
  BinaryValue?: Uint8Array;
}

/** One event on its way to one target. */
export interface Delivery {
  /** Unique; also the key of its record. */
  id: string;
  /** The delivery, or the request, that caused this one. */
  parentId?: string;
  /** `s3`, `events`, `scheduler`, `lambda` (destinations, dead-letter queues), `replay`. */
  source: string;
  /** ARN of the bucket, rule, schedule or function. */
  sourceArn?: string;
  /** Who asks, where the target's own policy must let it in. Absent: the account itself, or a role of it. */
  caller?: ServiceCaller;
  /** ARN of a function (with or without qualifier), a queue, … */
  targetArn: string;
  /** The event or message body, UTF-8. Passed on as it is, never parsed and printed again. */
  body: Uint8Array;
  /** For queues: the message attributes, such as a dead-letter queue's `ErrorCode`. */
  messageAttributes?: Readonly<Record<string, MessageAttributeValue>>;
  /** For FIFO queues. */
  messageGroupId?: string;
  messageDeduplicationId?: string;
  /** For buckets: the key of the object that `body` becomes. */
  objectKey?: string;
}

/**
 * Takes deliveries for one service. `deliver` resolves when the delivery is durable at the target.
 * It rejects with a `ServiceError` where the target is missing or refuses it (permanent), or a retriable one with status 429 or 5xx.
 */
export interface DeliveryTarget {
  /** The service in the target's ARN: `lambda`, `sqs`. */
  readonly service: string;
  deliver(delivery: Delivery): Promise<void>;
  /** Several at once, one commit; each settles by itself, in order. Absent: `deliver` for each. */
  deliverAll?(deliveries: readonly Delivery[]): Promise<PromiseSettledResult<void>[]>;
}

/** What a source is given. */
export interface SourceHost {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly bus: EventBus;
  readonly activity: Activity;
  readonly scope: Scope;
  /** Sends a delivery to its target: see {@link DeliveryTarget.deliver}. */
  deliver(delivery: Delivery): Promise<void>;
}

/**
 * A source of events. Our own sources and those of third parties have this one door.
 * `start` begins intake (and goes on with what was accepted before a crash); `stop` ends it and waits for what it has in hand.
 */
export interface SourceAdapter {
  readonly service: string;
  start(host: SourceHost): Promise<void>;
  stop(): Promise<void>;
}
