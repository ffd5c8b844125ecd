import {
  Activity,
  type CallContext,
  createRng,
  defaultScope,
  type DeliveryRecord,
  EventBus,
  type QueueStore,
  VirtualClock,
} from "@tripline/kernel";
import { createDocumentStore, createQueueStore, type Database, openDatabase } from "@tripline/storage";
import { realTime } from "@tripline/kernel/real-time";
import { callOperation, failureOf, operationsOf } from "@tripline/kernel/testing";
import { createSqs, type Sqs } from "../index.ts";

/** SQS on a virtual clock and a database, for tests. */
export interface TestSqs {
  sqs: Sqs;
  clock: VirtualClock;
  bus: EventBus;
  database: Database;
  store: QueueStore;
  /** Every delivery record so far. */
  deliveries: DeliveryRecord[];
  /** Calls an operation as the endpoint does. Queue URLs may be bare names. */
  call<Output = Record<string, never>>(
    operation: string,
    input: object,
    context?: Partial<CallContext>,
  ): Promise<Output>;
  /** Code, older code, status and message of the error that a call ends with. */
  errorOf(operation: string, input: object): Promise<object>;
  stop(): Promise<void>;
}

/** `dataDir`: where messages are kept; default: in memory. `startMs`: where the clock begins. */
export async function createTestSqs(options: { dataDir?: string; startMs?: number } = {}): Promise<TestSqs> {
  const activity = new Activity();
  const { startMs } = options;
  const clock = new VirtualClock({ activity, realTime, ...(startMs === undefined ? {} : { startMs }) });
  const bus = new EventBus();
  const deliveries: DeliveryRecord[] = [];
  bus.on("delivery", (record) => deliveries.push(record));
  const rng = createRng("sqs");
  const database = openDatabase({ dataDir: options.dataDir, activity });
  const documents = createDocumentStore(database);
  const store = createQueueStore(database);
  const sqs = createSqs({ clock, rng, activity, bus, scope: defaultScope, store, documents });
  await sqs.source.start({ clock, rng, bus, activity, scope: defaultScope, deliver: async () => undefined });
  const operations = await operationsOf(sqs.service);
  const call = async <Output>(name: string, input: object, context?: Partial<CallContext>): Promise<Output> =>
    callOperation(operations, name, input, context);
  return {
    sqs,
    clock,
    bus,
    database,
    store,
    deliveries,
    call,
    async errorOf(name, input) {
      const { code, queryCode, status, message } = await failureOf(call(name, input));
      return { code, queryCode, status, message };
    },
    async stop() {
      await sqs.source.stop();
      database.close();
    },
  };
}
