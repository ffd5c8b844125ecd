import {
  Activity,
  type CallContext,
  createRng,
  defaultScope,
  type Delivery,
  type DeliveryRecord,
  EventBus,
  type Notice,
  VirtualClock,
} from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { callOperation, failureOf, operationsOf } from "@tripline/kernel/testing";
import {
  createBlobStore,
  createDocumentStore,
  createObjectStore,
  createUploadStore,
  type Database,
  openDatabase,
} from "@tripline/storage";
import { createS3, type S3 } from "../index.ts";

/** S3 on a virtual clock and a database, for tests. Deliveries are collected, unless `deliver` says otherwise. */
export interface TestS3 {
  s3: S3;
  clock: VirtualClock;
  activity: Activity;
  delivered: Delivery[];
  records: DeliveryRecord[];
  notices: Notice[];
  database: Database;
  call<Output = Record<string, never>>(
    operation: string,
    input: object,
    context?: Partial<CallContext>,
  ): Promise<Output>;
  /** Code, status, message and members of the error that a call ends with. */
  errorOf(operation: string, input: object): Promise<object>;
  /** Resolves when nothing is in flight; the clock stands still. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** `dataDir`: where objects are kept. Default: in memory. `missing`: ARNs that do not exist. */
export async function createTestS3(
  options: {
    dataDir?: string;
    startMs?: number;
    deliver?: (delivery: Delivery) => Promise<void>;
    missing?: readonly string[];
  } = {},
): Promise<TestS3> {
  const activity = new Activity();
  const clock = new VirtualClock({ activity, realTime, startMs: options.startMs ?? Date.UTC(2026, 0, 1) });
  const bus = new EventBus();
  const records: DeliveryRecord[] = [];
  const notices: Notice[] = [];
  bus.on("delivery", (record) => records.push(record));
  bus.on("notice", (notice) => notices.push(notice));
  const delivered: Delivery[] = [];
  const rng = createRng("s3");
  const database = openDatabase({ dataDir: options.dataDir, activity });
  const scope = defaultScope;
  const s3 = createS3({
    clock,
    realTime,
    rng,
    activity,
    bus,
    scope,
    objects: createObjectStore(database),
    uploads: createUploadStore(database),
    blobs: createBlobStore(options.dataDir),
    documents: createDocumentStore(database),
    targetAccepts: (arn) => options.missing?.includes(arn) !== true,
  });
  const deliver = async (delivery: Delivery): Promise<void> => {
    await options.deliver?.(delivery);
    delivered.push(delivery);
  };
  await s3.source.start({ clock, rng, bus, activity, scope, deliver });
  const callContext = { requestId: "0123456789ABCDEF", sourceIp: "203.0.113.9" };
  const operations = await operationsOf(s3.service);
  const call = async <Output>(name: string, input: object, context?: Partial<CallContext>): Promise<Output> =>
    callOperation(operations, name, input, { ...callContext, ...context });
  return {
    s3,
    clock,
    activity,
    delivered,
    records,
    notices,
    database,
    call,
    async errorOf(name, input) {
      const { code, status, message, members } = await failureOf(call(name, input));
      return { code, status, message, ...members };
    },
    idle: () =>
      new Promise((resolve) => {
        activity.onIdle(resolve);
      }),
    async stop() {
      await s3.source.stop();
      database.close();
    },
  };
}
