/**
 * Takes a stream to a function, for one mapping: which of its shards are read, and from where.
 *
 * S1. Where a mapping begins is decided once, for every shard that is there, and kept. A shard that opens later is read from its
 *     oldest record.
 * S2. A shard is read after its parents are done.
 * S3. While the stream does not exist, nothing is read; while the function does not, nothing is sent.
 * S4. A stream that cannot be read for another reason is tried again, a second later.
 */
import {
  type Cancel,
  compileEventPattern,
  isServiceError,
  type StreamRecord,
  type StreamShard,
  type StreamSource,
} from "@tripline/kernel";
import { ClockAlarm } from "../clock-alarm.ts";
import { countEvents } from "../mapping-metrics.ts";
import { type LaneCheckpoint, LaneCheckpoints } from "./lane-checkpoint.ts";
import { LaneReader } from "./lane-reader.ts";
import { resliced } from "./resliced.ts";
import type { EventSourceMapping } from "../mappings/event-source-mapping.ts";
import type { MappingPoller } from "../mappings/mapping-poller.ts";
import { ShardLane } from "./shard-lane.ts";
import type { StreamHouse, StreamMapping } from "./stream-house.ts";
import { tellRecords } from "./tell-records.ts";

const retryMs = 1_000;

/** See the module's header. */
export class StreamReader implements MappingPoller {
  readonly #house: StreamHouse;
  readonly #checkpoints: LaneCheckpoints;
  /** By shard and slice. */
  readonly #lanes = new Map<string, ShardLane>();
  readonly #cancels: Cancel[] = [];
  #mapping: StreamMapping;
  #accepts: (record: StreamRecord) => boolean;
  /** By shard; undefined until read. */
  #places: Map<string, LaneCheckpoint[]> | undefined;
  #source: StreamSource | undefined;
  #retentionMs = Infinity;
  readonly #retry: ClockAlarm;
  #endListening: Cancel | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isLooking = false;
  #isWoken = false;
  #isStopped = false;
  /** Of the last invoke; undefined before the first. */
  lastResult: "OK" | "PROBLEM: Function call failed" | undefined;

  constructor(house: StreamHouse, mapping: StreamMapping) {
    this.#house = house;
    this.#mapping = mapping;
    this.#accepts = compileStreamFilter(mapping.filterPatterns);
    this.#checkpoints = new LaneCheckpoints(house.documents, mapping.uuid);
    this.#retry = new ClockAlarm(house.clock, () => {
      this.wake();
    });
    this.#listen(house.streams.onCreated?.bind(house.streams), () => {
      this.wake();
    });
    this.#listen(house.functions.onChange?.bind(house.functions), () => {
      this.#wakeLanes();
    });
  }

  /** The stream, or its shards, may have changed. */
  wake(): void {
    this.#isWoken = true;
    if (!this.#isLooking) this.#looking = this.#look();
  }

  /** Until where the mapping begins is decided (S1), or the stream turns out to be missing. */
  async settled(): Promise<void> {
    await this.#looking;
  }

  /** The mapping has changed: what is read from now on goes by it. */
  update(changed: EventSourceMapping): void {
    if (changed.stream === undefined) return;
    const mapping = { ...changed, stream: changed.stream };
    const isResliced = mapping.stream.parallelizationFactor !== this.#mapping.stream.parallelizationFactor;
    this.#mapping = mapping;
    this.#accepts = compileStreamFilter(mapping.filterPatterns);
    if (isResliced)
      void this.#stopLanes().then(() => {
        this.wake();
      });
    else this.#wakeLanes();
  }

  /** Nothing more is sent; what is at the function is waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#endListening?.();
    this.#retry.set(undefined);
    await this.#looking;
    await this.#stopLanes();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    const end = this.#house.activity.begin(`shards of ${this.#mapping.eventSourceArn}`);
    try {
      while (this.#isWoken && !this.#isStopped) {
        this.#isWoken = false;
        const source = await this.#connect();
        if (source !== undefined) await this.#open(source);
      }
    } catch (error) {
      this.#lose(error);
    } finally {
      this.#isLooking = false;
      end();
    }
  }

  /** S3 */
  async #connect(): Promise<StreamSource | undefined> {
    if (this.#source !== undefined) return this.#source;
    const source = await this.#house.streams.find(this.#mapping.eventSourceArn);
    if (source === undefined) return undefined;
    this.#endListening?.();
    this.#endListening = source.onAppend(() => {
      this.#wakeLanes();
    });
    this.#source = source;
    return source;
  }

  /** Begins the lanes that may begin. */
  async #open(source: StreamSource): Promise<void> {
    const { retentionMs } = await source.facts();
    this.#retentionMs = retentionMs;
    const shards = await source.shards();
    this.#places ??= byShard(await this.#checkpoints.load());
    const places = this.#places;
    if (places.size === 0 && shards.length > 0) await this.#begin(source, shards); // S1
    const listed = new Set(shards.map(({ shardId }) => shardId));
    const gone = Array.from(places).filter(([shardId]) => !listed.has(shardId));
    for (const [shardId, kept] of gone) {
      if (!kept.every(({ isDone }) => isDone)) continue;
      places.delete(shardId);
      await this.#checkpoints.remove(kept);
    }
    for (const shard of shards) {
      const isReady = shard.parentShardIds.every((parent) => !listed.has(parent) || this.#isDone(parent)); // S2
      if (isReady && !this.#isDone(shard.shardId)) await this.#openLanes(source, shard.shardId);
    }
  }

  async #begin(source: StreamSource, shards: readonly StreamShard[]): Promise<void> {
    const { startingPosition: at, startingTimestampMs = 0, parallelizationFactor: slices } = this.#mapping.stream;
    const start = at === "AT_TIMESTAMP" ? { at, timestampMs: startingTimestampMs } : { at };
    const first: LaneCheckpoint[] = [];
    for (const { shardId } of shards) {
      const after = await source.position(shardId, start);
      for (let slice = 0; slice < slices; slice++) {
        first.push({ shardId, slice, slices, isDone: false, ...(after === undefined ? {} : { after }) });
      }
    }
    this.#places = byShard(first);
    await Promise.all(first.map((one) => this.#checkpoints.put(one))); // in one commit
  }

  #isDone(shardId: string): boolean {
    const kept = this.#places?.get(shardId);
    return kept !== undefined && kept.length > 0 && kept.every(({ isDone }) => isDone);
  }

  async #openLanes(source: StreamSource, shardId: string): Promise<void> {
    const slices = this.#mapping.stream.parallelizationFactor;
    const kept = this.#places?.get(shardId) ?? [];
    const wanted = resliced(shardId, kept, slices);
    if (wanted.isNew) {
      await Promise.all(wanted.checkpoints.map((one) => this.#checkpoints.put(one)));
      await this.#checkpoints.remove(kept.filter((one) => one.slices !== slices));
    }
    this.#places?.set(shardId, wanted.checkpoints);
    if (this.#isStopped) return;
    for (const checkpoint of wanted.checkpoints) {
      const key = `${shardId} ${checkpoint.slice}`;
      if (!checkpoint.isDone && !this.#lanes.has(key)) this.#openLane(source, key, checkpoint);
    }
  }

  #openLane(source: StreamSource, key: string, checkpoint: LaneCheckpoint): void {
    const { shardId, slice, slices, former, after } = checkpoint;
    const reader = new LaneReader(
      {
        source,
        shardId,
        slice,
        slices,
        ...(former === undefined ? {} : { former }),
        accepts: (record) => this.#accepts(record),
        roleArn: () => this.#house.functions.find(this.#mapping.functionName, this.#mapping.qualifier)?.roleArn ?? "",
        onRead: (count, filtered) => {
          countEvents(this.#house, this.#mapping, "PolledEventCount", count);
          countEvents(this.#house, this.#mapping, "FilteredOutEventCount", filtered.length);
          const state = { state: "filtered" as const, attempts: 0, reason: "no filter pattern matches" };
          tellRecords(this.#house, this.#mapping, filtered, state);
        },
      },
      after,
    );
    const lane = new ShardLane({
      house: this.#house,
      mapping: () => this.#mapping,
      retentionMs: () => this.#retentionMs,
      reader,
      checkpoint,
      checkpoints: this.#checkpoints,
      onEnd: () => {
        this.#close(key, lane);
        this.wake();
      },
      onLost: (error) => {
        this.#close(key, lane);
        this.#lose(error);
      },
      onResult: (isOk) => {
        this.lastResult = isOk ? "OK" : "PROBLEM: Function call failed";
      },
    });
    this.#lanes.set(key, lane);
    lane.start();
  }

  /** Keeps where the lane came to. */
  #close(key: string, lane: ShardLane): void {
    if (this.#lanes.get(key) !== lane) return;
    this.#lanes.delete(key);
    const { checkpoint } = lane;
    const kept = this.#places?.get(checkpoint.shardId) ?? [];
    this.#places?.set(
      checkpoint.shardId,
      kept.map((one) => (one.slice === checkpoint.slice ? checkpoint : one)),
    );
  }

  async #stopLanes(): Promise<void> {
    const open = Array.from(this.#lanes);
    await Promise.all(open.map(([, lane]) => lane.stop()));
    for (const [key, lane] of open) this.#close(key, lane);
  }

  #wakeLanes(): void {
    for (const lane of this.#lanes.values()) lane.wake();
  }

  /** S3: a stream that is gone may come again under its name. */
  #lose(error: unknown): void {
    this.#source = undefined;
    if (this.#isStopped || (isServiceError(error) && error.status < 500)) return;
    this.#house.bus.emit("notice", {
      level: "warning",
      subject: this.#mapping.functionName,
      message: `records of ${this.#mapping.eventSourceArn}: ${error instanceof Error ? error.message : String(error)}`,
    });
    this.#retry.set(this.#house.clock.now() + retryMs); // S4
  }

  #listen(to: ((run: () => void) => Cancel) | undefined, run: () => void): void {
    if (to !== undefined) this.#cancels.push(to(run));
  }
}

function byShard(checkpoints: readonly LaneCheckpoint[]): Map<string, LaneCheckpoint[]> {
  const shards = new Map<string, LaneCheckpoint[]>();
  for (const one of checkpoints) shards.set(one.shardId, [...(shards.get(one.shardId) ?? []), one]);
  return shards;
}

/** Everything passes where there are no patterns. Throws `InvalidEventPatternException`. */
export function compileStreamFilter(patterns: readonly string[]): (record: StreamRecord) => boolean {
  if (patterns.length === 0) return () => true;
  const matchers = patterns.map((pattern) => compileEventPattern(pattern, "esm"));
  return (record) => {
    const event = record.toFilterEvent();
    return matchers.some((matches) => matches(event));
  };
}
