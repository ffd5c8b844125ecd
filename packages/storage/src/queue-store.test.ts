import type { NewQueueMessage, QueueMove, QueueReceive, QueueStore, StoredQueueMessage } from "@tripline/kernel";
import { describe, expect, it } from "vitest";
import { createQueueStore } from "./index.ts";
import { onEveryAdapter } from "./conformance/on-every-adapter.ts";

const message = (body: string, more: Partial<NewQueueMessage> = {}): NewQueueMessage => ({
  messageId: `id-${body}`,
  body,
  bodyMd5: "",
  sentAtMs: 1_000,
  visibleAtMs: 1_000,
  ...more,
});
const plain = { ordered: false, nowMs: 1_000 };
const inOrder = { ordered: true, nowMs: 1_000 };
const options = (more: Partial<QueueReceive> = {}): QueueReceive => ({
  ordered: false,
  nowMs: 1_000,
  max: 10,
  visibleAtMs: 2_000,
  expiredUpToMs: 0,
  inFlightMax: 1_000,
  ...more,
});
const bodies = async (store: QueueStore, queue: string, more: Partial<QueueReceive> = {}): Promise<string[]> =>
  (await store.receive(queue, options(more))).messages.map(({ body }) => body);

onEveryAdapter("QueueStore", ({ open, reopen, persistent }) => {
  it("Q1 hands a message out once for each visibility, oldest first, with what was sent", async () => {
    const store = createQueueStore(open());
    const [sent] = await store.send("q", [message("a", { attributes: "{}", groupId: "g" })], plain);
    await store.send("q", [message("b", { visibleAtMs: 1_001 })], plain);
    expect(await store.receive("q", options())).toEqual({
      messages: [
        {
          sequence: sent?.sequence,
          messageId: "id-a",
          body: "a",
          bodyMd5: "",
          attributes: "{}",
          groupId: "g",
          deduplicationId: null,
          deadLetterSource: null,
          sentAtMs: 1_000,
          receiveCount: 1,
          firstReceivedAtMs: 1_000,
        },
      ],
      moved: [],
      isFull: false,
    });
    expect(await bodies(store, "q", { nowMs: 1_999, visibleAtMs: 9_000 })).toEqual(["b"]);
    expect(await store.receive("q", options({ nowMs: 2_000 }))).toMatchObject({
      messages: [{ body: "a", receiveCount: 2, firstReceivedAtMs: 1_000 }],
    });
  });

  it("Q1 hands each message to one of several receives of the same turn", async () => {
    const store = createQueueStore(open());
    await store.send(
      "q",
      ["a", "b", "c"].map((body) => message(body)),
      plain,
    );
    const received = await Promise.all([1, 2, 3].map(() => bodies(store, "q", { max: 2 })));
    expect(received).toEqual([["a", "b"], ["c"], []]);
  });

  it("Q2 keeps a group behind its first message that is not visible, and goes on when that is gone", async () => {
    const store = createQueueStore(open());
    const sent = ["a1", "a2", "b1", "a3"].map((body) => message(body, { groupId: body.charAt(0) }));
    await store.send("f", sent, inOrder);
    const first = await store.receive("f", options({ ordered: true, max: 1 }));
    expect(first.messages.map(({ body }) => body)).toEqual(["a1"]);
    expect(await bodies(store, "f", { ordered: true })).toEqual(["b1"]);
    expect(await bodies(store, "f", { ordered: true })).toEqual([]);
    expect(await store.delete("f", first.messages, inOrder)).toEqual({ outcomes: ["done"], unblocked: true });
    expect(await bodies(store, "f", { ordered: true, max: 1 })).toEqual(["a2"]);
    expect(await bodies(store, "f", { ordered: true, nowMs: 2_000 })).toEqual(["a2", "a3", "b1"]);
  });

  it("Q2 gives a run of one group before the others", async () => {
    const store = createQueueStore(open());
    const sent = ["a1", "b1", "a2", "b2"].map((body) => message(body, { groupId: body.charAt(0) }));
    await store.send("f", sent, inOrder);
    expect(await bodies(store, "f", { ordered: true, max: 3 })).toEqual(["a1", "a2", "b1"]);
  });

  describe("Q3 a receipt", () => {
    it("of an earlier receive, of a message that is gone, or of another queue changes nothing", async () => {
      const store = createQueueStore(open());
      await store.send("q", [message("a")], plain);
      const early = (await store.receive("q", options({ visibleAtMs: 1_000 }))).messages[0];
      const late = (await store.receive("q", options())).messages[0];
      if (early === undefined || late === undefined) throw new Error("nothing received");
      const missing = { sequence: 99, receiveCount: 1 };
      expect((await store.delete("q", [early, missing], plain)).outcomes).toEqual(["stale", "gone"]);
      expect((await store.delete("other", [late], plain)).outcomes).toEqual(["gone"]);
      expect(await store.changeVisibility("q", [{ ...early, visibleAtMs: 5_000 }], plain)).toEqual(["stale"]);
      expect((await store.delete("q", [late, late], plain)).outcomes).toEqual(["done", "gone"]);
    });

    it("whose visibility has ended still deletes, but not in an ordered queue", async () => {
      const store = createQueueStore(open());
      await store.send("q", [message("a")], plain);
      await store.send("f", [message("a", { groupId: "g" })], inOrder);
      const [q] = (await store.receive("q", options())).messages;
      const [f] = (await store.receive("f", options({ ordered: true }))).messages;
      if (q === undefined || f === undefined) throw new Error("nothing received");
      expect((await store.delete("q", [q], { ordered: false, nowMs: 2_000 })).outcomes).toEqual(["done"]);
      expect((await store.delete("f", [f], { ordered: true, nowMs: 2_000 })).outcomes).toEqual(["expired"]);
    });

    it("that was released is not in flight", async () => {
      const store = createQueueStore(open());
      await store.send("q", [message("a")], plain);
      const [a] = (await store.receive("q", options())).messages;
      if (a === undefined) throw new Error("nothing received");
      expect(await store.changeVisibility("q", [{ ...a, visibleAtMs: 1_000 }], plain)).toEqual(["done"]);
      expect(await store.changeVisibility("q", [{ ...a, visibleAtMs: 1_000 }], plain)).toEqual(["released"]);
      expect(await bodies(store, "q")).toEqual(["a"]);
    });
  });

  it("Q4 answers duplicates with the first message until the id expires, in the scope it was sent in", async () => {
    const store = createQueueStore(open());
    const send = async (body: string, scope: string, nowMs = 1_000): Promise<boolean | undefined> => {
      const deduplication = { id: "d", scope, expiresAtMs: nowMs + 100 };
      const [sent] = await store.send("f", [message(body, { groupId: "g", deduplication })], { ordered: true, nowMs });
      return sent?.isDuplicate;
    };
    expect(await send("1", "g1")).toBe(false);
    expect(await send("2", "g2")).toBe(false);
    expect(await send("3", "g1")).toBe(true);
    expect(await send("4", "")).toBe(false);
    expect(await send("5", "g3")).toBe(true);
    expect(await send("6", "g1", 1_100)).toBe(false);
    const both = await store.send(
      "other",
      ["x", "y"].map((body) =>
        message(body, { groupId: "g", deduplication: { id: "d", scope: "", expiresAtMs: 2_000 } }),
      ),
      inOrder,
    );
    expect(both).toEqual([
      { messageId: "id-x", sequence: expect.any(Number), isDuplicate: false },
      { messageId: "id-x", sequence: both[0]?.sequence, isDuplicate: true },
    ]);
  });

  it("moves what was received too often, and goes on with the next", async () => {
    const store = createQueueStore(open());
    await store.send("q", [message("poison"), message("good", { visibleAtMs: 1_001 })], plain);
    await store.receive("q", options({ visibleAtMs: 1_000 }));
    const redrive = { queue: "dlq", receiveCountMax: 1, source: "arn" };
    const { messages, moved } = await store.receive("q", options({ nowMs: 1_001, max: 1, redrive }));
    expect(messages.map(({ body }) => body)).toEqual(["good"]);
    expect(moved).toMatchObject([{ messageId: "id-poison", receiveCount: 1 }]);
    // In the dead-letter queue it is received anew, and keeps its count.
    expect(await store.receive("dlq", options({ nowMs: 1_001, redrive: { ...redrive, queue: "next" } }))).toMatchObject(
      {
        messages: [
          {
            messageId: "id-poison",
            receiveCount: 2,
            deadLetterSource: "arn",
            firstReceivedAtMs: 1_000,
            sentAtMs: 1_000,
          },
        ],
        moved: [],
      },
    );
  });

  it("moves within a group in order: the next of the group follows", async () => {
    const store = createQueueStore(open());
    await store.send(
      "f",
      ["a1", "a2"].map((body) => message(body, { groupId: "a", deduplicationId: "d" })),
      inOrder,
    );
    await store.receive("f", options({ ordered: true, max: 1, visibleAtMs: 1_000 }));
    const redrive = { queue: "dlq", receiveCountMax: 1, source: "arn" };
    expect(await bodies(store, "f", { ordered: true, max: 1, redrive })).toEqual(["a2"]);
    expect((await store.receive("dlq", options({ ordered: true }))).messages).toMatchObject([
      { body: "a1", groupId: "a", deduplicationId: "id-a1" },
    ]);
  });

  it("Q2 a group goes on when several of its messages are moved in one receive", async () => {
    const store = createQueueStore(open());
    const all = ["a", "b", "c", "d"].map((body) => message(body, { groupId: "g" }));
    await store.send("f", all.slice(0, 2), inOrder);
    const redrive = { queue: "dlq", receiveCountMax: 1, source: "arn" };
    await store.receive("f", options({ ordered: true, redrive }));
    await store.send("f", all.slice(2), inOrder);
    const second = await store.receive(
      "f",
      options({ ordered: true, nowMs: 2_000, visibleAtMs: 3_000, max: 4, redrive }),
    );
    expect([second.moved.map(({ body }) => body), second.messages.map(({ body }) => body)]).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
    const [c] = second.messages;
    await store.delete("f", c === undefined ? [] : [c], { ordered: true, nowMs: 2_000 });
    expect(await bodies(store, "f", { ordered: true, nowMs: 3_000, visibleAtMs: 4_000 })).toEqual(["d"]);
  });

  it("drops what is past its retention, and opens its group", async () => {
    const store = createQueueStore(open());
    const sent = [
      message("old", { groupId: "g" }),
      message("new", { groupId: "g", sentAtMs: 1_500, visibleAtMs: 1_500 }),
    ];
    await store.send("f", sent, inOrder);
    await store.send("q", sent, plain);
    expect(await bodies(store, "f", { ordered: true, nowMs: 1_600, expiredUpToMs: 1_000 })).toEqual(["new"]);
    expect(await store.count("q", { nowMs: 1_600, expiredUpToMs: 1_000 })).toEqual({
      visible: 1,
      inFlight: 0,
      delayed: 0,
    });
  });

  it("hands out no more than may be in flight, and counts those that came back", async () => {
    const store = createQueueStore(open());
    await store.send(
      "q",
      ["a", "b", "c", "d"].map((body) => message(body)),
      plain,
    );
    const few = { inFlightMax: 2, max: 10 };
    const first = await store.receive("q", options(few));
    expect(first.messages.map(({ body }) => body)).toEqual(["a", "b"]);
    expect(await store.receive("q", options(few))).toEqual({ messages: [], moved: [], isFull: true });
    await store.delete("q", first.messages.slice(0, 1), plain);
    expect(await bodies(store, "q", few)).toEqual(["c"]);
    expect(await bodies(store, "q", { ...few, nowMs: 2_000, visibleAtMs: 3_000 })).toEqual(["d", "b"]);
    expect(await store.count("q", { nowMs: 2_000, expiredUpToMs: 0 })).toEqual({ visible: 1, inFlight: 2, delayed: 0 });
  });

  it("counts and foretells what is visible, in flight and delayed", async () => {
    const store = createQueueStore(open());
    const sent = [message("a"), message("b"), message("c", { visibleAtMs: 1_700 })];
    await store.send("q", sent, plain);
    expect(await store.nextVisibleAtMs("q", plain)).toBe(1_700);
    await store.receive("q", options({ max: 1, visibleAtMs: 1_600 }));
    expect(await store.count("q", { nowMs: 1_000, expiredUpToMs: 0 })).toEqual({ visible: 1, inFlight: 1, delayed: 1 });
    expect(await store.nextVisibleAtMs("q", plain)).toBe(1_600);
    expect(await store.nextVisibleAtMs("q", { ordered: false, nowMs: 1_700 })).toBeUndefined();
  });

  describe("Q6 a receive that is repeated under its attempt id", () => {
    const attempt = (id: string, more: Partial<QueueReceive> = {}): QueueReceive =>
      options({ ordered: true, max: 2, attempt: { id, expiresAtMs: 9_000 }, ...more });

    it("gets the same messages under the same receipts, invisible anew, until it expires", async () => {
      const store = createQueueStore(open());
      await store.send(
        "f",
        ["a1", "a2", "b1"].map((body) => message(body, { groupId: body.charAt(0) })),
        inOrder,
      );
      const first = await store.receive("f", attempt("x"));
      expect(first.messages.map(({ body }) => body)).toEqual(["a1", "a2"]);
      expect(await store.receive("f", attempt("x", { nowMs: 1_500, visibleAtMs: 2_500 }))).toEqual(first);
      expect(await store.receive("f", attempt("x", { nowMs: 2_400, visibleAtMs: 9_500 }))).toEqual(first);
      expect((await store.delete("f", first.messages.slice(0, 1), { ordered: true, nowMs: 8_000 })).outcomes).toEqual([
        "done",
      ]);
      expect(await bodies(store, "f", attempt("y", { nowMs: 9_000, visibleAtMs: 9_900 }))).toEqual(["b1"]);
      expect(await bodies(store, "f", attempt("x", { nowMs: 9_000, visibleAtMs: 9_900 }))).toEqual([]);
    });

    it.each([
      ["deleted", (store: QueueStore, one: StoredQueueMessage) => store.delete("f", [one], inOrder)],
      [
        "changed in its visibility",
        (store: QueueStore, one: StoredQueueMessage) =>
          store.changeVisibility("f", [{ ...one, visibleAtMs: 3_000 }], inOrder),
      ],
      ["visible again", () => undefined],
    ])("is a receive of its own where a message was %s", async (how, touch) => {
      const store = createQueueStore(open());
      const sent = ["a1", "b1", "c1"].map((body) => message(body, { groupId: body.charAt(0) }));
      await store.send("f", sent, inOrder);
      const [a1] = (await store.receive("f", attempt("x"))).messages;
      if (a1 === undefined) throw new Error("nothing received");
      await touch(store, a1);
      const again = how === "visible again" ? ["c1", "a1"] : ["c1"];
      const nowMs = how === "visible again" ? 2_000 : 1_100;
      expect(await bodies(store, "f", attempt("x", { nowMs, visibleAtMs: 5_000 }))).toEqual(again);
    });
  });

  describe("move", () => {
    const plan = (count: number, more: Partial<QueueMove> = {}): QueueMove => ({
      ordered: false,
      nowMs: 1_500,
      expiredUpToMs: 0,
      messageIds: Array.from({ length: count }, (_, index) => `new-${index}`),
      target: { queue: "to", visibleAtMs: 1_500 },
      ...more,
    });

    it("sends visible messages elsewhere as new ones, oldest first, and says whether it goes on", async () => {
      const store = createQueueStore(open());
      const sent = ["a", "b", "c", "d"].map((body) => message(body, { attributes: "{}" }));
      await store.send("q", sent, plain);
      await store.receive("q", options({ max: 1 }));
      const to = (body: string, index: number): object => ({
        messageId: `new-${index}`,
        formerMessageId: `id-${body}`,
        queue: "to",
        body,
      });
      expect(await store.move("q", plan(2))).toEqual({ moved: [to("b", 0), to("c", 1)], goesOn: true });
      expect(await store.move("q", plan(2))).toEqual({ moved: [to("d", 0)], goesOn: false });
      expect(await store.receive("to", options({ nowMs: 1_500 }))).toMatchObject({
        messages: [
          { messageId: "new-0", body: "b", attributes: "{}", receiveCount: 1, sentAtMs: 1_500, deadLetterSource: null },
          { messageId: "new-1", body: "c" },
          { messageId: "new-0", body: "d" },
        ],
      });
      expect(await store.count("q", { nowMs: 1_500, expiredUpToMs: 0 })).toEqual({
        visible: 0,
        inFlight: 1,
        delayed: 0,
      });
    });

    it("takes each message back to its own source, and stops at one without", async () => {
      const store = createQueueStore(open());
      for (const queue of ["one", "two"]) {
        await store.send(queue, [message(queue)], plain);
        await store.receive(queue, options({ visibleAtMs: 1_000 }));
        const redrive = { queue: "dlq", receiveCountMax: 1, source: `arn:${queue}` };
        await store.receive(queue, options({ redrive }));
      }
      await store.send("dlq", [message("stray", { visibleAtMs: 1_400 })], plain);
      const targetsBySource = {
        "arn:one": { queue: "one", visibleAtMs: 1_500 },
        "arn:two": { queue: "two", visibleAtMs: 1_500 },
      };
      const { target: _target, ...bySource } = plan(5, { targetsBySource });
      expect(await store.move("dlq", bySource)).toMatchObject({
        moved: [{ queue: "one" }, { queue: "two" }],
        goesOn: false,
        unplaced: null,
      });
      expect(await bodies(store, "two", { nowMs: 1_500 })).toEqual(["two"]);
      expect(await bodies(store, "dlq", { nowMs: 1_500 })).toEqual(["stray"]);
    });

    it("keeps the order of groups, and leaves a group alone whose first message is in flight", async () => {
      const store = createQueueStore(open());
      const sent = ["a1", "b1", "a2", "b2"].map((body) => message(body, { groupId: body.charAt(0) }));
      await store.send("f", sent, inOrder);
      const [a1] = (await store.receive("f", options({ ordered: true, max: 1 }))).messages;
      expect(await store.move("f", plan(9, { ordered: true }))).toMatchObject({
        moved: [{ body: "b1" }, { body: "b2" }],
        goesOn: false,
      });
      expect(await bodies(store, "to", { ordered: true, nowMs: 1_500 })).toEqual(["b1", "b2"]);
      await store.delete("f", a1 === undefined ? [] : [a1], inOrder);
      expect(
        await store.move("f", plan(9, { ordered: true, target: { queue: "f", visibleAtMs: 1_700 } })),
      ).toMatchObject({
        moved: [{ body: "a2" }],
        goesOn: false,
      });
      expect(await bodies(store, "f", { ordered: true, nowMs: 1_700 })).toEqual(["a2"]);
    });
  });

  it("a receipt is prolonged up to the longest time that a message may be held, and not beyond", async () => {
    const store = createQueueStore(open());
    await store.send("q", [message("a")], plain);
    const [a] = (await store.receive("q", options())).messages;
    if (a === undefined) throw new Error("nothing received");
    const until = (visibleAtMs: number): Promise<string[]> =>
      store.changeVisibility("q", [{ ...a, visibleAtMs }], { ordered: false, nowMs: 1_500, heldMsMax: 3_000 });
    expect(await until(4_001)).toEqual(["beyond"]);
    expect(await until(4_000)).toEqual(["done"]);
    expect(await bodies(store, "q", { nowMs: 3_999 })).toEqual([]);
  });

  it("counts stay exact over sends, receives, deletes, retention, moves and writes that fail", async () => {
    const database = open();
    const store = createQueueStore(database);
    const depth = async (queue: string): Promise<number> => {
      const { visible, inFlight, delayed } = await store.count(queue, { nowMs: 1_500, expiredUpToMs: 500 });
      return visible + inFlight + delayed;
    };
    expect([await depth("q"), await depth("dlq")]).toEqual([0, 0]);
    const sent = ["a", "b", "c", "d"].map((body) => message(body));
    await store.send("q", [...sent, message("old", { sentAtMs: 500 })], plain);
    expect(await depth("q")).toBe(4);
    await store.receive("q", options({ max: 1, visibleAtMs: 1_000 }));
    await store.receive("q", options({ max: 1, redrive: { queue: "dlq", receiveCountMax: 1, source: "s" } }));
    expect([await depth("q"), await depth("dlq")]).toEqual([3, 1]);
    const broken = message("x", { body: null as unknown as string });
    await expect(store.send("q", [message("e"), broken], plain)).rejects.toThrow("NOT NULL");
    expect(await depth("q")).toBe(3);
    await store.purge("q");
    expect(await depth("q")).toBe(0);
  });

  it("purge keeps deduplication ids, drop does not", async () => {
    const store = createQueueStore(open());
    const one = message("a", { groupId: "g", deduplication: { id: "d", scope: "", expiresAtMs: 9_000 } });
    const isDuplicate = async (): Promise<boolean | undefined> =>
      (await store.send("f", [one], inOrder))[0]?.isDuplicate;
    expect(await isDuplicate()).toBe(false);
    await store.purge("f");
    expect(await isDuplicate()).toBe(true);
    await store.drop("f");
    expect(await isDuplicate()).toBe(false);
    expect(await bodies(store, "f", { ordered: true })).toEqual(["a"]);
  });

  it("purge and drop of many messages are done at once, and the rest is swept away", async () => {
    const database = open();
    const store = createQueueStore(database);
    const many = Array.from({ length: 2_500 }, (_, index) => message(`${index}`, { groupId: `${index % 7}` }));
    const rows = (): number =>
      database.connection.prepare<[], { count: number }>("SELECT count(*) AS count FROM queue_messages").get()?.count ??
      0;
    for (const empty of ["purge", "drop"] as const) {
      await store.send("f", many, inOrder);
      const [first] = (await store.receive("f", options({ ordered: true, max: 1 }))).messages;
      const emptied = store[empty]("f");
      const sent = store.send("f", [message("new", { groupId: "1" })], inOrder);
      await Promise.all([emptied, sent]);
      expect(await store.count("f", { nowMs: 1_000, expiredUpToMs: 0 })).toEqual({
        visible: 1,
        inFlight: 0,
        delayed: 0,
      });
      expect((await store.delete("f", first === undefined ? [] : [first], inOrder)).outcomes).toEqual(["gone"]);
      while (rows() > 1) await store.count("f", { nowMs: 1_000, expiredUpToMs: 0 });
      const left = (await store.receive("f", options({ ordered: true }))).messages;
      expect(left.map(({ body }) => body)).toEqual(["new"]);
      await store.delete("f", left, inOrder);
    }
  });

  it.runIf(persistent)("a sweep goes on after reopening", async () => {
    const database = open();
    const before = createQueueStore(database);
    await before.send(
      "q",
      Array.from({ length: 2_500 }, (_, index) => message(`${index}`)),
      plain,
    );
    await before.purge("q");
    const again = reopen(database);
    const after = createQueueStore(again);
    await after.send("q", [message("new")], plain);
    const rows = again.connection.prepare<[], { count: number }>("SELECT count(*) AS count FROM queue_messages");
    while ((rows.get()?.count ?? 0) > 1) await after.count("q", { nowMs: 1_000, expiredUpToMs: 0 });
    expect(await bodies(after, "q")).toEqual(["new"]);
  });

  it.runIf(persistent)("what was acknowledged is there after reopening, with its receive count and order", async () => {
    const database = open();
    const before = createQueueStore(database);
    await before.send(
      "f",
      ["a1", "a2"].map((body) => message(body, { groupId: "a" })),
      inOrder,
    );
    await before.receive("f", options({ ordered: true, max: 1 }));
    const after = createQueueStore(reopen(database));
    expect(await bodies(after, "f", { ordered: true })).toEqual([]);
    expect(await after.receive("f", options({ ordered: true, nowMs: 2_000 }))).toMatchObject({
      messages: [
        { body: "a1", receiveCount: 2 },
        { body: "a2", receiveCount: 1 },
      ],
    });
  });

  it("Q5 every statement of a receive goes by an index", () => {
    const database = open();
    createQueueStore(database);
    const plan = (where: string): string[] =>
      database.connection
        .prepare<[], { detail: string }>(
          `EXPLAIN QUERY PLAN SELECT * FROM queue_messages WHERE queue = 'q' AND ${where}`,
        )
        .all()
        .map(({ detail }) => detail);
    expect(plan("visible_at_ms <= 1 ORDER BY visible_at_ms, sequence LIMIT 1")).toEqual([
      "SEARCH queue_messages USING INDEX queue_visible (queue=? AND visible_at_ms<?)",
    ]);
    expect(plan("visible_at_ms <= 1 AND head = 1 ORDER BY visible_at_ms, sequence LIMIT 1")).toEqual([
      "SEARCH queue_messages USING INDEX queue_heads (queue=? AND visible_at_ms<?)",
    ]);
    expect(plan("group_id = 'g' AND ordered = 1 ORDER BY sequence LIMIT 1")).toEqual([
      "SEARCH queue_messages USING INDEX queue_groups (queue=? AND group_id=?)",
    ]);
    expect(plan("retained_from_ms <= 1 LIMIT 1")).toEqual([
      "SEARCH queue_messages USING INDEX queue_retained (queue=? AND retained_from_ms<?)",
    ]);
  });
});
