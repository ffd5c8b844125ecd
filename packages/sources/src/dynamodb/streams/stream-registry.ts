/**
 * The streams that there are, kept as documents. A stream outlives its switching off, and its table, by a day.
 *
 * V1. The shard that a record goes to is asked for inside of the commit that writes it, so that none goes to a shard that is closed.
 */
import type { Activity, Clock, DocumentStore, ShardLogStore } from "@tripline/kernel";
import { StreamWatchers } from "../../stream-watchers/index.ts";
import {
  closeShards,
  isShardDue,
  isShardGone,
  isStreamGone,
  openShard,
  type StreamShardRecord,
  type TableStream,
  withNextShard,
} from "./table-stream.ts";

const kind = "dynamodb-stream";

export interface StreamRegistryOptions {
  clock: Clock;
  activity: Activity;
  documents: DocumentStore;
  logs: ShardLogStore;
}

/** See the module's header. */
export class StreamRegistry {
  readonly watchers: StreamWatchers = new StreamWatchers();
  readonly #options: StreamRegistryOptions;
  readonly #streams = new Map<string, TableStream>();
  readonly #rolling = new Map<string, Promise<void>>();

  constructor(options: StreamRegistryOptions) {
    this.#options = options;
  }

  /** Reads what an earlier run has kept, but what is gone by now. */
  async load(): Promise<void> {
    const { documents, clock } = this.#options;
    for (const { value } of await documents.list<TableStream>(kind)) {
      this.#streams.set(value.arn, value);
      if (isStreamGone(value, clock.now())) await this.#forget(value);
    }
  }

  /** Ordered by ARN; without those that were switched off more than a day ago. */
  list(): TableStream[] {
    const nowMs = this.#options.clock.now();
    return Array.from(this.#streams.values())
      .filter((stream) => !isStreamGone(stream, nowMs))
      .sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  get(arn: string): TableStream | undefined {
    const stream = this.#streams.get(arn);
    return stream === undefined || isStreamGone(stream, this.#options.clock.now()) ? undefined : stream;
  }

  /** A new stream, with its first shard. One that has the ARN already goes on, with a further shard: templates give streams fixed ARNs. */
  async open(stream: Omit<TableStream, "shards">): Promise<void> {
    const { logs, clock } = this.#options;
    const [log = 0] = await logs.allocate(1);
    const before = this.#streams.get(stream.arn);
    const { createdAtMs, shards } = before ?? { ...stream, shards: [] };
    await this.#save(withNextShard({ ...stream, createdAtMs, shards }, log, clock.now()));
    this.watchers.created();
  }

  /** Switches a stream off. */
  async disable(arn: string): Promise<void> {
    const stream = this.#streams.get(arn);
    if (stream === undefined || stream.disabledAtMs !== undefined) return;
    const nowMs = this.#options.clock.now();
    await this.#save({ ...stream, disabledAtMs: nowMs, shards: closeShards(stream, nowMs) });
    this.watchers.changed(arn);
  }

  /** Where records of a stream go now (V1). */
  target(arn: string): { stream: TableStream; shard: StreamShardRecord } | undefined {
    const stream = this.#streams.get(arn);
    const shard = stream === undefined ? undefined : openShard(stream);
    return stream === undefined || shard === undefined ? undefined : { stream, shard };
  }

  /** Before records are written: opens the next shard where that is due. */
  async roll(arn: string): Promise<void> {
    const stream = this.#streams.get(arn);
    if (stream === undefined || !isShardDue(stream, this.#options.clock.now())) return;
    const running = this.#rolling.get(arn) ?? this.#roll(stream).finally(() => this.#rolling.delete(arn));
    this.#rolling.set(arn, running);
    await running;
  }

  async #roll(stream: TableStream): Promise<void> {
    const { logs, clock } = this.#options;
    const [log = 0] = await logs.allocate(1);
    const nowMs = clock.now();
    const current = this.#streams.get(stream.arn);
    if (current === undefined || current.disabledAtMs !== undefined) return;
    const next = withNextShard(current, log, nowMs);
    const gone = next.shards.filter((shard) => isShardGone(shard, nowMs));
    await this.#save({ ...next, shards: next.shards.filter((shard) => !gone.includes(shard)) });
    if (gone.length > 0) await logs.drop(gone.map((shard) => shard.log));
    this.watchers.changed(stream.arn);
  }

  async #save(stream: TableStream): Promise<void> {
    this.#streams.set(stream.arn, stream); // at once: V1
    await this.#options.documents.put(kind, stream.arn, stream);
  }

  async #forget(stream: TableStream): Promise<void> {
    this.#streams.delete(stream.arn);
    await this.#options.logs.drop(stream.shards.map(({ log }) => log));
    await this.#options.documents.delete(kind, stream.arn);
  }
}
