import type { PendingFiring } from "@tripline/kernel";
import { expect, it } from "vitest";
import { createScheduleStore } from "./index.ts";
import { onEveryAdapter } from "./conformance/on-every-adapter.ts";

const firing = (id: string, nextAttemptMs: number, source = "events"): PendingFiring => ({
  id,
  source,
  nextAttemptMs,
  value: { body: `{"é":"${id}"}`, attempts: 1 },
});

onEveryAdapter("ScheduleStore", ({ open, reopen, persistent }) => {
  it("list returns one source's firings, ordered by next attempt and id", async () => {
    const store = createScheduleStore(open());
    await store.put([firing("b", 20), firing("c", 10), firing("a", 20), firing("d", 1, "scheduler")]);
    expect(await store.list("events")).toEqual([firing("c", 10), firing("a", 20), firing("b", 20)]);
    expect(await store.list("scheduler")).toEqual([firing("d", 1, "scheduler")]);
  });

  it("put replaces a firing of the same id", async () => {
    const store = createScheduleStore(open());
    await store.put([firing("a", 10)]);
    await store.put([{ ...firing("a", 30), value: { attempts: 2 } }]);
    expect(await store.list("events")).toEqual([{ ...firing("a", 30), value: { attempts: 2 } }]);
  });

  it("delete forgets those named and ignores unknown ids", async () => {
    const store = createScheduleStore(open());
    await store.put([firing("a", 10), firing("b", 20)]);
    await store.delete(["a", "nobody"]);
    expect(await store.list("events")).toEqual([firing("b", 20)]);
  });

  it.runIf(persistent)("what was put is there after reopening", async () => {
    const database = open();
    await createScheduleStore(database).put([firing("a", 10)]);
    expect(await createScheduleStore(reopen(database)).list("events")).toEqual([firing("a", 10)]);
  });
});
