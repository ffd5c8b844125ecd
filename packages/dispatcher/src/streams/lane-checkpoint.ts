/**
 * How far a lane has come: one slice of one shard, for one mapping. Kept in the document store.
 *
 * C1. It moves forward only, and never past a record that is neither done nor given up.
 * C2. What was tried and failed is in it, with its attempts: a crash does not begin to count anew.
 * C3. The number of slices may change: records between the old slices' places that an old slice had done already are passed over.
 */
import type { DocumentStore } from "@tripline/kernel";
import type { OpenWindow } from "./tumbling-window.ts";

/** A piece by its last record. */
export interface KeptPiece {
  last: string;
  attempts: number;
  invokes: number;
}

/** See the module's header. */
export interface LaneCheckpoint {
  shardId: string;
  slice: number;
  slices: number;
  /** Sequence number of the last record that is done; absent: none. */
  after?: string;
  /** The shard is closed, and this slice of it done. */
  isDone: boolean;
  /** C2, in order. */
  pieces?: KeptPiece[];
  window?: OpenWindow;
  /** C3: where each of the old slices was; null: at the beginning. */
  former?: (string | null)[];
}

const kind = "lambda-stream-checkpoint";

/** Checkpoints of one mapping. */
export class LaneCheckpoints {
  readonly #documents: DocumentStore;
  readonly #uuid: string;

  constructor(documents: DocumentStore, uuid: string) {
    this.#documents = documents;
    this.#uuid = uuid;
  }

  /** What an earlier run has kept. */
  async load(): Promise<LaneCheckpoint[]> {
    const all = await this.#documents.list<LaneCheckpoint>(kind);
    return all.filter(({ key }) => key.startsWith(`${this.#uuid} `)).map(({ value }) => value);
  }

  put(checkpoint: LaneCheckpoint): Promise<void> {
    return this.#documents.put(kind, this.#keyOf(checkpoint), checkpoint);
  }

  async remove(checkpoints: readonly LaneCheckpoint[]): Promise<void> {
    await Promise.all(checkpoints.map((one) => this.#documents.delete(kind, this.#keyOf(one))));
  }

  /** Of a mapping that is deleted. */
  async removeAll(): Promise<void> {
    await this.remove(await this.load());
  }

  #keyOf({ shardId, slice, slices }: LaneCheckpoint): string {
    return `${this.#uuid} ${shardId} ${slice}/${slices}`;
  }
}
