import { createRng, type ShardLogStore } from "@tripline/kernel";
import { expect, it } from "vitest";
import { onEveryAdapter } from "./conformance/on-every-adapter.ts";
import { createShardLogStore } from "./index.ts";

const all = { max: 100, bytesMax: 1_000_000, arrivedFromMs: 0 };
const record = (shard: number, text: string, arrivedAtMs = 0): Parameters<ShardLogStore["append"]>[0][number] => ({
  shard,
  partitionKey: `key of ${text}`,
  data: new TextEncoder().encode(text),
  arrivedAtMs,
});
const texts = async (store: ShardLogStore, shard: number, after = 0, options = all): Promise<string[]> =>
  (await store.read(shard, after, options)).map(({ data }) => new TextDecoder().decode(data));

onEveryAdapter("ShardLogStore", ({ open, reopen, persistent }) => {
  it("append gives positions that count up by shard, and read returns what was appended, in order", async () => {
    const store = createShardLogStore(open());
    const [a = 0, b = 0] = await store.allocate(2);
    const places = await store.append([record(a, "one", 10), record(b, "other", 11), record(a, "two", 12)]);
    expect(places).toEqual([
      { position: 1, arrivedAtMs: 10 },
      { position: 1, arrivedAtMs: 11 },
      { position: 2, arrivedAtMs: 12 },
    ]);
    expect(await store.read(a, 0, all)).toEqual([
      { position: 1, partitionKey: "key of one", data: Buffer.from("one"), arrivedAtMs: 10 },
      { position: 2, partitionKey: "key of two", data: Buffer.from("two"), arrivedAtMs: 12 },
    ]);
    expect([await texts(store, a, 1), await texts(store, a, 2), await texts(store, b)]).toEqual([
      ["two"],
      [],
      ["other"],
    ]);
    expect(await store.last(a)).toEqual({ position: 2, arrivedAtMs: 12 });
  });

  it("append never lets arrivals go backwards", async () => {
    const store = createShardLogStore(open());
    const [shard = 0] = await store.allocate(1);
    await store.append([record(shard, "a", 20)]);
    expect(await store.append([record(shard, "b", 5)])).toEqual([{ position: 2, arrivedAtMs: 20 }]);
  });

  it("read stops at max, at bytesMax (but gives one at least), and passes over what arrived too early", async () => {
    const store = createShardLogStore(open());
    const [shard = 0] = await store.allocate(1);
    await store.append([record(shard, "aaaa", 1), record(shard, "bbbb", 2), record(shard, "cccc", 3)]);
    expect(await texts(store, shard, 0, { ...all, max: 2 })).toEqual(["aaaa", "bbbb"]);
    expect(await texts(store, shard, 0, { ...all, bytesMax: 8 })).toEqual(["aaaa", "bbbb"]);
    expect(await texts(store, shard, 0, { ...all, bytesMax: 1 })).toEqual(["aaaa"]);
    expect(await texts(store, shard, 0, { ...all, arrivedFromMs: 3 })).toEqual(["cccc"]);
    expect(await texts(store, shard, 0, { ...all, arrivedFromMs: 4 })).toEqual([]);
  });

  it("lastBefore agrees with a walk over every record, trimmed or not", async () => {
    const store = createShardLogStore(open());
    const rng = createRng("lastBefore");
    const [shard = 0] = await store.allocate(1);
    let nowMs = 0;
    const arrivals: number[] = [];
    for (let n = 0; n < 100; n++) arrivals.push((nowMs += rng.below(3)));
    await store.append(arrivals.map((ms, n) => record(shard, String(n), ms)));
    for (const trimmed of [0, 30]) {
      await store.trim(shard, (arrivals[trimmed] ?? 0) + (trimmed === 0 ? 0 : 1), trimmed);
      for (let ms = 0; ms <= nowMs + 1; ms++) {
        const expected = Math.max(trimmed, arrivals.filter((one) => one < ms).length);
        expect([ms, await store.lastBefore(shard, ms)]).toEqual([ms, expected]);
      }
    }
  });

  it("trim removes the oldest, up to max, and positions go on", async () => {
    const store = createShardLogStore(open());
    const [shard = 0] = await store.allocate(1);
    await store.append([record(shard, "a", 1), record(shard, "b", 2), record(shard, "c", 3)]);
    expect([await store.trim(shard, 3, 1), await store.trim(shard, 3, 10), await store.trim(shard, 3, 10)]).toEqual([
      1, 1, 0,
    ]);
    await store.trim(shard, 100, 10);
    expect([await texts(store, shard), await store.lastBefore(shard, 0)]).toEqual([[], 3]);
    expect(await store.append([record(shard, "d", 4)])).toEqual([{ position: 4, arrivedAtMs: 4 }]);
  });

  it("drop removes shards whole; their numbers are not used again", async () => {
    const store = createShardLogStore(open());
    const [a = 0, b = 0] = await store.allocate(2);
    await store.append([record(a, "a"), record(b, "b")]);
    await store.drop([b]);
    const [next] = await store.allocate(1);
    expect([await texts(store, a), await texts(store, b), next]).toEqual([["a"], [], b + 1]);
  });

  it("agrees with lists of records, through rollbacks, trims, drops and reopening, however large the tails grow", async () => {
    const rng = createRng("shard log");
    let database = open();
    let store = createShardLogStore(database);
    const model = new Map<number, { text: string; arrivedAtMs: number }[]>();
    const floors = new Map<number, number>();
    for (const shard of await store.allocate(4)) model.set(shard, []);
    const pad = "x".repeat(60_000);
    let nowMs = 1_000;
    let n = 0;
    const check = async (shard: number): Promise<void> => {
      const kept = model.get(shard) ?? [];
      const floor = floors.get(shard) ?? 0;
      const after = rng.below(kept.length + 1);
      const from = Math.max(after, floor);
      const max = 1 + rng.below(20);
      expect(await texts(store, shard, after, { ...all, max, bytesMax: 10_000_000 })).toEqual(
        kept.slice(from, from + max).map(({ text }) => text),
      );
      const beforeMs = 1_000 + rng.below(nowMs - 900);
      const before = kept.filter(({ arrivedAtMs }) => arrivedAtMs < beforeMs).length;
      expect(await store.lastBefore(shard, beforeMs)).toBe(Math.max(floor, before));
      expect(await store.last(shard)).toEqual({
        position: kept.length,
        arrivedAtMs: kept.at(-1)?.arrivedAtMs ?? 0,
      });
    };
    for (let step = 0; step < 150; step++) {
      const shards = Array.from(model.keys());
      const pick = (): number => shards[rng.below(shards.length)] ?? 0;
      nowMs += rng.below(5);
      const batch = Array.from({ length: 1 + rng.below(6) }, () => ({ shard: pick(), text: `${n++} ${pad}` }));
      const writes: Promise<unknown>[] = [
        store.append(batch.map(({ shard, text }) => record(shard, text, nowMs))),
        store.append([
          record(pick(), "taken back", nowMs),
          { ...record(pick(), "no", nowMs), partitionKey: 1 as never },
        ]),
      ];
      for (const { shard, text } of batch) model.get(shard)?.push({ text, arrivedAtMs: nowMs });
      expect((await Promise.allSettled(writes)).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
      if (step % 5 === 0) {
        const shard = pick();
        const max = rng.below(10);
        const beforeMs = nowMs - 20;
        const floor = floors.get(shard) ?? 0;
        const old = (model.get(shard) ?? []).filter(({ arrivedAtMs }) => arrivedAtMs < beforeMs).length;
        const removed = Math.max(0, Math.min(max, old - floor));
        expect(await store.trim(shard, beforeMs, max)).toBe(removed);
        floors.set(shard, floor + removed);
      }
      if (step === 70) {
        const shard = pick();
        await store.drop([shard]);
        model.delete(shard);
        for (const made of await store.allocate(1)) model.set(made, []);
      }
      if (persistent && step % 40 === 39) {
        database = reopen(database);
        store = createShardLogStore(database);
      }
      for (const shard of model.keys()) await check(shard);
    }
    expect(n * pad.length).toBeGreaterThan(20_000_000);
  });

  it("a write alone in its turn that throws leaves nothing behind", async () => {
    const store = createShardLogStore(open());
    const [shard = 0] = await store.allocate(1);
    await expect(
      store.append([record(shard, "a", 5), { ...record(shard, "b"), partitionKey: 1 as never }]),
    ).rejects.toThrow();
    expect(await store.append([record(shard, "c", 1)])).toEqual([{ position: 1, arrivedAtMs: 1 }]);
    expect(await texts(store, shard)).toEqual(["c"]);
  });

  it.runIf(persistent)("what an earlier version kept, a row a record, is read", async () => {
    const database = open();
    database.connection.exec(
      `CREATE TABLE shards (shard INTEGER PRIMARY KEY AUTOINCREMENT, position INTEGER NOT NULL, arrived_at_ms INTEGER NOT NULL) STRICT;
       CREATE TABLE shard_records (id INTEGER PRIMARY KEY, arrived_at_ms INTEGER NOT NULL, partition_key TEXT NOT NULL, data BLOB NOT NULL) STRICT;
       INSERT INTO schema_steps VALUES ('shard-log', 0);
       INSERT INTO shards VALUES (1, 3, 1800000000009), (2, 4, 7);
       INSERT INTO shard_records VALUES (68719476738, 1800000000001, 'é', x'00ff00'), (68719476739, 1800000000009, 'k', x'')`,
    );
    const store = createShardLogStore(database);
    expect(await store.read(1, 0, all)).toEqual([
      { position: 2, partitionKey: "é", data: Buffer.from([0, 255, 0]), arrivedAtMs: 1_800_000_000_001 },
      { position: 3, partitionKey: "k", data: Buffer.from([]), arrivedAtMs: 1_800_000_000_009 },
    ]);
    expect([await store.read(2, 0, all), await store.last(2)]).toEqual([[], { position: 4, arrivedAtMs: 7 }]);
    expect(await store.append([record(1, "d", 1)])).toEqual([{ position: 4, arrivedAtMs: 1_800_000_000_009 }]);
  });

  it.runIf(persistent)("what was appended is there after reopening, and positions go on", async () => {
    const database = open();
    const store = createShardLogStore(database);
    const [shard = 0] = await store.allocate(1);
    await store.append([record(shard, "a", 7)]);
    const again = createShardLogStore(reopen(database));
    expect(await texts(again, shard)).toEqual(["a"]);
    expect(await again.append([record(shard, "b", 8)])).toEqual([{ position: 2, arrivedAtMs: 8 }]);
  });
});
