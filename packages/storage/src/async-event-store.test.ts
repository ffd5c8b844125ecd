import type { AsyncEventPosition, AsyncEventStore, NewAsyncEvent } from "@tripline/kernel";
import { expect, it } from "vitest";
import { createAsyncEventStore } from "./index.ts";
import { onEveryAdapter } from "./conformance/on-every-adapter.ts";

const event = (id: string, dueMs: number, more: Partial<NewAsyncEvent> = {}): NewAsyncEvent => ({
  functionName: "orders",
  requestId: `r-${id}`,
  deliveryId: id,
  source: "s3",
  payload: Buffer.from(`{"id":"${id}"}`),
  acceptedAtMs: 1,
  dueMs,
  ...more,
});
const start: AsyncEventPosition = { dueMs: 0, sequence: 0 };
const all = { after: start, nowMs: 1_000, max: 100, payloadBytesMax: 1_000_000 };
const ids = async (store: AsyncEventStore, options: Partial<typeof all> = {}): Promise<string[]> =>
  (await store.due("orders", { ...all, ...options })).map(({ deliveryId }) => deliveryId);

onEveryAdapter("AsyncEventStore", ({ open, reopen, persistent }) => {
  it("due returns one function's due events, in order, as they were added", async () => {
    const store = createAsyncEventStore(open());
    await store.add([event("b", 20), event("c", 10), event("a", 20), event("later", 1_001)]);
    await store.add([event("other", 1, { functionName: "mail" })]);
    const full = event("full", 30, { qualifier: "live", parentId: "p", sourceArn: "arn", traceId: "t" });
    await store.add([full]);
    expect(await ids(store)).toEqual(["c", "b", "a", "full"]);
    expect((await store.due("orders", all)).at(-1)).toEqual({
      ...full,
      sequence: expect.any(Number),
      invokeCount: 0,
      backoffCount: 0,
    });
    expect(await store.functionNames()).toEqual(["mail", "orders"]);
    expect(await store.count("orders")).toBe(5);
  });

  it("due goes on after a position, and stops at a number of events or bytes", async () => {
    const store = createAsyncEventStore(open());
    await store.add([event("a", 10), event("b", 10), event("c", 10), event("d", 20)]);
    const [first, second] = await store.due("orders", { ...all, max: 2 });
    if (first === undefined || second === undefined) throw new Error("nothing is due");
    expect(await ids(store, { after: second })).toEqual(["c", "d"]);
    expect(await ids(store, { payloadBytesMax: 2 * first.payload.byteLength })).toEqual(["a", "b"]);
    expect(await ids(store, { payloadBytesMax: 1 })).toEqual(["a"]);
    expect(await store.nextDueMs("orders", second)).toBe(10);
    expect(await store.nextDueMs("orders", { dueMs: 10, sequence: Number.MAX_SAFE_INTEGER })).toBe(20);
    expect(await store.nextDueMs("mail", start)).toBeUndefined();
  });

  it("add keeps all of its events, or none", async () => {
    const store = createAsyncEventStore(open());
    const broken = { ...event("b", 1), requestId: null } as unknown as NewAsyncEvent;
    await expect(store.add([event("a", 1), broken])).rejects.toThrow("NOT NULL");
    await Promise.allSettled([store.add([event("c", 1)]), store.add([event("d", 1), broken])]);
    expect(await ids(store)).toEqual(["c"]);
  });

  it("reschedule moves an event and keeps its progress; remove forgets it; unknown ones are ignored", async () => {
    const store = createAsyncEventStore(open());
    await store.add([event("a", 10), event("b", 10)]);
    const [a, b] = await store.due("orders", all);
    if (a === undefined || b === undefined) throw new Error("nothing is due");
    await store.reschedule(a.sequence, { dueMs: 500, invokeCount: 1, backoffCount: 2, note: "{}" });
    await store.reschedule(99, { dueMs: 1, invokeCount: 0, backoffCount: 0 });
    await store.remove([b.sequence, 99]);
    expect(await store.due("orders", { ...all, after: b })).toEqual([
      { ...a, dueMs: 500, invokeCount: 1, backoffCount: 2, note: "{}" },
    ]);
    await store.reschedule(a.sequence, { dueMs: 600, invokeCount: 2, backoffCount: 0 });
    expect(await store.due("orders", all)).toEqual([{ ...a, dueMs: 600, invokeCount: 2, backoffCount: 0 }]);
  });

  it("a sequence is never used again", async () => {
    const store = createAsyncEventStore(open());
    await store.add([event("a", 10)]);
    const [a] = await store.due("orders", all);
    await store.remove([a?.sequence ?? 0]);
    await store.add([event("b", 10)]);
    expect((await store.due("orders", all))[0]?.sequence).toBeGreaterThan(a?.sequence ?? 0);
  });

  it.runIf(persistent)("what was added is there after reopening", async () => {
    const database = open();
    await createAsyncEventStore(database).add([event("a", 10, { payload: Uint8Array.of(0, 255) })]);
    const after = createAsyncEventStore(reopen(database));
    expect((await after.due("orders", all)).map(({ payload }) => [...payload])).toEqual([[0, 255]]);
  });

  it("the next events are found by an index, without sorting", () => {
    const database = open();
    createAsyncEventStore(database);
    const plan = database.connection
      .prepare<[], { detail: string }>(
        `EXPLAIN QUERY PLAN SELECT payload FROM async_events
         WHERE function_name = 'f' AND (due_ms, sequence) > (1, 2) AND due_ms <= 3 ORDER BY due_ms, sequence LIMIT 1`,
      )
      .all()
      .map(({ detail }) => detail);
    expect(plan).toEqual([
      expect.stringMatching(/^SEARCH async_events USING INDEX async_events_due \(function_name=\?/),
    ]);
  });
});
