/** For tests: a virtual clock, real storage in memory, and a host that records what is delivered and refuses what a test wants refused. */
import {
  Activity,
  type CallContext,
  type Clock,
  createRng,
  type Delivery,
  type DeliveryRecord,
  defaultScope,
  type DocumentStore,
  EventBus,
  type Notice,
  type Rng,
  type ScheduleStore,
  type Scope,
  type Service,
  type SourceHost,
  VirtualClock,
} from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { callOperation, operationsOf } from "@tripline/kernel/testing";
import { createDocumentStore, createScheduleStore, type Database, openDatabase } from "@tripline/storage";

/** What a source is created with. */
export interface TestPorts {
  clock: Clock;
  rng: Rng;
  activity: Activity;
  bus: EventBus;
  scope: Scope;
  documents: DocumentStore;
  store: ScheduleStore;
}

/** See the file's header. */
export interface TestBench {
  clock: VirtualClock;
  ports: TestPorts;
  host: SourceHost;
  deliveries: { atMs: number; delivery: Delivery }[];
  records: DeliveryRecord[];
  notices: Notice[];
  /** Called for each delivery before it is recorded; a throw refuses it. */
  intercept: { onDelivery(delivery: Delivery): void | Promise<void> };
  close(): void;
}

/** Options of {@link createTestBench}. */
export interface TestBenchOptions {
  /** ISO 8601. Default 2026-01-01T00:00:00Z. */
  startAt?: string;
  /** Default: in memory. */
  dataDir?: string;
  /** What the sources take the clock for. Default `virtual`. */
  mode?: Clock["mode"];
  seed?: string;
}

/** A bench. Close it. */
export function createTestBench(options: TestBenchOptions = {}): TestBench {
  const activity = new Activity();
  const clock = new VirtualClock({
    startMs: Date.parse(options.startAt ?? "2026-01-01T00:00:00Z"),
    activity,
    realTime,
  });
  const database: Database = openDatabase({ dataDir: options.dataDir, activity });
  const bus = new EventBus();
  const deliveries: TestBench["deliveries"] = [];
  const records: DeliveryRecord[] = [];
  const notices: Notice[] = [];
  bus.on("delivery", (record) => records.push(record));
  bus.on("notice", (notice) => notices.push(notice));
  const intercept: TestBench["intercept"] = { onDelivery: () => undefined };
  const portClock: Clock = {
    mode: options.mode ?? "virtual",
    now: () => clock.now(),
    at: (dueMs, run) => clock.at(dueMs, run),
  };
  const rng = createRng(options.seed ?? "test");
  const ports: TestPorts = {
    clock: portClock,
    rng,
    activity,
    bus,
    scope: defaultScope,
    documents: createDocumentStore(database),
    store: createScheduleStore(database),
  };
  const host: SourceHost = {
    clock: portClock,
    rng,
    bus,
    activity,
    scope: defaultScope,
    async deliver(delivery) {
      await intercept.onDelivery(delivery);
      deliveries.push({ atMs: clock.now(), delivery });
    },
  };
  return {
    clock,
    ports,
    host,
    deliveries,
    records,
    notices,
    intercept,
    close() {
      database.close();
    },
  };
}

/** Calls one operation as the API would. */
export async function call<Output = unknown>(
  service: Service,
  operation: string,
  input: object,
  context: Partial<CallContext> = {},
): Promise<Output> {
  return callOperation(await operationsOf(service), operation, input, context);
}

/** The text of a delivery's body. */
export function textOf(delivery: Delivery): string {
  return new TextDecoder().decode(delivery.body);
}
