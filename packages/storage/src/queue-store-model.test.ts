import * as fc from "fast-check";
import type { StoredQueueMessage } from "@tripline/kernel";
import { expect, it } from "vitest";
import { Activity } from "@tripline/kernel";
import { createQueueStore, openDatabase } from "./index.ts";

/** What a run does next; numbers choose among what there is. */
const step = fc.oneof(
  fc.record({ do: fc.constant("send" as const), group: fc.constantFrom("a", "b", "c") }),
  fc.record({
    do: fc.constant("receive" as const),
    max: fc.integer({ min: 1, max: 4 }),
    forMs: fc.constantFrom(0, 5, 20),
  }),
  fc.record({
    do: fc.constantFrom("delete" as const, "release" as const),
    pick: fc.nat(50),
    delayMs: fc.constantFrom(0, 7),
  }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 12 }) }),
);

interface ModelMessage {
  body: string;
  group: string;
  visibleAtMs: number;
}

it("Q2 an ordered queue under any sequence of calls hands out, of each group, exactly the run before its first invisible message", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const database = openDatabase({ dataDir: undefined, activity: new Activity() });
      const store = createQueueStore(database);
      let nowMs = 1_000;
      let model: ModelMessage[] = [];
      const received: StoredQueueMessage[] = [];
      for (const [index, one] of steps.entries()) {
        if (one.do === "wait") nowMs += one.ms;
        if (one.do === "send") {
          const body = `${index}`;
          const message = {
            messageId: body,
            body,
            bodyMd5: "",
            groupId: one.group,
            sentAtMs: nowMs,
            visibleAtMs: nowMs,
          };
          await store.send("f", [message], { ordered: true, nowMs });
          model.push({ body, group: one.group, visibleAtMs: nowMs });
        }
        if (one.do === "receive") {
          const visibleAtMs = nowMs + one.forMs;
          const options = { ordered: true, nowMs, max: one.max, visibleAtMs, expiredUpToMs: 0, inFlightMax: 1_000 };
          const { messages } = await store.receive("f", options);
          received.push(...messages);
          const open = openMessages(model, nowMs);
          expect(messages.length).toBe(Math.min(one.max, open.length));
          for (const group of ["a", "b", "c"]) {
            const ofGroup = messages.filter(({ groupId }) => groupId === group).map(({ body }) => body);
            const expected = open.filter((message) => message.group === group).map(({ body }) => body);
            expect(ofGroup).toEqual(expected.slice(0, ofGroup.length));
          }
          for (const { body } of messages) {
            const taken = model.find((message) => message.body === body);
            if (taken !== undefined) taken.visibleAtMs = visibleAtMs;
          }
        }
        if ((one.do === "delete" || one.do === "release") && received.length > 0) {
          const receipt = received[one.pick % received.length];
          if (receipt === undefined) continue;
          if (one.do === "delete") {
            const { outcomes } = await store.delete("f", [receipt], { ordered: true, nowMs });
            if (outcomes[0] === "done") model = model.filter(({ body }) => body !== receipt.body);
          } else {
            const visibleAtMs = nowMs + one.delayMs;
            const [outcome] = await store.changeVisibility("f", [{ ...receipt, visibleAtMs }], {
              ordered: true,
              nowMs,
            });
            const changed = model.find(({ body }) => body === receipt.body);
            if (outcome === "done" && changed !== undefined) changed.visibleAtMs = visibleAtMs;
          }
        }
      }
      const { visible, inFlight } = await store.count("f", { nowMs, expiredUpToMs: 0 });
      expect(visible + inFlight).toBe(model.length);
      database.close();
    }),
    { numRuns: 200, seed: 7 },
  );
});

/** Of each group, the messages before the first that is not visible. */
function openMessages(model: readonly ModelMessage[], nowMs: number): ModelMessage[] {
  const blocked = new Set<string>();
  return model.filter(({ group, visibleAtMs }) => {
    if (visibleAtMs > nowMs) blocked.add(group);
    return !blocked.has(group);
  });
}
