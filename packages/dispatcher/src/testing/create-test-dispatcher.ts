import {
  Activity,
  type CallContext,
  createRng,
  defaultScope,
  type Delivery,
  type DeliveryRecord,
  EventBus,
  type FunctionFacts,
  type InvokeRequest,
  type InvokeResult,
  type Notice,
  ServiceError,
  VirtualClock,
} from "@tripline/kernel";
import { createAsyncEventStore, createDocumentStore, createQueueStore, type Database } from "@tripline/storage";
import { openTestDatabase } from "@tripline/storage/testing";
import { realTime } from "@tripline/kernel/real-time";
import { callOperation, failureOf } from "@tripline/kernel/testing";
import { createDispatcher, type Dispatcher } from "../index.ts";
import { createTestQueues, type TestQueues } from "./test-queue.ts";
import { createTestStreams, type TestStreams } from "./test-stream.ts";

/** What a test function does with a request: a JSON value it returns, or an error it throws. `ServiceError`s turn the request away. */
export type TestHandler = (event: unknown, request: InvokeRequest) => unknown;

/** One invocation, as the tests look at it. */
export interface TestInvocation {
  functionName: string;
  requestId: string | undefined;
  attempt: number | undefined;
  atMs: number;
  event: unknown;
}

/** A function error: what a handler throws to fail with this message. */
export class FunctionFailure extends Error {}

/** A dispatcher on a virtual clock and a real database, with functions that are TypeScript. */
export interface TestDispatcher {
  dispatcher: Dispatcher;
  clock: VirtualClock;
  activity: Activity;
  bus: EventBus;
  database: Database;
  queues: TestQueues;
  streams: TestStreams;
  /** By name; a name without one is a function that does not exist. */
  handlers: Map<string, TestHandler>;
  facts: Map<string, Partial<FunctionFacts>>;
  /** Like a change of `handlers`, and whoever waits for it is told. */
  addFunction(name: string, handler: TestHandler): void;
  removeFunction(name: string): void;
  invocations: TestInvocation[];
  /** Service principals that no policy lets in. */
  refusedServices: Set<string>;
  /** What was sent to destinations and dead-letter queues. */
  sent: Delivery[];
  /** Decides what a target answers: throws to refuse. */
  onDeliver: (delivery: Delivery) => void | Promise<void>;
  records: DeliveryRecord[];
  notices: Notice[];
  call<Output = Record<string, unknown>>(
    operation: string,
    input: object,
    context?: Partial<CallContext>,
  ): Promise<Output>;
  errorOf(operation: string, input: object): Promise<{ code: string; status: number; message: string }>;
  stop(): Promise<void>;
}

/** `dataDir`: default: where tests keep theirs. `start`, `tellsOfCreation` (whether queues do): default true. */
export async function createTestDispatcher(
  options: {
    dataDir?: string;
    start?: boolean;
    seed?: string;
    startMs?: number;
    concurrencyMax?: number;
    mappingTransitionMs?: number;
    tellsOfCreation?: boolean;
  } = {},
): Promise<TestDispatcher> {
  const activity = new Activity();
  const clock = new VirtualClock({
    activity,
    realTime,
    ...(options.startMs === undefined ? {} : { startMs: options.startMs }),
  });
  const bus = new EventBus();
  const rng = createRng(options.seed ?? "dispatcher");
  const database = openTestDatabase({ dataDir: options.dataDir, activity });
  const queues = createTestQueues({ clock, rng: rng.fork("queues"), store: createQueueStore(database) });
  const streams = createTestStreams({ clock });
  const handlers = new Map<string, TestHandler>();
  const facts = new Map<string, Partial<FunctionFacts>>();
  const invocations: TestInvocation[] = [];
  const onChange = new Set<() => void>();
  const sent: Delivery[] = [];
  const records: DeliveryRecord[] = [];
  const notices: Notice[] = [];
  bus.on("delivery", (record) => records.push(record));
  bus.on("notice", (notice) => notices.push(notice));

  const nameOf = (functionName: string): string =>
    /(?:function:|^)([^:]+)(?::\$LATEST)?$/.exec(functionName)?.[1] ?? "";
  const find = (functionName: string, qualifier = "$LATEST"): FunctionFacts | undefined => {
    const name = nameOf(functionName);
    if (!handlers.has(name) || qualifier !== "$LATEST") return undefined;
    const functionArn = `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
    return { functionName: name, functionArn, version: "$LATEST", timeoutMs: 3_000, ...facts.get(name) };
  };
  const invoke = async (request: InvokeRequest): Promise<InvokeResult> => {
    const functionName = nameOf(request.functionName);
    const event = JSON.parse(new TextDecoder().decode(request.payload)) as unknown;
    const { requestId, attempt } = request;
    invocations.push({ functionName, requestId, attempt, atMs: clock.now(), event });
    const handler = handlers.get(functionName);
    if (handler === undefined) throw new Error(`no function ${functionName}`);
    return answer(functionName, requestId ?? "r", () => handler(event, request));
  };

  const test: TestDispatcher = {
    dispatcher: createDispatcher({
      clock,
      rng: rng.fork("dispatcher"),
      bus,
      activity,
      scope: defaultScope,
      invoker: { invoke },
      functions: {
        find,
        onChange(run) {
          onChange.add(run);
          return () => {
            onChange.delete(run);
          };
        },
      },
      access: {
        authorize(functionName, _qualifier, caller) {
          if (test.refusedServices.has(caller.service)) {
            throw new ServiceError("AccessDeniedException", `${caller.service} may not invoke ${functionName}`, {
              status: 403,
            });
          }
        },
        missingForUrl: () => [],
      },
      async deliver(delivery) {
        await test.onDeliver(delivery);
        sent.push(delivery);
      },
      queues: options.tellsOfCreation === false ? { find: (arn) => queues.find(arn) } : queues,
      streams,
      events: createAsyncEventStore(database),
      documents: createDocumentStore(database),
      ...(options.concurrencyMax === undefined ? {} : { concurrencyMax: options.concurrencyMax }),
      ...(options.mappingTransitionMs === undefined ? {} : { mappingTransitionMs: options.mappingTransitionMs }),
    }),
    clock,
    activity,
    bus,
    database,
    queues,
    streams,
    handlers,
    facts,
    addFunction(name, handler) {
      handlers.set(name, handler);
      for (const run of onChange) run();
    },
    removeFunction(name) {
      handlers.delete(name);
      for (const run of onChange) run();
    },
    invocations,
    refusedServices: new Set(),
    sent,
    onDeliver: () => undefined,
    records,
    notices,
    call: (name, input, context) => callOperation(test.dispatcher.operations, name, input, context),
    async errorOf(name, input) {
      const { code, status, message } = await failureOf(test.call(name, input));
      return { code, status, message };
    },
    async stop() {
      await test.dispatcher.stop();
      database.close();
    },
  };
  if (options.start !== false) await test.dispatcher.start();
  return test;
}

async function answer(functionName: string, requestId: string, run: () => unknown): Promise<InvokeResult> {
  const common = {
    requestId,
    executedVersion: "$LATEST",
    functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    durationMs: 1,
    billedDurationMs: 1,
    coldStart: false,
    environmentId: "e",
    logTail: () => "",
  };
  const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value ?? null));
  try {
    return { ...common, status: "success", payload: encode(await run()) };
  } catch (error) {
    if (!(error instanceof FunctionFailure)) throw error;
    const { message } = error;
    const payload = encode({ errorMessage: message, errorType: "Error" });
    return {
      ...common,
      status: "error",
      payload,
      functionError: "Unhandled",
      errorType: "Error",
      errorMessage: message,
    };
  }
}
