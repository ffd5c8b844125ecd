/**
 * Takes what functions log, and what PutLogEvents brings, to the store.
 *
 * K1. A function's line is taken in memory and written within `flushAfterMs` of real time, many lines in one commit: the way of an
 *     invocation only appends to an array. What is lost where the process is killed is at most that. On a stop everything is written.
 * K2. Every operation of the service first writes what was logged before it.
 * K3. The buffer is bounded: at `bufferedBytesMax` it is written at once. Lines that cannot be written are dropped, and a notice says so.
 * K4. What PutLogEvents brings is durable when it is acknowledged.
 * K5. A group and a stream are made with their first line, as Lambda does; also again, when they were deleted meanwhile.
 * K6. Kept are at most `keptBytesMax`, over all groups: beyond, the oldest goes, whatever its group's retention says. This differs from
 *     AWS, where logs are kept until they expire; on one machine a disk that fills is the worse surprise.
 * K7. Events whose retention has passed are not seen from then on, and are deleted when something is written an hour later at most.
 */
import type { Cancel, Clock, EventBus, LogBatch, LogLine, LogStore, RealTime, StoredLogEvent } from "@tripline/kernel";
import { limits } from "./limits.ts";
import type { LogGroups } from "./log-group.ts";

/** Options of {@link LogKeeper}. */
export interface LogKeeperOptions {
  clock: Clock;
  realTime: RealTime;
  bus: EventBus;
  store: LogStore;
  groups: LogGroups;
  /** K6. Default 256 MiB. */
  keptBytesMax?: number;
}

/** A line that a service writes to a group. */
export type ServiceLogLine = Pick<LogLine, "logGroup" | "logStream" | "timestampMs" | "message">;

/** Told of every event as it comes. */
export type LogListener = (group: string, stream: string, event: StoredLogEvent) => void;

interface Pending {
  group: string;
  stream: string;
  events: StoredLogEvent[];
}

const flushAfterMs = 500;
const bufferedBytesMax = 8_388_608;
const keptBytesMaxDefault = 268_435_456;
const sweepEveryMs = 3_600_000;
/** Trimming leaves this much room, so that it is rare. */
const trimmedShare = 0.9;

/** See the module's header. */
export class LogKeeper {
  readonly #options: LogKeeperOptions;
  readonly #keptBytesMax: number;
  readonly #listeners = new Set<LogListener>();
  #pending = new Map<string, Pending[]>();
  #bufferedBytes = 0;
  #keptBytes = 0;
  #sequence = 1;
  #sweptMs = 0;
  #cancelFlush: Cancel | undefined;
  #written: Promise<void> = Promise.resolve();
  #cancelBus: Cancel = () => undefined;

  constructor(options: LogKeeperOptions) {
    this.#options = options;
    this.#keptBytesMax = options.keptBytesMax ?? keptBytesMaxDefault;
  }

  /** Before the first line. */
  async start(): Promise<void> {
    const { store, bus, groups } = this.#options;
    await groups.load();
    this.#sequence = await store.nextSequence();
    for (const bytes of (await store.bytesByGroup()).values()) this.#keptBytes += bytes;
    this.#cancelBus = bus.on("log", (line) => {
      this.take({ ...line, message: `${line.message}\n` });
    });
    await this.#sweep();
  }

  /** Writes what is left (K1). */
  async stop(): Promise<void> {
    this.#cancelBus();
    await this.flush();
    this.#cancelFlush?.();
  }

  listen(listener: LogListener): Cancel {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** K4. Rejects where it cannot be written. */
  async put(group: string, stream: string, events: readonly { timestampMs: number; message: string }[]): Promise<void> {
    const { clock, store } = this.#options;
    const nowMs = clock.now();
    const stored = events.map(({ timestampMs, message }) => ({
      timestampMs,
      sequence: this.#sequence++,
      ingestionMs: nowMs,
      message,
    }));
    for (const event of stored) this.#tell(group, stream, event);
    this.#keptBytes += sizeOf(stored);
    await Promise.all([this.flush(), store.append([{ group, stream, events: stored }], nowMs)]);
    await this.#sweep();
  }

  /** Resolves when everything that was logged before is written (K2). Never rejects (K3). */
  flush(): Promise<void> {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    if (this.#pending.size === 0) return this.#written;
    const batches: LogBatch[] = [...this.#pending.values()].flat();
    this.#pending = new Map();
    this.#keptBytes += this.#bufferedBytes;
    this.#bufferedBytes = 0;
    this.#written = Promise.all([this.#written, this.#write(batches)]).then(() => undefined);
    return this.#written;
  }

  /** K1: a line of a service, as it is to be read. */
  take({ logGroup, logStream, timestampMs, message }: ServiceLogLine): void {
    const event = { timestampMs, sequence: this.#sequence++, ingestionMs: timestampMs, message };
    const ofStream = this.#pending.get(logStream);
    const pending = ofStream?.find((one) => one.group === logGroup);
    if (pending !== undefined) pending.events.push(event);
    else this.#pending.set(logStream, [...(ofStream ?? []), { group: logGroup, stream: logStream, events: [event] }]);
    this.#bufferedBytes += message.length + limits.eventOverheadBytes;
    if (this.#listeners.size > 0) this.#tell(logGroup, logStream, event);
    if (this.#bufferedBytes > bufferedBytesMax) void this.flush();
    else
      this.#cancelFlush ??= this.#options.realTime.after(flushAfterMs, () => void this.flush(), { background: true });
  }

  #tell(group: string, stream: string, event: StoredLogEvent): void {
    for (const listener of this.#listeners) listener(group, stream, event);
  }

  async #write(batches: readonly LogBatch[]): Promise<void> {
    const { bus, clock, groups, store } = this.#options;
    const made = new Set(batches.map(({ group }) => group).filter((name) => groups.get(name) === undefined)); // K5
    try {
      await Promise.all([
        ...Array.from(made, (name) => groups.save(groups.create(name))),
        store.append(batches, clock.now()),
      ]);
      await this.#sweep();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      bus.emit("notice", { level: "warning", subject: "logs", message: `Lines of logs could not be kept: ${text}.` }); // K3
    }
  }

  /** K6, K7. */
  async #sweep(): Promise<void> {
    const { clock, groups, store } = this.#options;
    const nowMs = clock.now();
    if (nowMs - this.#sweptMs >= sweepEveryMs) {
      this.#sweptMs = nowMs;
      const expiring = groups.list().filter((group) => group.retentionDays !== undefined);
      await Promise.all(expiring.map((group) => store.expire(group.name, groups.expiryMs(group))));
    }
    if (this.#keptBytes <= this.#keptBytesMax) return;
    this.#keptBytes = this.#keptBytesMax * trimmedShare;
    await store.trim(this.#keptBytes);
  }
}

function sizeOf(events: readonly StoredLogEvent[]): number {
  return events.reduce((sum, { message }) => sum + message.length + limits.eventOverheadBytes, 0);
}
