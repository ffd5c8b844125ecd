import * as fc from "fast-check";
import { Activity, type QueueStore, type StoredQueueMessage } from "@tripline/kernel";
import { expect, it } from "vitest";
import { createQueueStore, openDatabase } from "./index.ts";

const groups = ["a", "b", "c"] as const;
const receiveCountMax = 2;
const deduplicationMs = 30;

/** What a run does next; numbers choose among what there is. */
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      group: fc.constantFrom(...groups),
      /** Absent: an id of its own. */
      id: fc.option(fc.constantFrom("x", "y"), { nil: undefined }),
      /** The scope may change in the middle of a run, as with SetQueueAttributes. */
      byGroup: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("receive" as const),
      max: fc.integer({ min: 1, max: 4 }),
      forMs: fc.constantFrom(0, 5, 20),
      redrives: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("delete" as const, "release" as const),
      pick: fc.nat(50),
      delayMs: fc.constantFrom(0, 7),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("purge" as const, "move back" as const) }) },
);

interface ModelMessage {
  body: string;
  group: string;
  visibleAtMs: number;
  receives: number;
}

/** The simplest thing that an ordered queue could be: lists. */
class Model {
  messages: ModelMessage[] = [];
  dead: ModelMessage[] = [];
  readonly #ids: { id: string; scope: string; expiresAtMs: number; body: string }[] = [];

  /** The body of the message that this one is a duplicate of. */
  send(message: ModelMessage, id: string, scope: string, nowMs: number): string | undefined {
    const live = this.#ids.filter((one) => one.id === id && one.expiresAtMs > nowMs);
    const first = live.find((one) => one.scope === "" || one.scope === scope);
    if (first !== undefined) return first.body;
    this.#ids.push({ id, scope, expiresAtMs: nowMs + deduplicationMs, body: message.body });
    this.messages.push(message);
    return undefined;
  }

  /** Of each group, the messages before the first that is not visible. */
  open(nowMs: number): ModelMessage[] {
    const blocked = new Set<string>();
    return this.messages.filter(({ group, visibleAtMs }) => {
      if (visibleAtMs > nowMs) blocked.add(group);
      return !blocked.has(group);
    });
  }

  find(body: string): ModelMessage | undefined {
    return this.messages.find((message) => message.body === body);
  }

  remove(body: string): void {
    this.messages = this.messages.filter((message) => message.body !== body);
  }
}

const ofGroup = (
  messages: readonly { body: string; group?: string; groupId?: string | null }[],
  name: string,
): string[] => messages.filter((one) => (one.group ?? one.groupId) === name).map(({ body }) => body);

it("Q2 Q4 an ordered queue under any sequence of calls is what a list would be: groups in order, duplicates by scope, redrive, purge, moves", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const database = openDatabase({ dataDir: undefined, activity: new Activity() });
      const store = createQueueStore(database);
      const model = new Model();
      const received: StoredQueueMessage[] = [];
      let nowMs = 1_000;
      for (const [index, one] of steps.entries()) {
        const body = String(index);
        if (one.do === "wait") nowMs += one.ms;
        if (one.do === "purge") {
          await store.purge("f");
          model.messages = [];
        }
        if (one.do === "move back") await moveBack(store, model, nowMs, body);
        if (one.do === "send") {
          const id = one.id ?? body;
          const scope = one.byGroup ? one.group : "";
          const message = {
            messageId: body,
            body,
            bodyMd5: "",
            groupId: one.group,
            sentAtMs: nowMs,
            visibleAtMs: nowMs,
            deduplication: { id, scope, expiresAtMs: nowMs + deduplicationMs },
          };
          const [sent] = await store.send("f", [message], { ordered: true, nowMs });
          const first = model.send({ body, group: one.group, visibleAtMs: nowMs, receives: 0 }, id, scope, nowMs);
          expect([sent?.messageId, sent?.isDuplicate]).toEqual([first ?? body, first !== undefined]);
        }
        if (one.do === "receive") {
          const visibleAtMs = nowMs + one.forMs;
          const { messages, moved } = await store.receive("f", {
            ordered: true,
            nowMs,
            max: one.max,
            visibleAtMs,
            expiredUpToMs: 0,
            inFlightMax: 1_000,
            ...(one.redrives ? { redrive: { queue: "dlq", receiveCountMax, source: "f" } } : {}),
          });
          received.push(...messages);
          const open = model.open(nowMs);
          const isSpent = ({ receives }: ModelMessage): boolean => one.redrives && receives >= receiveCountMax;
          expect(messages.length).toBe(Math.min(one.max, open.filter((message) => !isSpent(message)).length));
          for (const group of groups) {
            const expected = open.filter((message) => message.group === group);
            const seen = ofGroup(messages, group).length + ofGroup(moved, group).length;
            const run = expected.slice(0, seen);
            expect(ofGroup(messages, group)).toEqual(
              ofGroup(
                run.filter((message) => !isSpent(message)),
                group,
              ),
            );
            expect(ofGroup(moved, group)).toEqual(ofGroup(run.filter(isSpent), group));
          }
          for (const dead of moved) {
            const spent = model.find(dead.body);
            if (spent !== undefined) model.dead.push(spent);
            model.remove(dead.body);
          }
          for (const message of messages) {
            const taken = model.find(message.body);
            if (taken !== undefined) Object.assign(taken, { visibleAtMs, receives: taken.receives + 1 });
          }
        }
        if ((one.do === "delete" || one.do === "release") && received.length > 0) {
          const receipt = received[one.pick % received.length];
          if (receipt === undefined) continue;
          const options = { ordered: true, nowMs };
          const known = model.find(receipt.body);
          if (one.do === "delete") {
            const { outcomes } = await store.delete("f", [receipt], options);
            if (outcomes[0] === "done") model.remove(receipt.body);
            if (known === undefined) expect(outcomes[0]).not.toBe("done");
          } else {
            const visibleAtMs = nowMs + one.delayMs;
            const [outcome] = await store.changeVisibility("f", [{ ...receipt, visibleAtMs }], options);
            if (outcome === "done" && known !== undefined) known.visibleAtMs = visibleAtMs;
          }
        }
      }
      const count = async (queue: string): Promise<number> => {
        const { visible, inFlight } = await store.count(queue, { nowMs, expiredUpToMs: 0 });
        return visible + inFlight;
      };
      expect([await count("f"), await count("dlq")]).toEqual([model.messages.length, model.dead.length]);
      const { messages: dead } = await store.receive("dlq", {
        ordered: true,
        nowMs,
        max: 1_000,
        visibleAtMs: nowMs + 1,
        expiredUpToMs: 0,
        inFlightMax: 1_000,
      });
      for (const group of groups) expect(ofGroup(dead, group)).toEqual(ofGroup(model.dead, group));
      database.close();
    }),
    { numRuns: 200, seed: 7 },
  );
});

/** A message move task's step: two of the dead-letter queue's messages go back, the oldest of each group first. */
async function moveBack(store: QueueStore, model: Model, nowMs: number, label: string): Promise<void> {
  const { moved } = await store.move("dlq", {
    ordered: true,
    nowMs,
    expiredUpToMs: 0,
    messageIds: [`${label}-0`, `${label}-1`],
    target: { queue: "f", visibleAtMs: nowMs },
  });
  expect(moved.length).toBe(Math.min(2, model.dead.length));
  for (const { body } of moved) {
    const dead = model.dead.find((message) => message.body === body);
    if (dead === undefined) throw new Error(`${body} was not dead`);
    expect(body).toBe(model.dead.find(({ group }) => group === dead.group)?.body);
    model.dead = model.dead.filter((message) => message !== dead);
    model.messages.push({ ...dead, visibleAtMs: nowMs, receives: 0 });
  }
}
