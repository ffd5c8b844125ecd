import { Activity, type CallContext, defaultScope, EventBus, createRng, VirtualClock } from "@tripline/kernel";
import { createDocumentStore, createItemStore, createShardLogStore, openDatabase } from "@tripline/storage";
import { realTime } from "@tripline/kernel/real-time";
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

/** `dataDir`: where records are kept; default: in memory. */
export async function createTestDynamodb(options: { dataDir?: string; startMs?: number } = {}): Promise<TestDynamodb> {
  const activity = new Activity();
  const { startMs } = options;
  const clock = new VirtualClock({ activity, realTime, ...(startMs === undefined ? {} : { startMs }) });
  const database = openDatabase({ dataDir: options.dataDir, activity });
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
  const context: CallContext = {
    requestId: "r",
    endpoint: "http://127.0.0.1:4566",
    sourceIp: "127.0.0.1",
    signal: new AbortController().signal,
    headers: {},
  };
  const call = async <Output>(name: string, input: object, own: Partial<CallContext> = {}): Promise<Output> => {
    const [operation] = dynamodb.services.flatMap(({ operations }) => operations.get(name) ?? []);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    return (await operation.run(input as never, { ...context, ...own })) as Output;
  };
  return {
    dynamodb,
    clock,
    call,
    async errorOf(name, input) {
      try {
        await call(name, input);
      } catch (error) {
        const { code, message } = error as { code: string; message: string };
        return [code, message];
      }
      throw new Error(`${name} did not fail`);
    },
    async stop() {
      await dynamodb.source.stop();
      await activity.track("stop", async () => undefined);
      database.close();
    },
  };
}
