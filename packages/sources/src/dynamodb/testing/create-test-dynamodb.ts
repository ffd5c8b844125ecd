import { Activity, type CallContext, defaultScope, EventBus, createRng, VirtualClock } from "@tripline/kernel";
import { createDocumentStore, createItemStore, createShardLogStore } from "@tripline/storage";
import { openTestDatabase } from "@tripline/storage/testing";
import { realTime } from "@tripline/kernel/real-time";
import { callOperation, failureOf, operationsOf } from "@tripline/kernel/testing";
import { createDynamodb, type Dynamodb } from "../index.ts";

/** DynamoDB on a virtual clock and a database, for tests. */
export interface TestDynamodb {
  dynamodb: Dynamodb;
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
export async function createTestDynamodb(options: { dataDir?: string; startMs?: number } = {}): Promise<TestDynamodb> {
  const activity = new Activity();
  const { startMs } = options;
  const clock = new VirtualClock({ activity, realTime, ...(startMs === undefined ? {} : { startMs }) });
  const database = openTestDatabase({ dataDir: options.dataDir, activity });
  const dynamodb = createDynamodb({
    clock,
    activity,
    scope: defaultScope,
    documents: createDocumentStore(database),
    logs: createShardLogStore(database),
    items: createItemStore(database),
    rng: createRng("dynamodb"),
  });
  const host = { clock, rng: createRng("dynamodb"), bus: new EventBus(), activity, scope: defaultScope };
  await dynamodb.source.start({ ...host, deliver: async () => undefined });
  const operations = await operationsOf(...dynamodb.services);
  const call = async <Output>(name: string, input: object, context?: Partial<CallContext>): Promise<Output> =>
    callOperation(operations, name, input, context);
  return {
    dynamodb,
    clock,
    call,
    async errorOf(name, input) {
      const { code, message } = await failureOf(call(name, input));
      return [code, message];
    },
    async stop() {
      await dynamodb.source.stop();
      await activity.track("stop", async () => undefined);
      database.close();
    },
  };
}
