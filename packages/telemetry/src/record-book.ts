/**
 * What happened, kept in memory and bounded: invocations, deliveries and log lines, read by `logs`, `status`, the test helpers
 * and the console. Listens on the bus; nothing depends on it.
 *
 * B1. Each list keeps the newest `limit` entries.
 * B2. A delivery is one record: its later states replace the earlier ones, in place.
 */
import type {
  Cancel,
  DeliveryRecord,
  DeliveryState,
  EventBus,
  InvocationRecord,
  InvocationStatus,
  LogLine,
  Notice,
} from "@tripline/kernel";
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
  limit?: number;
}

/** See the module's header. */
export class RecordBook {
  readonly #invocations: Ring<InvocationRecord>;
  readonly #logs: Ring<LogLine>;
  readonly #notices: Ring<Notice>;
  readonly #deliveries = new Map<string, DeliveryRecord>();
  readonly #limit: number;
  readonly #cancels: Cancel[];

  constructor(options: RecordBookOptions) {
    this.#limit = options.limit ?? 100_000;
    this.#invocations = new Ring(this.#limit);
    this.#logs = new Ring(this.#limit);
    this.#notices = new Ring(1000);
    const { bus } = options;
    this.#cancels = [
      bus.on("invocation", (record) => this.#invocations.push(record)),
      bus.on("log", (line) => this.#logs.push(line)),
      bus.on("notice", (notice) => this.#notices.push(notice)),
      bus.on("delivery", (record) => {
        this.#keep(record);
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

  #keep(record: DeliveryRecord): void {
    const before = this.#deliveries.get(record.id);
    // B2: a later state may leave out what only the first knew.
    this.#deliveries.set(record.id, before === undefined ? record : { ...before, ...record });
    if (this.#deliveries.size > this.#limit) {
      const oldest = this.#deliveries.keys().next();
      if (oldest.done !== true) this.#deliveries.delete(oldest.value); // B1
    }
  }
}

function matches<T>(wanted: T | undefined, actual: T | undefined): boolean {
  return wanted === undefined || wanted === actual;
}
