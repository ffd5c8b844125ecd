import type { Operation } from "@tripline/kernel";
import { invalidParameter, invalidValue, streamNotFound } from "../errors.ts";
import type { LogsHouse } from "../house.ts";
import { limits } from "../limits.ts";

/** Input of PutLogEvents. */
export interface PutLogEventsInput {
  logGroupName: string;
  logStreamName: string;
  logEvents: { timestamp: number; message: string }[];
  /** Any is taken, as on AWS since 2023. */
  sequenceToken?: string;
}

/** `rejectedLogEventsInfo` is there where events were too old, expired or too new; the others were taken. */
export interface PutLogEventsOutput {
  nextSequenceToken: string;
  rejectedLogEventsInfo?: {
    tooNewLogEventStartIndex?: number;
    tooOldLogEventEndIndex?: number;
    expiredLogEventEndIndex?: number;
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
export function putLogEventsOperation(house: LogsHouse): Operation<PutLogEventsInput, PutLogEventsOutput> {
  const { clock, groups, keeper, rng, store } = house;
  return {
    name: "PutLogEvents",
    honoured: ["logGroupName", "logStreamName", "logEvents", "sequenceToken"],
    refused: { entity: "events are not tied to entities here" },
    async run({ logGroupName, logStreamName, logEvents }) {
      checkBatch(logEvents);
      const group = groups.find(logGroupName);
      if (!(await store.hasStream(group.name, logStreamName))) throw streamNotFound();
      const nowMs = clock.now();
      const tooOld = endOf(logEvents, nowMs - limits.pastMsMax);
      const expired = group.retentionDays === undefined ? 0 : endOf(logEvents, groups.expiryMs(group));
      const tooNew = logEvents.findIndex(({ timestamp }) => timestamp > nowMs + limits.futureMsMax);
      const taken = logEvents.slice(Math.max(tooOld, expired), tooNew === -1 ? undefined : tooNew);
      if (taken.length > 0) {
        const events = taken.map(({ timestamp, message }) => ({ timestampMs: timestamp, message }));
        await keeper.put(group.name, logStreamName, events);
      }
      const rejected = {
        ...(tooNew === -1 ? {} : { tooNewLogEventStartIndex: tooNew }),
        ...(tooOld === 0 ? {} : { tooOldLogEventEndIndex: tooOld }),
        ...(expired === 0 ? {} : { expiredLogEventEndIndex: expired }),
      };
      return {
        nextSequenceToken: `4${BigInt(`0x${rng.hex(23)}`)
          .toString()
          .padStart(55, "9")}`,
        ...(Object.keys(rejected).length === 0 ? {} : { rejectedLogEventsInfo: rejected }),
      };
    },
  };
}

/** How many of the first events are older than `limitMs`. */
function endOf(events: readonly { timestamp: number }[], limitMs: number): number {
  const first = events.findIndex(({ timestamp }) => timestamp >= limitMs);
  return first === -1 ? events.length : first;
}

function checkBatch(events: PutLogEventsInput["logEvents"]): void {
  if (events.length === 0) throw invalidValue("[]", "logEvents", "Member must have length greater than or equal to 1");
  if (events.length > limits.batchEventsMax) {
    throw invalidValue(
      `[${events.length} events]`,
      "logEvents",
      `Member must have length less than or equal to ${limits.batchEventsMax}`,
    );
  }
  let bytes = 0;
  for (const [index, { message, timestamp }] of events.entries()) {
    const at = `logEvents.${index + 1}.member`;
    if (timestamp < 0) {
      throw invalidValue(timestamp, `${at}.timestamp`, "Member must have value greater than or equal to 0");
    }
    if (message === "") throw invalidValue("", `${at}.message`, "Member must have length greater than or equal to 1");
    const size = Buffer.byteLength(message) + limits.eventOverheadBytes;
    if (size > limits.batchBytesMax) {
      throw invalidParameter(`Log event too large: ${size} bytes exceeds limit of ${limits.batchBytesMax}`);
    }
    bytes += size;
    if (timestamp < (events[index - 1]?.timestamp ?? 0)) {
      throw invalidParameter("Log events in a single PutLogEvents request must be in chronological order.");
    }
  }
  if (bytes > limits.batchBytesMax) {
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${limits.batchBytesMax}`);
  }
  if ((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) > limits.batchSpanMsMax) {
    throw invalidParameter("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  }
}
