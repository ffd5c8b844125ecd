/**
 * One seeded run of an event source mapping in a world in which things go wrong (see Happened): the function fails, times out, is
 * throttled, starts slowly, reports half of a batch; messages come twice; the dispatcher is killed at any moment and started again; shards
 * split and merge; the mapping is changed in mid-flight.
 * Time is virtual, the database is real, and the same seed gives the same run.
 */
import {
  Activity,
  type CallContext,
  createRng,
  defaultScope,
  type Delivery,
  type DocumentStore,
  EventBus,
  type InvokeRequest,
  type InvokeResult,
  type QueueSource,
  type Rng,
  ServiceError,
  VirtualClock,
} from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { createAsyncEventStore, createDocumentStore, createQueueStore } from "@tripline/storage";
import { openTestDatabase } from "@tripline/storage/testing";
import { createDispatcher, type Dispatcher } from "../../create-dispatcher.ts";
import { createTestQueues } from "../test-queue.ts";
import { createTestStreams } from "../test-stream.ts";
import { Ledger } from "./ledger.ts";
import { Life } from "./life.ts";
import { drawPlan, type Plan } from "./plan.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:f";
const receiveCountMax = 4;
const visibilityMs = 30_000;
const dayMs = 86_400_000;
const timeoutMs = 3_000;
/** INIT may take ten seconds, and then the function's time. */
const coldStartMsMax = 12_000;

/** What can go wrong in a run. */
export const happenings = [
  "a message delivered twice",
  "a record or message sent again after it was done",
  "a crash",
  "a crash between an invoke that succeeded and its delete or checkpoint",
  "a throttle",
  "a system error",
  "a function error",
  "a timeout",
  "a slow cold start",
  "a partial failure",
  "a poison record",
  "a split",
  "a merge",
  "a change of the mapping",
] as const;

/** How often each of it did. */
export type Happened = Record<(typeof happenings)[number], number>;

/** A run that held what it must. */
export interface Run {
  plan: Plan;
  sent: number;
  invocations: number;
  happened: Happened;
}

interface EventRecord {
  /** Of a stream. */
  eventID?: string;
  kinesis?: { sequenceNumber: string; partitionKey: string };
  /** Of a queue. */
  messageId?: string;
}

interface WindowedEvent {
  Records: EventRecord[];
  window?: { start: string };
  state?: { count?: number };
  shardId?: string;
  isFinalInvokeForWindow?: boolean;
}

/** Runs `seed`. Throws an `InvariantError` that names the rule that did not hold (see ledger.ts). */
export async function simulate(seed: string): Promise<Run> {
  const rng = createRng(seed);
  const plan = drawPlan(rng.fork("plan"));
  const world = new World(rng, plan);
  try {
    return await world.run();
  } finally {
    world.close();
  }
}

class World {
  readonly #plan: Plan;
  readonly #rng: Rng;
  readonly #activity = new Activity();
  readonly #clock: VirtualClock;
  readonly #database;
  readonly #documents: DocumentStore;
  readonly #queues;
  readonly #streams;
  readonly #ledger: Ledger;
  readonly #sourceArn: string;
  #faults: Plan["faults"];
  #life: Life;
  #dispatcher: Dispatcher;
  #uuid = "";
  #invocations = 0;
  #lives = 0;
  readonly #happened: Happened = Object.fromEntries(happenings.map((one) => [one, 0])) as Happened;
  #next = 0;
  /** An invariant that broke where nobody could throw it. */
  #broken: unknown;

  constructor(rng: Rng, plan: Plan) {
    this.#plan = plan;
    this.#faults = plan.faults;
    this.#rng = rng.fork("faults");
    this.#clock = new VirtualClock({ activity: this.#activity, realTime });
    this.#database = openTestDatabase({ dataDir: undefined, activity: this.#activity });
    this.#documents = this.#watched(createDocumentStore(this.#database));
    const store = createQueueStore(this.#database);
    this.#queues = createTestQueues({ clock: this.#clock, rng: rng.fork("queues"), store });
    this.#streams = createTestStreams({ clock: this.#clock });
    this.#ledger = new Ledger(plan, this.#queues.deadLettered);
    this.#sourceArn = this.#createSource();
    this.#life = new Life({ activity: this.#activity, clock: this.#clock });
    this.#dispatcher = this.#build(this.#life);
  }

  async run(): Promise<Run> {
    await this.#dispatcher.start();
    await this.#map();
    for (let step = 0; step < this.#plan.steps; step++) await this.#step();
    this.#faults = {
      ...this.#faults,
      error: 0,
      throttle: 0,
      system: 0,
      report: 0,
      crash: 0,
      timeout: 0,
      coldStart: 0,
      duplicate: 0,
    };
    await this.#clock.advance(visibilityMs); // whatever change is under way is over
    await this.#call("UpdateEventSourceMapping", { UUID: this.#uuid, Enabled: true });
    await this.#clock.advance(dayMs / 2);
    this.#throwBroken();
    this.#ledger.finish();
    await this.#dispatcher.stop();
    return {
      plan: this.#plan,
      sent: this.#ledger.sent.size,
      invocations: this.#invocations,
      happened: this.#happened,
    };
  }

  close(): void {
    this.#life.crash();
    this.#database.close();
  }

  /** What the world does next. */
  async #step(): Promise<void> {
    const draw = this.#rng.next();
    if (draw < 0.5) await this.#send(1 + this.#rng.below(8));
    else if (draw < 0.8) await this.#clock.advance(this.#rng.below(20_000));
    else if (draw < 0.88) this.#reshard();
    else if (draw < 0.94) await this.#change();
    else if (this.#faults.crash > 0) await this.#crash();
    for (let turn = this.#rng.below(4); turn > 0; turn--) await realTime.turn();
    this.#throwBroken();
  }

  async #send(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      const key = `key-${this.#rng.below(this.#plan.keys)}`;
      const isPoison = this.#rng.next() < this.#faults.poison;
      if (isPoison) this.#note("a poison record");
      const isWanted = !this.#plan.settings.isFiltered || this.#rng.next() < 0.7;
      const data = { kind: isWanted ? "wanted" : "other", isPoison, n: this.#next++ };
      const sentAtMs = this.#clock.now();
      if (this.#plan.source === "stream") {
        const open = this.#streams.openShards("s");
        const shard = open[Number(key.slice(4)) % open.length] ?? "";
        const id = this.#streams.put("s", data, { key, shard });
        // A key that moves to another shard keeps its order by way of the parents; shards that are no kin promise none.
        this.#ledger.add({ id, key: `${this.#kinOf(shard)} ${key}`, isPoison, isWanted, sentAtMs });
      } else {
        const options = this.#plan.source === "fifo" ? { groupId: key } : {};
        const [id = ""] = await this.#queues.send(this.#queueName(), [JSON.stringify(data)], options);
        this.#ledger.add({ id, key, isPoison, isWanted, sentAtMs });
      }
    }
  }

  readonly #kin = new Map<string, string>();

  /** Children of a split share a parent, but a key goes to one of them only: what follows from a shard, by its own line. */
  #kinOf(shard: string): string {
    return this.#kin.get(shard) ?? shard;
  }

  #reshard(): void {
    if (this.#plan.source !== "stream") return;
    const open = this.#streams.openShards("s");
    const [one = "", other = ""] = [open[this.#rng.below(open.length)], open[this.#rng.below(open.length)]];
    if (one !== other && this.#rng.next() < 0.5) {
      this.#note("a merge");
      this.#streams.merge("s", one, other);
    } else if (open.length < 6) {
      this.#note("a split");
      const [left] = this.#streams.split("s", one);
      this.#kin.set(left, this.#kinOf(one));
    }
  }

  async #change(): Promise<void> {
    const draw = this.#rng.next();
    const UUID = this.#uuid;
    if (draw < 0.6) this.#note("a change of the mapping");
    if (draw < 0.3) await this.#call("UpdateEventSourceMapping", { UUID, Enabled: draw < 0.15 });
    else if (draw < 0.6) {
      const { BatchSize } = this.#plan.settings;
      await this.#call("UpdateEventSourceMapping", { UUID, BatchSize: 1 + this.#rng.below(BatchSize), Enabled: true });
    }
  }

  async #crash(): Promise<void> {
    this.#kill();
    await this.#clock.advance(this.#rng.below(5_000));
    await this.#restart();
  }

  #kill(): void {
    this.#note("a crash");
    this.#lives++;
    this.#life.crash();
    this.#ledger.forgetWhatIsInHand();
  }

  #restarting: Promise<void> | undefined;

  /** The next life, begun once however many wait for it. */
  async #restart(): Promise<void> {
    if (this.#life.isOver) this.#restarting ??= this.#begin();
    await this.#restarting;
  }

  async #begin(): Promise<void> {
    await this.#database.write(() => undefined); // on a file, what the last life wrote may be on its way: a kill leaves nothing so
    if (!this.#database.isClosed) {
      this.#life = new Life({ activity: this.#activity, clock: this.#clock });
      this.#dispatcher = this.#build(this.#life);
      await Promise.race([this.#dispatcher.start(), this.#life.end]);
    }
    this.#restarting = undefined;
  }

  #createSource(): string {
    if (this.#plan.source === "stream") return this.#streams.create("s", { shards: this.#plan.shards });
    const isFifo = this.#plan.source === "fifo";
    const dead = isFifo ? "dead.fifo" : "dead";
    this.#queues.create({ name: dead, visibilityTimeoutMs: visibilityMs });
    return this.#queues.create({
      name: this.#queueName(),
      visibilityTimeoutMs: visibilityMs,
      redrive: { queue: dead, receiveCountMax },
    });
  }

  #queueName(): string {
    return this.#plan.source === "fifo" ? "q.fifo" : "q";
  }

  #build(life: Life): Dispatcher {
    const facts = { functionName: "f", functionArn, version: "$LATEST", timeoutMs };
    return createDispatcher({
      clock: life.clock,
      rng: this.#rng.fork(`life ${this.#lives}`),
      bus: new EventBus(),
      activity: life.activity,
      scope: defaultScope,
      invoker: { invoke: (request) => this.#invoke(life, request) },
      functions: { find: () => facts },
      access: { authorize: () => undefined, missingForUrl: () => [] },
      deliver: (delivery) => life.lasting(life.isOver ? new Promise(() => undefined) : this.#deliver(delivery)),
      queues: {
        find: async (arn) => {
          const source = await this.#queues.find(arn);
          return source === undefined ? undefined : life.bind(this.#twice(source));
        },
      },
      streams: {
        find: async (arn) => {
          const source = await this.#streams.find(arn);
          return source === undefined ? undefined : life.bind(source);
        },
      },
      events: life.bind(createAsyncEventStore(this.#database)),
      documents: life.bind(this.#documents),
    });
  }

  /** At least once: some of what is received can be received by another at once. */
  #twice(source: QueueSource): QueueSource {
    return {
      facts: () => source.facts(),
      delete: (handles) => source.delete(handles),
      release: (handles, delayMs) => source.release(handles, delayMs),
      onArrival: (wake) => source.onArrival(wake),
      receive: async (options) => {
        const messages = await source.receive(options);
        for (const { receiptHandle } of messages) {
          if (this.#rng.next() >= this.#faults.duplicate) continue;
          this.#note("a message delivered twice");
          await source.release([receiptHandle], 0);
        }
        return messages;
      },
    };
  }

  async #map(): Promise<void> {
    const { reportsFailures, isFiltered, maximumConcurrency, ...settings } = this.#plan.settings;
    const common = {
      EventSourceArn: this.#sourceArn,
      FunctionName: "f",
      BatchSize: settings.BatchSize,
      MaximumBatchingWindowInSeconds: settings.MaximumBatchingWindowInSeconds,
      ...(reportsFailures ? { FunctionResponseTypes: ["ReportBatchItemFailures"] } : {}),
    };
    const path = this.#plan.source === "stream" ? "data" : "body";
    const filters = isFiltered ? { FilterCriteria: { Filters: [{ Pattern: `{"${path}":{"kind":["wanted"]}}` }] } } : {};
    const ofStream = {
      ...settings,
      StartingPosition: "TRIM_HORIZON",
      DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::failures" } },
    };
    const ofQueue =
      maximumConcurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } };
    const { UUID } = await this.#call<{ UUID: string }>("CreateEventSourceMapping", {
      ...common,
      ...filters,
      ...(this.#plan.source === "stream" ? ofStream : ofQueue),
    });
    this.#uuid = UUID;
  }

  /** A crash cuts the call off; whether it was heard, nobody knows. */
  async #call<Output>(name: string, input: object): Promise<Output> {
    await this.#restart();
    const operation = this.#dispatcher.operations.find((one) => one.name === name);
    try {
      const answer = operation?.run(input as never, { ...callContext, upsert: true });
      return (await Promise.race([answer, this.#life.end.then(() => ({}))])) as Output;
    } catch (error) {
      if (error instanceof ServiceError && error.code === "ResourceInUseException") return {} as Output;
      throw error;
    }
  }

  /** The function. */
  async #invoke(life: Life, request: InvokeRequest): Promise<InvokeResult> {
    if (life.isOver) return life.lasting(new Promise(() => undefined));
    const event = JSON.parse(new TextDecoder().decode(request.payload)) as WindowedEvent;
    const ids = event.Records.map((record) => record.kinesis?.sequenceNumber ?? record.messageId ?? "");
    const lane = event.Records[0]?.eventID?.split(":")[0] ?? event.shardId ?? "queue";
    this.#invocations++;
    try {
      this.#ledger.begin(lane, ids, this.#clock.now());
    } catch (error) {
      this.#broken ??= error;
    }
    if (ids.some((id) => this.#ledger.processed.has(id)))
      this.#note("a record or message sent again after it was done");
    for (let turn = this.#rng.below(3); turn > 0; turn--) await realTime.turn();
    if (this.#rng.next() < this.#faults.coldStart) {
      this.#note("a slow cold start");
      await life.sleep(this.#rng.below(coldStartMsMax));
    }
    if (life.isOver) return life.lasting(new Promise(() => undefined));
    const isTimeout = this.#rng.next() < this.#faults.timeout;
    if (isTimeout) await life.sleep(timeoutMs);
    const answer = isTimeout ? this.#fail("a timeout", "timeout") : this.#answer(event, ids);
    if (this.#rng.next() < this.#faults.crash) {
      if (!(answer instanceof Error) && answer.status === "success") {
        this.#note("a crash between an invoke that succeeded and its delete or checkpoint");
      }
      this.#kill();
      void this.#restartSoon();
      return life.lasting(new Promise(() => undefined));
    }
    this.#ledger.end(lane);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  /** A crash in mid-invoke: the next life begins a moment later. */
  async #restartSoon(): Promise<void> {
    const end = this.#activity.begin("the next life");
    await realTime.turn();
    if (!this.#database.isClosed) await this.#restart();
    end();
  }

  #answer(event: WindowedEvent, ids: readonly string[]): InvokeResult | Error {
    const { error, throttle, system, report } = this.#faults;
    if (this.#rng.next() < throttle) {
      this.#note("a throttle");
      return new ServiceError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
    }
    if (this.#rng.next() < system) {
      this.#note("a system error");
      return new ServiceError("ServiceException", "no", { status: 500 });
    }
    if (this.#rng.next() < error) return this.#fail("a function error", "error");
    const bad = ids.filter((id) => this.#ledger.sent.get(id)?.isPoison === true);
    const { reportsFailures, TumblingWindowInSeconds } = this.#plan.settings;
    if (bad.length > 0 && !reportsFailures) return this.#fail("a function error", "error");
    if (reportsFailures && ids.length > 0 && this.#rng.next() < report)
      bad.push(ids[this.#rng.below(ids.length)] ?? "");
    // Of a stream and of a FIFO queue, what follows the first failure is not done either.
    const isOrdered = this.#plan.source !== "queue";
    const from = isOrdered && bad.length > 0 ? Math.min(...bad.map((id) => ids.indexOf(id))) : ids.length;
    const left = isOrdered ? ids.slice(from) : ids.filter((id) => bad.includes(id));
    const done = ids.filter((id) => !left.includes(id));
    if (left.length > 0) this.#note("a partial failure");
    this.#ledger.succeeded(done);
    const count = (event.state?.count ?? 0) + done.length;
    if (event.isFinalInvokeForWindow === true && left.length === 0) {
      this.#ledger.windowEnded(event.shardId ?? "", event.window?.start ?? "", count);
    }
    const payload = {
      ...(TumblingWindowInSeconds > 0 ? { state: { count } } : {}),
      batchItemFailures: left.map((itemIdentifier) => ({ itemIdentifier })),
    };
    return { ...result, status: "success", payload: encode(payload) };
  }

  #fail(what: "a function error" | "a timeout", status: "error" | "timeout"): InvokeResult {
    this.#note(what);
    return { ...result, status, functionError: "Unhandled", payload: encode({ errorMessage: "no" }) };
  }

  #note(what: keyof Happened): void {
    this.#happened[what]++;
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const record = JSON.parse(new TextDecoder().decode(delivery.body)) as {
      requestContext: { condition: string; approximateInvokeCount: number };
      payload: string;
    };
    const { Records } = JSON.parse(record.payload) as WindowedEvent;
    try {
      this.#ledger.gaveUp({
        condition: record.requestContext.condition,
        invokeCount: record.requestContext.approximateInvokeCount,
        ids: Records.map(({ kinesis }) => kinesis?.sequenceNumber ?? ""),
        atMs: this.#clock.now(),
      });
    } catch (error) {
      this.#broken ??= error;
    }
  }

  /** Tells the ledger of checkpoints. */
  #watched(documents: DocumentStore): DocumentStore {
    const kind = "lambda-stream-checkpoint";
    return {
      ...documents,
      put: async (its, key, value) => {
        await documents.put(its, key, value);
        if (its !== kind) return;
        try {
          this.#ledger.checkpoint(key, (value as { after?: string }).after);
        } catch (error) {
          this.#broken ??= error;
        }
      },
      delete: (its, key) => {
        if (its === kind) this.#ledger.forgetCheckpoint(key);
        return documents.delete(its, key);
      },
    };
  }

  #throwBroken(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }
}

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const result = {
  requestId: "00000000-0000-4000-8000-000000000000",
  executedVersion: "$LATEST",
  functionArn,
  durationMs: 1,
  billedDurationMs: 1,
  coldStart: false,
  environmentId: "e",
  logTail: () => "",
};

const callContext: CallContext = {
  requestId: "r",
  endpoint: "http://127.0.0.1:4566",
  sourceIp: "127.0.0.1",
  signal: new AbortController().signal,
  headers: {},
};
