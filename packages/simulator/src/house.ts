/**
 * The hub: builds every part and hands each the others' ports. It holds no behaviour.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDispatcher, type Dispatcher } from "@tripline/dispatcher";
import { CodeSupply, createExecutionManager, type ExecutionManager } from "@tripline/execution";
import { createFunctionUrlHandler, createGateway, type FunctionUrlHandler, type Gateway } from "@tripline/gateway";
import { createIdentity, type Identity } from "@tripline/identity";
import {
  type Activity,
  type Clock,
  createService,
  EventBus,
  type FunctionInvoker,
  type RealTime,
  type Rng,
  type Scope,
  type Service,
  type SourceAdapter,
  type SourceHost,
} from "@tripline/kernel";
import {
  type ControlPlane,
  createControlPlane,
  createInvoker,
  createLambdaOperations,
  FunctionPolicies,
  type FunctionRegistry,
  FunctionUrlConfigs,
  ProvisionedConcurrency,
} from "@tripline/lambda";
import {
  createDynamodb,
  createEventBridge,
  createKinesis,
  createS3,
  createScheduler,
  createSqs,
  type Dynamodb,
  type EventBridge,
  type Kinesis,
  type S3,
  type Scheduler,
  type Sqs,
} from "@tripline/sources";
import {
  createAsyncEventStore,
  createBlobStore,
  createDocumentStore,
  createItemStore,
  createLogStore,
  createObjectStore,
  createUploadStore,
  createQueueStore,
  createScheduleStore,
  createShardLogStore,
  type Database,
} from "@tripline/storage";
import { type CloudWatchLogs, createCloudWatchLogs, RecordBook } from "@tripline/telemetry";
import { readKeySet } from "./read-key-set.ts";
import { createServiceCaller } from "./call-service.ts";
import { createDeliveryRouter, type DeliveryRouter } from "./delivery-router.ts";
import { joinStreamSources } from "./join-stream-sources.ts";
import { createObjectReader } from "./object-reader.ts";

/** What the house is built on. */
export interface HouseOptions {
  clock: Clock;
  realTime: RealTime;
  rng: Rng;
  activity: Activity;
  scope: Scope;
  database: Database;
  /** Folder beside the database; undefined: a temporary one, removed at `close`. */
  dataDir: string | undefined;
  isolation: "process" | "inline";
  accountConcurrency: number;
  /** Pool id -> file or URL. */
  userPoolKeys: Readonly<Record<string, string>>;
  freeze: boolean;
  /** Whether changes of functions' code are looked for. */
  watchCode: boolean;
  /** Folders that are no code, though they may lie in a code folder. */
  notCode: readonly string[];
  /** Whether rules and schedules fire. */
  schedules: boolean;
  /** How much of what happened is kept: see `RecordBook`. */
  history: { entriesMax?: number; bytesMax?: number };
  /** Where functions reach the endpoint, once it listens. */
  endpoint: () => string | undefined;
}

/** The parts, wired. */
export interface House {
  clock: Clock;
  scope: Scope;
  bus: EventBus;
  book: RecordBook;
  logs: CloudWatchLogs;
  functions: ControlPlane;
  identity: Identity;
  registry: FunctionRegistry;
  invoker: FunctionInvoker;
  execution: ExecutionManager;
  dispatcher: Dispatcher;
  gateway: Gateway;
  functionUrls: FunctionUrlHandler;
  sqs: Sqs;
  s3: S3;
  kinesis: Kinesis;
  dynamodb: Dynamodb;
  eventbridge: EventBridge;
  scheduler: Scheduler;
  router: DeliveryRouter;
  services: ReadonlyMap<string, Service>;
  /** Loads what an earlier run has kept, and begins intake. */
  start(): Promise<void>;
  /** Ends intake, waits (bounded) for what is in hand, and ends every environment. */
  stop(): Promise<void>;
}

/** Builds the house. */
export function createHouse(options: HouseOptions): House {
  const { clock, realTime, activity, scope, database } = options;
  const bus = new EventBus();
  const book = new RecordBook({ bus, ...options.history });
  const router = createDeliveryRouter();
  const documents = createDocumentStore(database);
  const rng = (label: string): Rng => options.rng.fork(label);
  const temporaryFolder = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), "tripline-")) : undefined;
  const folder = options.dataDir ?? temporaryFolder ?? "";

  const code = new CodeSupply({
    buildFolder: join(folder, "build"),
    watch: options.watchCode,
    notCode: options.notCode,
  });
  const identity = createIdentity({ clock, activity, rng: rng("identity"), scope, documents });
  const execution = createExecutionManager({
    code,
    clock,
    realTime,
    bus,
    activity,
    rng: rng("execution"),
    scope,
    isolation: options.isolation,
    endpoint: options.endpoint,
    credentials: ({ roleArn, functionName }) => identity.functionCredentials(roleArn, functionName),
    accountConcurrency: options.accountConcurrency,
    freeze: options.freeze,
  });
  const functions = createControlPlane({
    clock,
    rng: rng("lambda"),
    activity,
    scope,
    documents,
    folder,
    readObject: (address) => readObject(address),
    execution,
    accountConcurrency: options.accountConcurrency,
  });
  const { registry } = functions;
  const policies = new FunctionPolicies({ registry, documents, activity, bus, rng: rng("policies") });
  const provisioned = new ProvisionedConcurrency({ clock, activity, documents, registry, execution });
  const invoker = createInvoker({ clock, rng: rng("requests"), bus, registry, access: policies, execution });

  const shared = { clock, activity, bus, scope, documents };
  const logs = createCloudWatchLogs({ ...shared, realTime, rng: rng("logs"), store: createLogStore(database) });
  const sqs = createSqs({ ...shared, rng: rng("sqs"), store: createQueueStore(database) });
  const s3 = createS3({
    ...shared,
    realTime,
    rng: rng("s3"),
    objects: createObjectStore(database),
    uploads: createUploadStore(database),
    blobs: createBlobStore(options.dataDir),
    targetAccepts: (arn, caller) =>
      registry.find(arn) === undefined ? sqs.list().some((queue) => queue.arn === arn) : policies.allows(arn, caller),
  });
  const shardLogs = createShardLogStore(database);
  const kinesis = createKinesis({ ...shared, logs: shardLogs });
  const dynamodb = createDynamodb({
    ...shared,
    rng: rng("dynamodb"),
    items: createItemStore(database),
    logs: shardLogs,
  });
  const readObject = createObjectReader(s3.service, rng("code"));
  const scheduleStore = createScheduleStore(database);
  const eventbridge = createEventBridge({ ...shared, rng: rng("events"), store: scheduleStore });
  const scheduler = createScheduler({ ...shared, rng: rng("scheduler"), store: scheduleStore });
  const dispatcher = createDispatcher({
    ...shared,
    rng: rng("dispatcher"),
    invoker,
    functions: registry,
    access: policies,
    mappingTransitionMs: 1_000,
    deliver: router.deliver,
    queues: sqs.queues,
    streams: joinStreamSources([kinesis.streams, dynamodb.streams]),
    events: createAsyncEventStore(database),
  });
  const gateway = createGateway({
    ...shared,
    realTime,
    rng: rng("gateway"),
    invoker,
    asyncInvocations: () => dispatcher.asyncInvocations,
    callService: createServiceCaller({ clock, scope, endpoint: options.endpoint }),
    userPoolKeys: (id) => {
      const place = options.userPoolKeys[id];
      return place === undefined || /^https?:/.test(place) ? place : readKeySet(place);
    },
    logSink: (line) => {
      logs.take(line);
    },
  });
  const urls = new FunctionUrlConfigs({ registry, documents, activity, clock });
  const functionUrls = createFunctionUrlHandler({ ...shared, rng: rng("urls"), invoker, access: policies, urls });
  router.add(sqs.target);
  router.add(s3.target);
  router.add(dispatcher.target);

  const lambda = createService({
    id: "lambda",
    activity,
    operations: async () => [
      ...createLambdaOperations({
        house: functions.house,
        policies,
        provisioned,
        urls,
        scope,
        invoker,
        asyncInvocations: () => dispatcher.asyncInvocations,
        mappingTags: () => dispatcher.mappingTags,
      }),
      ...dispatcher.operations,
    ],
  });
  const services = new Map<string, Service>();
  for (const service of [
    lambda,
    logs.service,
    ...identity.services,
    sqs.service,
    s3.service,
    kinesis.service,
    ...dynamodb.services,
    eventbridge.service,
    scheduler.service,
    ...gateway.services,
  ]) {
    services.set(service.id, service);
  }

  const timed: readonly SourceAdapter[] = options.schedules ? [eventbridge.source, scheduler.source] : [];
  const sources: readonly SourceAdapter[] = [sqs.source, s3.source, kinesis.source, dynamodb.source, ...timed];
  const host = (label: string): SourceHost => ({
    clock,
    rng: rng(label),
    bus,
    activity,
    scope,
    deliver: router.deliver,
  });
  return {
    clock,
    scope,
    bus,
    book,
    logs,
    functions,
    identity,
    registry,
    invoker,
    execution,
    dispatcher,
    gateway,
    functionUrls,
    sqs,
    s3,
    kinesis,
    dynamodb,
    eventbridge,
    scheduler,
    router,
    services,
    async start() {
      await Promise.all([functions.load(), logs.start(), identity.start()]);
      await Promise.all([policies.load(), urls.load()]);
      await Promise.all([execution.start(), gateway.start()]);
      for (const source of sources) await source.start(host(`host/${source.service}`));
      await Promise.all([dispatcher.start(), provisioned.start()]);
    },
    async stop() {
      for (const source of sources) await source.stop();
      provisioned.stop();
      await dispatcher.stop();
      await execution.stop();
      await Promise.all([code.stop(), logs.stop()]);
      await functions.stop();
      if (temporaryFolder !== undefined) rmSync(temporaryFolder, { recursive: true, force: true });
    },
  };
}
