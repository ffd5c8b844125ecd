/**
 * FilterLogEvents: the events of a group, its streams interleaved.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 *
 * F1. One call looks through a bounded amount of logs. So a page may be short, or empty, and still carry a token: as on AWS.
 */
import type { Operation } from "@tripline/kernel";
import { invalidParameter } from "../errors.ts";
import { parseToken, toEventId, toToken } from "../event-position.ts";
import { compileFilterPattern } from "../filter-pattern/compile-filter-pattern.ts";
import type { LogsHouse } from "../house.ts";
import { limits } from "../limits.ts";
import { readEvents, type StreamedEvent } from "../read-events.ts";
import { checkLimit, oneIdentifier } from "./page.ts";

/** Input of FilterLogEvents. Times are epoch milliseconds; both belong to the range. */
export interface FilterLogEventsInput {
  logGroupName?: string;
  logGroupIdentifier?: string;
  logStreamNames?: string[];
  logStreamNamePrefix?: string;
  startTime?: number;
  endTime?: number;
  filterPattern?: string;
  nextToken?: string;
  limit?: number;
  /** False: the newest first. Default true. */
  startFromHead?: boolean;
  /** Always so, as on AWS since 2019. */
  interleaved?: boolean;
  /** Nothing is masked here. */
  unmask?: boolean;
}

/** As on AWS `searchedLogStreams` is empty. */
export interface FilterLogEventsOutput {
  events: { logStreamName: string; timestamp: number; message: string; ingestionTime: number; eventId: string }[];
  searchedLogStreams: [];
  nextToken?: string;
}

/** AWS reads backwards only from here on: 2024-01-01T00:00:00Z. */
const backwardSinceMs = 1_704_067_200_000;

/** See the module's header. */
export function filterLogEventsOperation(house: LogsHouse): Operation<FilterLogEventsInput, FilterLogEventsOutput> {
  const { groups, store } = house;
  return {
    name: "FilterLogEvents",
    honoured: [
      "logGroupName",
      "logGroupIdentifier",
      "logStreamNames",
      "logStreamNamePrefix",
      "startTime",
      "endTime",
      "filterPattern",
      "nextToken",
      "limit",
      "startFromHead",
      "interleaved",
      "unmask",
    ],
    async run(input) {
      const { logStreamNames, logStreamNamePrefix, startTime = 0, startFromHead = true } = input;
      checkInput(input);
      const matches = compileFilterPattern(input.filterPattern ?? "");
      const limit = checkLimit(input.limit ?? limits.pageEventsMax, limits.pageEventsMax);
      const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
      const identifier = oneIdentifier(input);
      const group = groups.find(identifier);
      const direction = token?.direction ?? (startFromHead ? "forward" : "backward");
      const events: FilterLogEventsOutput["events"] = [];
      let last: StreamedEvent | undefined;
      let nextToken: string | undefined;
      let scannedBytes = 0;
      let answerBytes = 0;
      const source = readEvents(store, {
        group: group.name,
        ...(logStreamNames === undefined ? {} : { streams: logStreamNames }),
        ...(logStreamNamePrefix === undefined ? {} : { streamPrefix: logStreamNamePrefix }),
        fromMs: Math.max(startTime, groups.expiryMs(group)),
        toMs: input.endTime ?? Number.MAX_SAFE_INTEGER,
        direction,
        ...(token === undefined ? {} : { beyond: token.position }),
      });
      for await (const one of source) {
        const isFull = events.length === limit || answerBytes > limits.batchBytesMax;
        if (last !== undefined && (isFull || scannedBytes > limits.scannedBytesMax)) {
          nextToken = toToken(direction, last.event); // F1
          break;
        }
        last = one;
        const { event, stream } = one;
        scannedBytes += event.message.length;
        if (!matches(event.message)) continue;
        answerBytes += event.message.length + limits.eventOverheadBytes;
        events.push({
          logStreamName: stream,
          timestamp: event.timestampMs,
          message: event.message,
          ingestionTime: event.ingestionMs,
          eventId: toEventId(event),
        });
      }
      return { events, searchedLogStreams: [], ...(nextToken === undefined ? {} : { nextToken }) };
    },
  };
}

function checkInput(input: FilterLogEventsInput): void {
  if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined) {
    throw invalidParameter("Only one of logStreamNames and logStreamNamePrefix can be specified.");
  }
  if ((input.logStreamNames?.length ?? 0) > limits.filteredStreamsMax) {
    throw invalidParameter(`At most ${limits.filteredStreamsMax} logStreamNames can be specified.`);
  }
  if (input.startFromHead === false && input.nextToken === undefined && (input.startTime ?? 0) < backwardSinceMs) {
    throw invalidParameter("startFromHead can be false only with a startTime on or after 2024-01-01T00:00:00Z.");
  }
}
