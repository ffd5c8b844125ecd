/** Finds the open shard of a hash key, by halves. */
import { openShards, type Shard, type Stream } from "./stream.ts";

/** Built once for each state of a stream. */
export class ShardMap {
  readonly #firsts: bigint[];
  readonly #shards: Shard[];

  constructor(stream: Stream) {
    const open = openShards(stream).map((shard) => ({ shard, first: BigInt(shard.firstHashKey) }));
    open.sort((a, b) => (a.first < b.first ? -1 : 1));
    this.#shards = open.map(({ shard }) => shard);
    this.#firsts = open.map(({ first }) => first);
  }

  find(hashKey: bigint): Shard | undefined {
    let low = 0;
    let high = this.#firsts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#firsts[middle] ?? 0n) <= hashKey) low = middle;
      else high = middle - 1;
    }
    return this.#shards[low];
  }
}
