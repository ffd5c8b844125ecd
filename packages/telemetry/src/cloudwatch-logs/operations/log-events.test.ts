import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestLogs, startMs, type TestLogs } from "../testing/test-logs.ts";
import type { LiveTailEvent } from "./start-live-tail.ts";

let logs: TestLogs;
beforeEach(async () => {
  logs = await createTestLogs();
  await logs.call("CreateLogGroup", { logGroupName: "g" });
  for (const logStreamName of ["s", "t"]) await logs.call("CreateLogStream", { logGroupName: "g", logStreamName });
});
afterEach(() => logs.stop());

const hourMs = 3_600_000;
const event = (offsetMs: number, message = `at ${offsetMs}`): { timestamp: number; message: string } => ({
  timestamp: startMs + offsetMs,
  message,
});
const put = (logEvents: object[], logStreamName = "s"): Promise<Record<string, unknown>> =>
  logs.call("PutLogEvents", { logGroupName: "g", logStreamName, logEvents });
const putError = (logEvents: object[], logStreamName = "s"): Promise<string> =>
  logs.errorOf("PutLogEvents", { logGroupName: "g", logStreamName, logEvents });

interface Page {
  events: { message: string }[];
  nextForwardToken: string;
  nextBackwardToken: string;
  nextToken?: string;
}

describe("PutLogEvents", () => {
  it("takes events, and says which were too old, expired or too new", async () => {
    expect(await put([event(0)])).toEqual({ nextSequenceToken: expect.stringMatching(/^\d{56}$/) });
    await logs.call("PutRetentionPolicy", { logGroupName: "g", retentionInDays: 1 });
    await logs.clock.advance(48 * hourMs);
    const nowOffsetMs = 48 * hourMs;
    expect(await put([event(nowOffsetMs - 24.5 * hourMs), event(nowOffsetMs - 23 * hourMs, "taken")])).toMatchObject({
      rejectedLogEventsInfo: { expiredLogEventEndIndex: 1 },
    });
    expect(await put([event(nowOffsetMs, "taken"), event(nowOffsetMs + 2 * hourMs + 1, "too new")])).toMatchObject({
      rejectedLogEventsInfo: { tooNewLogEventStartIndex: 1 },
    });
    expect(await put([event(nowOffsetMs - 15 * 24 * hourMs)])).toMatchObject({
      rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 1 },
    });
    const { events } = await logs.call<Page>("FilterLogEvents", { logGroupName: "g" });
    expect(events.map((one) => one.message)).toEqual(["taken", "taken"]);
  });

  it("refuses batches that AWS refuses", async () => {
    const message = "x".repeat(1_048_576 - 25);
    expect(await putError([event(0, message)])).toBe(
      "InvalidParameterException: Log event too large: 1048577 bytes exceeds limit of 1048576",
    );
    expect(await putError([event(0, message.slice(10)), event(0)])).toBe(
      "InvalidParameterException: Upload too large: 1048597 bytes exceeds limit of 1048576",
    );
    expect(await putError([event(0), event(-1)])).toBe(
      "InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order.",
    );
    expect(await putError([event(-24 * hourMs - 1), event(0)])).toBe(
      "InvalidParameterException: The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
    );
    expect(await putError([])).toBe(
      "InvalidParameterException: 1 validation error detected: Value '[]' at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
    expect(await putError([event(0, "")])).toBe(
      "InvalidParameterException: 1 validation error detected: Value '' at 'logEvents.1.member.message' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
    expect(await putError([event(0)], "nobody")).toBe(
      "ResourceNotFoundException: The specified log stream does not exist.",
    );
  });
});

describe("GetLogEvents", () => {
  const get = (input: object = {}): Promise<Page> =>
    logs.call("GetLogEvents", { logGroupName: "g", logStreamName: "s", ...input });
  const offsets = ({ events }: Page): string[] => events.map((one) => one.message);

  it("gives the newest page first, oldest event first, and goes both ways by its tokens", async () => {
    await put([1, 2, 3, 4, 5].map((offset) => event(offset)));
    const last = await get({ limit: 2 });
    expect(offsets(last)).toEqual(["at 4", "at 5"]);
    const middle = await get({ limit: 2, nextToken: last.nextBackwardToken });
    expect(offsets(middle)).toEqual(["at 2", "at 3"]);
    const first = await get({ limit: 2, nextToken: middle.nextBackwardToken });
    expect(offsets(first)).toEqual(["at 1"]);
    const end = await get({ nextToken: first.nextBackwardToken });
    expect([offsets(end), end.nextBackwardToken]).toEqual([[], first.nextBackwardToken]);
    expect(offsets(await get({ nextToken: middle.nextForwardToken }))).toEqual(["at 4", "at 5"]);
    expect(offsets(await get({ nextToken: end.nextForwardToken, limit: 1 }))).toEqual(["at 1"]);
  });

  it("gives the same forward token at the end, which leads to what comes later", async () => {
    const empty = await get({ startFromHead: true });
    await put([event(1), event(2)]);
    const all = await get({ nextToken: empty.nextForwardToken });
    expect(offsets(all)).toEqual(["at 1", "at 2"]);
    const end = await get({ nextToken: all.nextForwardToken });
    expect([offsets(end), end.nextForwardToken]).toEqual([[], all.nextForwardToken]);
    await put([event(3)]);
    expect(offsets(await get({ nextToken: end.nextForwardToken }))).toEqual(["at 3"]);
    expect(offsets(await get({ nextToken: end.nextBackwardToken }))).toEqual(["at 1", "at 2"]);
  });

  it("takes events from the start time on and before the end time, with their times", async () => {
    await put([1, 2, 3].map((offset) => event(offset)));
    expect((await get({ startTime: startMs + 2, endTime: startMs + 3 })).events).toEqual([
      { timestamp: startMs + 2, message: "at 2", ingestionTime: startMs },
    ]);
  });

  it("gives at most a megabyte", async () => {
    await put([event(1, "x".repeat(600_000))]);
    await put([event(2, "y".repeat(600_000))]);
    const page = await get({ startFromHead: true });
    expect(page.events.map((one) => one.message[0])).toEqual(["x"]);
    expect((await get({ nextToken: page.nextForwardToken })).events.map((one) => one.message[0])).toEqual(["y"]);
  });

  it("orders late events by their time stamp, whenever they came", async () => {
    await put([event(10), event(30)]);
    await put([event(20), event(40)]);
    await put([event(5)]);
    expect(offsets(await get({ startFromHead: true }))).toEqual(["at 5", "at 10", "at 20", "at 30", "at 40"]);
    expect(offsets(await get({ limit: 3 }))).toEqual(["at 20", "at 30", "at 40"]);
  });

  it("refuses tokens that are none, both names of a group, and unknown streams", async () => {
    expect(await logs.errorOf("GetLogEvents", { logGroupName: "g", logStreamName: "s", nextToken: "x" })).toBe(
      "InvalidParameterException: The specified nextToken is invalid.",
    );
    expect(await logs.errorOf("GetLogEvents", { logGroupName: "g", logGroupIdentifier: "g", logStreamName: "s" })).toBe(
      "InvalidParameterException: Exactly one of logGroupName and logGroupIdentifier must be specified.",
    );
    expect(await logs.errorOf("GetLogEvents", { logGroupName: "g", logStreamName: "x" })).toBe(
      "ResourceNotFoundException: The specified log stream does not exist.",
    );
  });
});

describe("FilterLogEvents", () => {
  const filter = (input: object = {}): Promise<Page> => logs.call("FilterLogEvents", { logGroupName: "g", ...input });
  const found = ({ events }: Page): string[] => events.map((one) => one.message);
  beforeEach(async () => {
    await put([event(1, "ERROR a"), event(3, "INFO b"), event(5, "ERROR c")]);
    await put([event(2, "ERROR d"), event(4, "INFO e")], "t");
  });

  it("interleaves streams, and shows each event with its stream and id", async () => {
    const { events } = await filter({ filterPattern: "ERROR -c" });
    expect(events).toEqual(
      [
        ["s", 1, "ERROR a"],
        ["t", 2, "ERROR d"],
      ].map(([logStreamName, offset, message]) => ({
        logStreamName,
        timestamp: startMs + Number(offset),
        message,
        ingestionTime: startMs,
        eventId: expect.stringMatching(/^\d{56}$/) as string,
      })),
    );
  });

  it("selects by stream, prefix and time; both ends belong to it", async () => {
    expect(found(await filter({ logStreamNames: ["t"] }))).toEqual(["ERROR d", "INFO e"]);
    expect(found(await filter({ logStreamNamePrefix: "s", startTime: startMs + 3, endTime: startMs + 5 }))).toEqual([
      "INFO b",
      "ERROR c",
    ]);
  });

  it("pages in both directions", async () => {
    const all = async (input: object): Promise<string[]> => {
      const page = await filter(input);
      return [
        ...found(page),
        ...(page.nextToken === undefined ? [] : await all({ ...input, nextToken: page.nextToken })),
      ];
    };
    const forward = ["ERROR a", "ERROR d", "INFO b", "INFO e", "ERROR c"];
    expect(await all({ limit: 2 })).toEqual(forward);
    expect(await all({ limit: 2, startFromHead: false, startTime: startMs })).toEqual(forward.toReversed());
    expect(await all({ limit: 1, filterPattern: "INFO" })).toEqual(["INFO b", "INFO e"]);
  });

  it("looks through a bounded amount in one call", async () => {
    for (let index = 0; index < 20; index++) await put([event(10 + index, "z".repeat(1_000_000))]);
    await put([event(100, "needle")]);
    const first = await filter({ filterPattern: "needle" });
    expect(first).toEqual({ events: [], searchedLogStreams: [], nextToken: expect.any(String) });
    expect(found(await filter({ filterPattern: "needle", nextToken: first.nextToken }))).toEqual(["needle"]);
  });

  it("refuses patterns that are none, and streams named twice over", async () => {
    expect(await logs.errorOf("FilterLogEvents", { logGroupName: "g", filterPattern: "{ $.a" })).toBe(
      "InvalidParameterException: Invalid filter pattern",
    );
    expect(
      await logs.errorOf("FilterLogEvents", { logGroupName: "g", logStreamNames: ["s"], logStreamNamePrefix: "s" }),
    ).toBe("InvalidParameterException: Only one of logStreamNames and logStreamNamePrefix can be specified.");
    expect(await logs.errorOf("FilterLogEvents", { logGroupName: "g", startFromHead: false })).toBe(
      "InvalidParameterException: startFromHead can be false only with a startTime on or after 2024-01-01T00:00:00Z.",
    );
  });
});

describe("StartLiveTail", () => {
  const arn = "arn:aws:logs:us-east-1:000000000000:log-group:g";
  const start = async (input: object, signal?: AbortSignal): Promise<AsyncIterator<LiveTailEvent>> => {
    const output = await logs.call<{ responseStream: AsyncIterable<LiveTailEvent> }>(
      "StartLiveTail",
      { logGroupIdentifiers: [arn], ...input },
      signal === undefined ? {} : { signal },
    );
    return output.responseStream[Symbol.asyncIterator]();
  };

  it("sends what comes within a second as one update, until the client goes away", async () => {
    const client = new AbortController();
    const session = await start({ logEventFilterPattern: "ERROR" }, client.signal);
    expect(await session.next()).toEqual({
      done: false,
      value: {
        sessionStart: {
          requestId: "r",
          sessionId: expect.any(String) as string,
          logGroupIdentifiers: [arn],
          logEventFilterPattern: "ERROR",
        },
      },
    });
    await put([event(0, "ERROR 1"), event(0, "INFO")]);
    logs.log("ERROR 2", { group: "g", stream: "u" });
    logs.log("ERROR elsewhere", { group: "h", stream: "u" });
    const update = session.next();
    await logs.clock.advance(1000);
    expect(await update).toEqual({
      done: false,
      value: {
        sessionUpdate: {
          sessionMetadata: { sampled: false },
          sessionResults: [
            ["s", "ERROR 1"],
            ["u", "ERROR 2\n"],
          ].map(([logStreamName, message]) => ({
            logStreamName,
            logGroupIdentifier: "000000000000:g",
            message,
            timestamp: startMs,
            ingestionTime: startMs,
          })),
        },
      },
    });
    const last = session.next();
    client.abort();
    expect(await last).toEqual({ done: true, value: undefined });
  });

  it("samples what is too much, and ends after three hours", async () => {
    const session = await start({ logStreamNamePrefixes: ["u"] });
    await session.next();
    for (let index = 0; index < 501; index++) logs.log(`line ${index}`, { group: "g", stream: "u" });
    await logs.clock.advance(1000);
    const { value } = (await session.next()) as { value: LiveTailEvent };
    expect([value.sessionUpdate?.sessionMetadata, value.sessionUpdate?.sessionResults.length]).toEqual([
      { sampled: true },
      500,
    ]);
    const last = session.next();
    await logs.clock.advance(3 * hourMs);
    expect(await last).toEqual({
      done: false,
      value: { SessionTimeoutException: { message: "The Live Tail session has timed out after three hours." } },
    });
    expect(await session.next()).toEqual({ done: true, value: undefined });
  });

  it("refuses names instead of ARNs, unknown groups and more than fifteen sessions", async () => {
    expect(await logs.errorOf("StartLiveTail", { logGroupIdentifiers: ["g"] })).toBe(
      "InvalidParameterException: The specified logGroupIdentifiers must be ARNs that do not end with an asterisk.",
    );
    expect(await logs.errorOf("StartLiveTail", { logGroupIdentifiers: [`${arn}x`] })).toBe(
      "ResourceNotFoundException: The specified log group does not exist.",
    );
    for (let index = 0; index < 15; index++) await start({});
    expect(await logs.errorOf("StartLiveTail", { logGroupIdentifiers: [arn] })).toBe(
      "LimitExceededException: Too many concurrent Live Tail sessions.",
    );
  });
});
