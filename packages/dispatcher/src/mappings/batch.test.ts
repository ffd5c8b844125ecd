import { createRng } from "@tripline/kernel";
import { describe, expect, it } from "vitest";
import { type Batch, batchBytesMax, type BatchMessage, fillBatches, toEventPayload } from "./batch.ts";

const message = (messageId: string, bytes: number): BatchMessage => {
  const record = JSON.stringify("x".repeat(bytes - 2));
  return {
    message: {
      messageId,
      receiptHandle: messageId,
      body: "",
      sentAtMs: 0,
      receiveCount: 1,
      toEventRecord: () => ({}),
    },
    record,
    bytes: record.length,
  };
};
const limits = { sizeMax: 10_000, bytesMax: batchBytesMax, nowMs: 5, visibleAtMs: 10 };
const idsOf = (batch: Batch | undefined): string[] => batch?.messages.map(({ message: one }) => one.messageId) ?? [];

describe("fillBatches", () => {
  it("closes a batch that is full, and leaves one open that is not", () => {
    const messages = ["a", "b", "c"].map((id) => message(id, 10));
    const { closed, open } = fillBatches(undefined, messages, { ...limits, sizeMax: 2 });
    expect(closed.map(idsOf)).toEqual([["a", "b"]]);
    expect(open).toMatchObject({ openedAtMs: 5, visibleAtMs: 10 });
    const later = fillBatches(open, [message("d", 10)], { ...limits, sizeMax: 2, nowMs: 7, visibleAtMs: 12 });
    expect(later.closed.map(idsOf)).toEqual([["c", "d"]]);
    expect(later.closed[0]).toMatchObject({ openedAtMs: 5, visibleAtMs: 10 });
    expect(later.open).toBeUndefined();
  });

  it("closes a batch before its event is over 6 MB, and sends a message that is larger by itself", () => {
    const half = batchBytesMax / 2;
    const { closed, open } = fillBatches(
      undefined,
      [message("a", half - 8), message("b", half - 8), message("c", 2 * half), message("d", 10)],
      limits,
    );
    expect(closed.map(idsOf)).toEqual([["a", "b"], ["c"]]);
    expect(idsOf(open)).toEqual(["d"]);
    expect(closed.map((batch) => toEventPayload(batch).byteLength <= batchBytesMax)).toEqual([true, false]);
    const over = fillBatches(undefined, [message("a", half - 7), message("b", half - 8)], limits);
    expect(over.closed.map(idsOf)).toEqual([["a"]]);
  });

  it("loses none, keeps the order and the limits, whatever comes when", () => {
    const rng = createRng("batches");
    for (let run = 0; run < 300; run++) {
      const sizeMax = 1 + rng.below(rng.below(2) === 0 ? 10 : 60);
      const bytesMax = 1_100 + rng.below(2_000);
      let open: Batch | undefined;
      const closed: Batch[] = [];
      const sent: string[] = [];
      for (let turn = 0; turn < 8; turn++) {
        const messages = Array.from({ length: rng.below(40) }, () => {
          const id = `${sent.length}`;
          sent.push(id);
          return message(id, 20 + rng.below(rng.below(10) === 0 ? 1_000 : 50));
        });
        const filled = fillBatches(open, messages, { sizeMax, bytesMax, nowMs: turn, visibleAtMs: turn + 30 });
        open = filled.open;
        closed.push(...filled.closed);
      }
      expect([...closed, ...(open === undefined ? [] : [open])].flatMap(idsOf)).toEqual(sent);
      for (const [index, batch] of closed.entries()) {
        expect(batch.messages.length).toBeLessThanOrEqual(sizeMax);
        expect(toEventPayload(batch).byteLength).toBeLessThanOrEqual(bytesMax);
        const next = closed[index + 1] ?? open;
        const first = next?.messages[0];
        // A batch that is not full was closed because what follows did not fit.
        if (batch.messages.length < sizeMax && first !== undefined) {
          expect(batch.bytes + first.bytes + 1).toBeGreaterThan(bytesMax);
        }
      }
      expect(open?.messages.length ?? 0).toBeLessThan(sizeMax);
    }
  });
});
