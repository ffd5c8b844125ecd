import { Activity, type CallContext, createRng, defaultScope, EventBus, VirtualClock } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { callOperation, failureOf, operationsOf } from "@tripline/kernel/testing";
import { createDocumentStore, createLogStore, type Database, openDatabase } from "@tripline/storage";
import { type CloudWatchLogs, createCloudWatchLogs } from "../index.ts";

/** CloudWatch Logs on a virtual clock and a database, for tests. */
export interface TestLogs {
  logs: CloudWatchLogs;
  clock: VirtualClock;
  bus: EventBus;
  database: Database;
  /** A function's line, as the execution manager tells it. */
  log(message: string, from?: { group?: string; stream?: string }): void;
  /** Calls an operation as the endpoint does. */
  call<Output = Record<string, unknown>>(
    operation: string,
    input: object,
    context?: Partial<CallContext>,
  ): Promise<Output>;
  /** Code and message of the error that a call ends with. */
  errorOf(operation: string, input: object): Promise<string>;
  stop(): Promise<void>;
}

/** When a test's clock starts. */
export const startMs: number = Date.parse("2026-03-01T00:00:00Z");

/** `dataDir`: where logs are kept. Default: in memory. */
export async function createTestLogs(options: { dataDir?: string; keptBytesMax?: number } = {}): Promise<TestLogs> {
  const activity = new Activity();
  const clock = new VirtualClock({ activity, realTime, startMs });
  const bus = new EventBus();
  const database = openDatabase({ dataDir: options.dataDir, activity });
  const logs = createCloudWatchLogs({
    clock,
    activity,
    realTime,
    rng: createRng("logs"),
    bus,
    scope: defaultScope,
    store: createLogStore(database),
    documents: createDocumentStore(database),
    ...(options.keptBytesMax === undefined ? {} : { keptBytesMax: options.keptBytesMax }),
  });
  await logs.start();
  const operations = await operationsOf(logs.service);
  const call = async <Output>(name: string, input: object, context?: Partial<CallContext>): Promise<Output> =>
    callOperation(operations, name, input, context);
  return {
    logs,
    clock,
    bus,
    database,
    log: (message, { group = "/aws/lambda/f", stream = "s" } = {}) => {
      bus.emit("log", {
        functionName: "f",
        logGroup: group,
        logStream: stream,
        timestampMs: clock.now(),
        origin: "function",
        message,
      });
    },
    call,
    errorOf: async (name, input) => String(await failureOf(call(name, input))),
    async stop() {
      await logs.stop();
      database.close();
    },
  };
}
