/**
 * GetLogEvents. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 *
 * T1. Events are given oldest first, whichever way is read.
 * T2. Both tokens are always there. At an end the token of that direction is the one that was sent: so a client knows, and may ask
 *     again later for what came meanwhile. Tokens do not expire (AWS's do after 24 hours).
 */
import type { LogPosition, Operation } from "@tripline/kernel";
import { streamNotFound } from "../errors.ts";
import { parseToken, toToken } from "../event-position.ts";
import type { LogsHouse } from "../house.ts";
import { limits } from "../limits.ts";
import { readEvents, type StreamedEvent } from "../read-events.ts";
import { checkLimit, oneIdentifier } from "./page.ts";

/** Input of GetLogEvents. Times are epoch milliseconds: `startTime` belongs to the range, `endTime` does not. */
export interface GetLogEventsInput {
  logGroupName?: string;
  logGroupIdentifier?: string;
  logStreamName: string;
  startTime?: number;
  endTime?: number;
  nextToken?: string;
  limit?: number;
  startFromHead?: boolean;
  /** Nothing is masked here. */
  unmask?: boolean;
}

/** See the module's header. */
export function getLogEventsOperation({ groups, store }: LogsHouse): Operation<GetLogEventsInput> {
  return {
    name: "GetLogEvents",
    honoured: [
      "logGroupName",
      "logGroupIdentifier",
      "logStreamName",
      "startTime",
      "endTime",
      "nextToken",
      "limit",
      "startFromHead",
      "unmask",
    ],
    async run(input) {
      const { logStreamName, startTime = 0, endTime = Number.MAX_SAFE_INTEGER, startFromHead = false } = input;
      const limit = checkLimit(input.limit ?? limits.pageEventsMax, limits.pageEventsMax);
      const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
      const identifier = oneIdentifier(input);
      const group = groups.find(identifier);
      if (!(await store.hasStream(group.name, logStreamName))) throw streamNotFound();
      const direction = token?.direction ?? (startFromHead ? "forward" : "backward");
      const found: StreamedEvent[] = [];
      let bytes = 0;
      const events = readEvents(store, {
        group: group.name,
        streams: [logStreamName],
        fromMs: Math.max(startTime, groups.expiryMs(group)),
        toMs: endTime - 1,
        direction,
        ...(token === undefined ? {} : { beyond: token.position }),
      });
      for await (const one of events) {
        bytes += Buffer.byteLength(one.event.message) + limits.eventOverheadBytes;
        if (bytes > limits.batchBytesMax && found.length > 0) break;
        found.push(one);
        if (found.length === limit) break;
      }
      if (direction === "backward") found.reverse(); // T1
      return {
        events: found.map(({ event }) => ({
          timestamp: event.timestampMs,
          message: event.message,
          ingestionTime: event.ingestionMs,
        })),
        ...toTokens(found, token, startTime),
      };
    },
  };
}

/** T2. */
function toTokens(
  found: readonly StreamedEvent[],
  token: ReturnType<typeof parseToken> | undefined,
  startMs: number,
): { nextForwardToken: string; nextBackwardToken: string } {
  const { timestampMs, sequence } = token?.position ?? { timestampMs: startMs, sequence: 0 };
  const end: LogPosition = { timestampMs, sequence };
  const first = found[0]?.event ?? (token?.direction === "forward" ? { timestampMs, sequence: sequence + 1 } : end);
  const last =
    found.at(-1)?.event ??
    (token?.direction === "backward" ? { timestampMs, sequence: Math.max(0, sequence - 1) } : end);
  return { nextForwardToken: toToken("forward", last), nextBackwardToken: toToken("backward", first) };
}
