/**
 * What happened, kept in memory and bounded: invocations, deliveries and log lines, read by `logs`, `status`, the test helpers
 * and the console. Listens on the bus; nothing depends on it.
 *
 * B1. Each list keeps the newest entries, bounded in number and in the bytes of what they carry: events, answers, texts.
 * B2. A delivery is one record: its later states replace the earlier ones, in place.
 * B3. What is counted is counted from the first on, whatever was dropped since.
 */
import type {
  Cancel,
  DeliveryRecord,
  DeliveryState,
  EventBus,
  InvocationRecord,
  InvocationStatus,
  LogLine,
  MappingCount,
  MappingMetric,
  Notice,
} from "@tripline/kernel";
import { Arrivals } from "./arrivals.ts";
import { Ring } from "./ring.ts";

/** Which invocations: every given member must match. */
export interface InvocationFilter {
  functionName?: string;
  source?: string;
  status?: InvocationStatus;
  requestId?: string;
}

/** Which deliveries: every given member must match. */
export interface DeliveryFilter {
  source?: string;
  sourceArn?: string;
  targetArn?: string;
  state?: DeliveryState;
  parentId?: string;
}

/** Which log lines: every given member must match. */
export interface LogFilter {
  functionName?: string;
  requestId?: string;
  /** Only lines after this position: see {@link RecordBook.logs}. */
  after?: number;
}

/** Options of {@link RecordBook}. */
export interface RecordBookOptions {
  bus: EventBus;
  /** Newest entries kept of each kind. Default 100,000. */
  entriesMax?: number;
  /** Bytes of what the entries of each kind carry. Default 256 MiB. */
  bytesMax?: number;
}

/** How often a function was invoked. */
export interface InvocationCount {
  invocations: number;
  /** Those that ended in an error or a timeout. */
  errors: number;
}

/** Lambda's counts of the events of one mapping; what was not counted yet is absent. */
export type MappingCounts = Partial<Record<MappingMetric, number>>;

/** See the module's header. */
export class RecordBook {
  readonly #invocations: Ring<InvocationRecord>;
  readonly #logs: Ring<LogLine>;
  readonly #notices: Ring<Notice>;
  readonly #deliveries = new Map<string, DeliveryRecord>();
  /** Ids, oldest first: a map's own first entry lies behind the holes of all that were removed. */
  readonly #order = new Arrivals<string>();
  readonly #counts = new Map<string, InvocationCount>();
  readonly #mappingCounts = new Map<string, MappingCounts>();
  readonly #bounds: { entriesMax: number; bytesMax: number };
  readonly #cancels: Cancel[];
  #deliveryBytes = 0;

  constructor(options: RecordBookOptions) {
    this.#bounds = { entriesMax: options.entriesMax ?? 100_000, bytesMax: options.bytesMax ?? 256 * 1_048_576 };
    this.#invocations = new Ring(this.#bounds, (one) => one.payload.byteLength + (one.response?.byteLength ?? 0));
    this.#logs = new Ring(this.#bounds, (line) => line.message.length);
    this.#notices = new Ring({ entriesMax: 1000 });
    const { bus } = options;
    this.#cancels = [
      bus.on("invocation", (record) => {
        this.#invocations.push(record);
        this.#count(record);
      }),
      bus.on("log", (line) => this.#logs.push(line)),
      bus.on("notice", (notice) => this.#notices.push(notice)),
      bus.on("delivery", (record) => {
        this.#keep(record);
      }),
      bus.on("mappingCount", (one) => {
        this.#countEvents(one);
      }),
    ];
  }

  /** Oldest first. */
  invocations(filter: InvocationFilter = {}): InvocationRecord[] {
    return this.#invocations.filter(
      (record) =>
        matches(filter.functionName, record.functionName) &&
        matches(filter.source, record.source) &&
        matches(filter.status, record.status) &&
        matches(filter.requestId, record.requestId),
    );
  }

  /** By name of the function (B3). */
  invocationCounts(): ReadonlyMap<string, InvocationCount> {
    return this.#counts;
  }

  /** By id of the event source mapping (B3); only of those that ask for `EventCount`. */
  mappingCounts(): ReadonlyMap<string, MappingCounts> {
    return this.#mappingCounts;
  }

  /** In order of acceptance. */
  deliveries(filter: DeliveryFilter = {}): DeliveryRecord[] {
    return [...this.#deliveries.values()].filter(
      (record) =>
        matches(filter.source, record.source) &&
        matches(filter.sourceArn, record.sourceArn) &&
        matches(filter.targetArn, record.targetArn) &&
        matches(filter.state, record.state) &&
        matches(filter.parentId, record.parentId),
    );
  }

  delivery(id: string): DeliveryRecord | undefined {
    return this.#deliveries.get(id);
  }

  /** Oldest first, with the position after the last: pass it as `after` to get only what is new. */
  logs(filter: LogFilter = {}): { lines: LogLine[]; position: number } {
    const lines = this.#logs.since(
      filter.after ?? 0,
      (line) => matches(filter.functionName, line.functionName) && matches(filter.requestId, line.requestId),
    );
    return { lines, position: this.#logs.pushed };
  }

  notices(): Notice[] {
    return this.#notices.filter(() => true);
  }

  /** Stops listening. What was kept stays readable. */
  close(): void {
    for (const cancel of this.#cancels) cancel();
  }

  #count({ functionName, status }: InvocationRecord): void {
    let count = this.#counts.get(functionName);
    if (count === undefined) this.#counts.set(functionName, (count = { invocations: 0, errors: 0 }));
    count.invocations++;
    if (status === "error" || status === "timeout") count.errors++;
  }

  #countEvents({ uuid, metric, count }: MappingCount): void {
    let counts = this.#mappingCounts.get(uuid);
    if (counts === undefined) this.#mappingCounts.set(uuid, (counts = {}));
    counts[metric] = (counts[metric] ?? 0) + count;
  }

  #keep(record: DeliveryRecord): void {
    const before = this.#deliveries.get(record.id);
    // B2: a later state may leave out what only the first knew.
    const after = before === undefined ? record : { ...before, ...record };
    this.#deliveries.set(record.id, after);
    if (before === undefined) this.#order.push(record.id);
    this.#deliveryBytes += bodyBytes(after) - bodyBytes(before);
    const { entriesMax, bytesMax } = this.#bounds;
    while (this.#deliveries.size > 1 && (this.#deliveries.size > entriesMax || this.#deliveryBytes > bytesMax)) {
      const id = this.#order.shift();
      if (id === undefined) return;
      this.#deliveryBytes -= bodyBytes(this.#deliveries.get(id));
      this.#deliveries.delete(id); // B1
    }
  }
}

function bodyBytes(record: DeliveryRecord | undefined): number {
  return record?.body?.byteLength ?? 0;
}

function matches<T>(wanted: T | undefined, actual: T | undefined): boolean {
  return wanted === undefined || wanted === actual;
}
