/**
 * The streams that there are: definitions in memory, kept as documents.
 *
 * K1. A change is durable before it is answered; only the status lags behind, until the clock's next turn.
 * K3. A shard that is being closed ends only when that is durable: records that were on their way into it before are durable by then.
 * K2. Logs of a stream that is deleted are noted before its definition goes, so that a crash leaves none behind.
 */
import {
  type Activity,
  type Cancel,
  type Clock,
  type DocumentStore,
  parseArn,
  type Scope,
  type ShardLogStore,
} from "@tripline/kernel";
import { StreamWatchers } from "../stream-watchers/index.ts";
import { invalidArgument, resourceInUse, streamNotFound } from "./errors.ts";
import { hourMs } from "./limits.ts";
import { ShardMap } from "./shard-map.ts";
import type { Shard, Stream } from "./stream.ts";

const kind = "kinesis-stream";
/** Logs that are to be dropped, by the stream that they were of. */
const droppedKind = "kinesis-dropped-logs";

export type StreamStatus = "CREATING" | "ACTIVE" | "UPDATING" | "DELETING";

/** How an operation names its stream. */
export interface StreamAddress {
  StreamName?: string;
  StreamARN?: string;
}

interface Entry {
  stream: Stream;
  status: StreamStatus;
  map: ShardMap;
  /** K3 */
  isSaved: boolean;
}

/** What the registry needs. */
export interface StreamRegistryOptions {
  clock: Clock;
  activity: Activity;
  scope: Scope;
  documents: DocumentStore;
  logs: ShardLogStore;
}

/** See the module's header. */
export class StreamRegistry {
  readonly watchers: StreamWatchers = new StreamWatchers();
  readonly #options: StreamRegistryOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #timers = new Set<Cancel>();

  constructor(options: StreamRegistryOptions) {
    this.#options = options;
  }

  /** Reads what an earlier run has kept, and ends what it had begun to delete. */
  async load(): Promise<void> {
    const { documents } = this.#options;
    for (const { value } of await documents.list<Stream>(kind)) {
      this.#entries.set(value.name, { stream: value, status: "ACTIVE", map: new ShardMap(value), isSaved: true });
    }
    for (const { key, value } of await documents.list<number[]>(droppedKind)) await this.#drop(key, value);
  }

  stop(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  /** Ordered by name. */
  list(): Stream[] {
    return Array.from(this.#entries.values(), ({ stream }) => stream).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): Stream | undefined {
    return this.#entries.get(name)?.stream;
  }

  /** The stream that is meant. Throws ResourceNotFoundException, InvalidArgumentException. */
  resolve({ StreamName, StreamARN }: StreamAddress): Stream {
    const { scope } = this.#options;
    const named = StreamARN === undefined ? StreamName : this.#nameOf(StreamARN);
    if (named === undefined) throw invalidArgument("Either StreamName or StreamARN must be provided.");
    if (StreamName !== undefined && named !== StreamName) {
      throw invalidArgument("StreamName and StreamARN do not match. Please specify the StreamName or StreamARN.");
    }
    const stream = this.get(named);
    if (stream === undefined) throw streamNotFound(named, scope.accountId);
    return stream;
  }

  /** The same, where the stream must not be changing. Throws ResourceInUseException. */
  resolveActive(address: StreamAddress): Stream {
    const stream = this.resolve(address);
    const status = this.status(stream.name);
    if (status === "ACTIVE") return stream;
    throw resourceInUse(
      `Stream ${stream.name} under account ${this.#options.scope.accountId} not ACTIVE, instead in state ${status}`,
    );
  }

  status(name: string): StreamStatus {
    return this.#entries.get(name)?.status ?? "DELETING";
  }

  /** Whether the stream is on the disk as it is (K3). */
  isSaved(name: string): boolean {
    return this.#entries.get(name)?.isSaved ?? true;
  }

  /** The open shard that takes a hash key. */
  shardOf(stream: Stream, hashKey: bigint): Shard | undefined {
    return this.#entries.get(stream.name)?.map.find(hashKey);
  }

  /** Keeps a stream that is new or changed (K1); its status is `status` for a moment. Forgets shards whose records are past their retention. */
  async save(changed: Stream, status: "CREATING" | "UPDATING" | "ACTIVE"): Promise<Stream> {
    const isNew = !this.#entries.has(changed.name);
    const oldestMs = this.#options.clock.now() - changed.retentionHours * hourMs;
    const gone = changed.shards.filter(({ closedAtMs }) => closedAtMs !== undefined && closedAtMs < oldestMs);
    const stream =
      gone.length === 0 ? changed : { ...changed, shards: changed.shards.filter((one) => !gone.includes(one)) };
    const entry: Entry = { stream, status, map: new ShardMap(stream), isSaved: false };
    const before = this.#entries.get(stream.name);
    this.#entries.set(stream.name, entry); // at once, so that two calls of one turn see each other
    try {
      await this.#options.documents.put(kind, stream.name, stream);
      entry.isSaved = true;
    } catch (error) {
      if (before === undefined) this.#entries.delete(stream.name);
      else this.#entries.set(stream.name, before);
      throw error;
    }
    if (gone.length > 0) await this.#options.logs.drop(gone.map(({ log }) => log));
    if (status !== "ACTIVE") {
      this.#soon(() => {
        entry.status = "ACTIVE";
      });
    }
    if (isNew) this.watchers.created();
    else this.watchers.changed(stream.name);
    return stream;
  }

  /** K2. The stream is DELETING for a moment. */
  async delete(stream: Stream): Promise<void> {
    const { documents, clock } = this.#options;
    const entry = this.#entries.get(stream.name);
    if (entry !== undefined) entry.status = "DELETING";
    const key = `${stream.name} ${clock.now()}`;
    const logs = stream.shards.map(({ log }) => log);
    await Promise.all([documents.put(droppedKind, key, logs), documents.delete(kind, stream.name)]);
    this.#soon(() => {
      if (this.#entries.get(stream.name) === entry) this.#entries.delete(stream.name);
      this.watchers.changed(stream.name);
      void this.#options.activity.track(`records of ${stream.arn}`, () => this.#drop(key, logs));
    });
  }

  async #drop(key: string, logs: readonly number[]): Promise<void> {
    await this.#options.logs.drop(logs);
    await this.#options.documents.delete(droppedKind, key);
  }

  #soon(run: () => void): void {
    const cancel = this.#options.clock.at(this.#options.clock.now(), () => {
      this.#timers.delete(cancel);
      run();
    });
    this.#timers.add(cancel);
  }

  #nameOf(arn: string): string | undefined {
    const parsed = parseArn(arn);
    const name = parsed?.service === "kinesis" ? /^stream\/([^/]+)/.exec(parsed.resource)?.[1] : undefined;
    if (name === undefined) throw invalidArgument(`Stream ARN ${arn} is invalid.`);
    return name;
  }
}
