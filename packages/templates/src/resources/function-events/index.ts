import { apiEvent } from "./api-event.ts";
import type { EventType } from "./event-type.ts";
import { httpApiEvent } from "./http-api-event.ts";
import { s3Event } from "./s3-event.ts";
import { scheduleEvent } from "./schedule-event.ts";
import { scheduleV2Event } from "./schedule-v2-event.ts";
import { sqsEvent } from "./sqs-event.ts";
import { dynamodbEvent, kinesisEvent } from "./stream-event.ts";

/** Every kind of event that is simulated. To add one, add its file here. */
export const eventTypes: readonly EventType[] = [
  httpApiEvent,
  apiEvent,
  s3Event,
  sqsEvent,
  kinesisEvent,
  dynamodbEvent,
  scheduleEvent,
  scheduleV2Event,
];
