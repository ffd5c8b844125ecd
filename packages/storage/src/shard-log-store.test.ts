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
