import type { LogRead, StoredLogEvent } from "@tripline/kernel";
import { expect, it } from "vitest";
import { createLogStore } from "./index.ts";
import { onEveryAdapter } from "./conformance/on-every-adapter.ts";

const event = (timestampMs: number, sequence: number, message = `m${sequence}`): StoredLogEvent => ({
  timestampMs,
  sequence,
  ingestionMs: timestampMs + 1,
  message,
});
const all: Omit<LogRead, "group"> = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, direction: "forward", limit: 100 };

onEveryAdapter("LogStore", ({ open, reopen, persistent }) => {
  it("read gives what was appended, one stream's small batches as one chunk", async () => {
    const store = createLogStore(open());
    await store.append([{ group: "g", stream: "s", events: [event(10, 1), event(10, 2, 'a "quoted"\nline é')] }], 10);
    await store.append(
      [
        { group: "g", stream: "s", events: [event(11, 4)] },
        { group: "g", stream: "t", events: [event(5, 3)] },
        { group: "h", stream: "s", events: [event(1, 5)] },
      ],
      11,
    );
    expect(await store.read({ group: "g", ...all })).toEqual({
      chunks: [
        { stream: "t", events: [event(5, 3)] },
        { stream: "s", events: [event(10, 1), event(10, 2, 'a "quoted"\nline é'), event(11, 4)] },
      ],
    });
  });

  it("append makes a chunk of its own for events that are older than the last", async () => {
    const store = createLogStore(open());
    await store.append([{ group: "g", stream: "s", events: [event(10, 1)] }], 10);
    await store.append([{ group: "g", stream: "s", events: [event(5, 2)] }], 10);
    const { chunks } = await store.read({ group: "g", ...all });
    expect(chunks.map((chunk) => chunk.events)).toEqual([[event(5, 2)], [event(10, 1)]]);
  });

  it("append splits what is large", async () => {
    const store = createLogStore(open());
    const large = "x".repeat(150_000);
    const events = [event(1, 1, large), event(2, 2, large), event(3, 3, "y")];
    await store.append([{ group: "g", stream: "s", events }], 1);
    const { chunks } = await store.read({ group: "g", ...all });
    expect(chunks.map((chunk) => chunk.events.map((one) => one.sequence))).toEqual([[1, 2], [3]]);
  });

  it("read selects by streams, prefix and time, and goes on from its cursor in both directions", async () => {
    const store = createLogStore(open());
    for (const [index, stream] of ["a1", "a2", "b1"].entries())
      await store.append([{ group: "g", stream, events: [event(index * 10, index + 1)] }], 0);
    const streamsOf = async (query: Partial<LogRead>): Promise<string[]> =>
      (await store.read({ group: "g", ...all, ...query })).chunks.map((chunk) => chunk.stream);
    expect(await streamsOf({ streams: ["b1", "a1", "nobody"] })).toEqual(["a1", "b1"]);
    expect(await streamsOf({ streamPrefix: "a" })).toEqual(["a1", "a2"]);
    expect(await streamsOf({ fromMs: 10, toMs: 19 })).toEqual(["a2"]);
    expect(await streamsOf({ direction: "backward" })).toEqual(["b1", "a2", "a1"]);
    const forward = await store.read({ group: "g", ...all, limit: 2 });
    expect(forward.cursor).toEqual({ timestampMs: 10, sequence: 2 });
    expect(await streamsOf(forward.cursor === undefined ? {} : { cursor: forward.cursor })).toEqual(["b1"]);
    const backward = await store.read({ group: "g", ...all, direction: "backward", limit: 1 });
    expect(await streamsOf({ direction: "backward", cursor: { timestampMs: 20, sequence: 3 } })).toEqual(["a2", "a1"]);
    expect(backward.cursor).toEqual({ timestampMs: 20, sequence: 3 });
  });

  it("listStreams tells times, in the order asked for", async () => {
    const store = createLogStore(open());
    expect(await store.createStream("g", "empty", 1)).toBe(true);
    expect(await store.createStream("g", "empty", 2)).toBe(false);
    await store.append([{ group: "g", stream: "late", events: [event(20, 1), event(30, 2)] }], 2);
    await store.append([{ group: "g", stream: "early", events: [event(10, 3)] }], 3);
    const late = { stream: "late", createdMs: 2, firstEventMs: 20, lastEventMs: 30, lastIngestionMs: 31 };
    const early = { stream: "early", createdMs: 3, firstEventMs: 10, lastEventMs: 10, lastIngestionMs: 11 };
    const empty = { stream: "empty", createdMs: 1 };
    const page = { group: "g", descending: false, offset: 0, limit: 10 };
    expect(await store.listStreams({ ...page, byLastEvent: false })).toEqual([early, empty, late]);
    expect(await store.listStreams({ ...page, byLastEvent: true, descending: true })).toEqual([late, early, empty]);
    expect(await store.listStreams({ ...page, byLastEvent: false, prefix: "e", offset: 1 })).toEqual([empty]);
  });

  it("deleteStream and deleteGroup take their events along", async () => {
    const store = createLogStore(open());
    const append = async (group: string, stream: string): Promise<void> =>
      store.append([{ group, stream, events: [event(1, 1, "four")] }], 1);
    await append("g", "s");
    await append("g", "t");
    await append("h", "s");
    expect(await store.deleteStream("g", "s")).toBe(true);
    expect(await store.deleteStream("g", "s")).toBe(false);
    expect(await store.hasStream("g", "s")).toBe(false);
    expect(await store.bytesByGroup()).toEqual(new Map(Object.entries({ g: 30, h: 30 })));
    await store.deleteGroup("g");
    expect(await store.bytesByGroup()).toEqual(new Map(Object.entries({ h: 30 })));
    expect(await store.hasStream("g", "t")).toBe(false);
  });

  it("expire deletes old chunks of one group and keeps its streams", async () => {
    const store = createLogStore(open());
    await store.append(
      [
        { group: "g", stream: "old", events: [event(1, 1)] },
        { group: "g", stream: "new", events: [event(9, 2)] },
        { group: "h", stream: "old", events: [event(1, 3)] },
      ],
      1,
    );
    await store.expire("g", 9);
    expect((await store.read({ group: "g", ...all })).chunks.map((chunk) => chunk.stream)).toEqual(["new"]);
    expect((await store.read({ group: "h", ...all })).chunks.map((chunk) => chunk.stream)).toEqual(["old"]);
    expect(await store.hasStream("g", "old")).toBe(true);
  });

  it("trim deletes the oldest chunks until the rest fits, and the streams that it empties", async () => {
    const store = createLogStore(open());
    for (const sequence of [1, 2, 3])
      await store.append([{ group: "g", stream: `s${sequence}`, events: [event(1, sequence, "four")] }], 1);
    expect(await store.trim(90)).toBe(0);
    expect(await store.trim(60)).toBe(30);
    expect((await store.read({ group: "g", ...all })).chunks.map((chunk) => chunk.stream)).toEqual(["s2", "s3"]);
    expect(await store.hasStream("g", "s1")).toBe(false);
  });

  it("nextSequence follows the highest that was used, also when its events are gone", async () => {
    const store = createLogStore(open());
    expect(await store.nextSequence()).toBe(1);
    await store.append([{ group: "g", stream: "s", events: [event(1, 7)] }], 1);
    await store.deleteGroup("g");
    expect(await store.nextSequence()).toBe(8);
  });

  it.runIf(persistent)("what was appended is there after reopening", async () => {
    const database = open();
    await createLogStore(database).append([{ group: "g", stream: "s", events: [event(1, 1)] }], 1);
    const store = createLogStore(reopen(database));
    expect(await store.read({ group: "g", ...all })).toEqual({ chunks: [{ stream: "s", events: [event(1, 1)] }] });
    expect(await store.nextSequence()).toBe(2);
  });
});
