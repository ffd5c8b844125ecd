import { Activity, type CallContext, defaultScope, EventBus, createRng, VirtualClock } from "@tripline/kernel";
import { createDocumentStore, createShardLogStore } from "@tripline/storage";
import { openTestDatabase } from "@tripline/storage/testing";
import { realTime } from "@tripline/kernel/real-time";
import { callOperation, failureOf, operationsOf } from "@tripline/kernel/testing";
import { createKinesis, type Kinesis } from "../index.ts";

/** Kinesis on a virtual clock and a database, for tests. */
export interface TestKinesis {
  kinesis: Kinesis;
  clock: VirtualClock;
  /** Calls an operation as the endpoint does. */
  call<Output = Record<string, never>>(
    operation: string,
    input: object,
    context?: Partial<CallContext>,
  ): Promise<Output>;
  /** Code and message of the error that a call ends with. */
  errorOf(operation: string, input: object): Promise<[string, string]>;
  stop(): Promise<void>;
}

/** `dataDir`: where records are kept; default: where tests do. */
export async function createTestKinesis(options: { dataDir?: string; startMs?: number } = {}): Promise<TestKinesis> {
  const activity = new Activity();
  const { startMs } = options;
  const clock = new VirtualClock({ activity, realTime, ...(startMs === undefined ? {} : { startMs }) });
  const database = openTestDatabase({ dataDir: options.dataDir, activity });
  const kinesis = createKinesis({
    clock,
    activity,
    scope: defaultScope,
    documents: createDocumentStore(database),
    logs: createShardLogStore(database),
  });
  const host = { clock, rng: createRng("kinesis"), bus: new EventBus(), activity, scope: defaultScope };
  await kinesis.source.start({ ...host, deliver: async () => undefined });
  const operations = await operationsOf(kinesis.service);
  const call = async <Output>(name: string, input: object, context?: Partial<CallContext>): Promise<Output> =>
    callOperation(operations, name, input, context);
  return {
    kinesis,
    clock,
    call,
    async errorOf(name, input) {
      const { code, message } = await failureOf(call(name, input));
      return [code, message];
    },
    async stop() {
      await kinesis.source.stop();
      await activity.track("stop", async () => undefined);
      database.close();
    },
  };
}
