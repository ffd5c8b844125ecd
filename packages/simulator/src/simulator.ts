/**
 * The library: a whole simulator in one call.
 *
 * @example
 * await using simulator = await createSimulator({ template: "template.yaml", clock: "virtual" });
 * await simulator.s3.putObject({ bucket: "Uploads", key: "a.csv", body: "id\n1\n" });
 * await simulator.settle();
 * expect(simulator.invocations({ functionName: "Import" })).toHaveLength(1);
 */
import { dirname, resolve } from "node:path";
import { Activity, type CallContext, createRng, defaultScope, type DeliveryRecord, type InvocationRecord, type LogLine, type Scope, SimulatorError } from "@tripline/kernel";
import { randomSeed, realTime } from "@tripline/kernel/real-time";
import { createDocumentStore, openDatabase } from "@tripline/storage";
import type { DeliveryFilter, InvocationFilter, LogFilter } from "@tripline/telemetry";
import { loadTemplate, type TemplatePlan } from "@tripline/templates";
import { createEndpoint } from "@tripline/wire";
import type { WatchedFolder, ScheduleSummary } from "@tripline/sources";
import { createAdminHandler } from "./admin/admin-handler.ts";
import { applyPlan } from "./apply-plan.ts";
import { createHouse, type House } from "./house.ts";
import { createResourceNames, type ResourceNames } from "./resource-names.ts";
import { type ClockChoice, createClockParts, type SimulatorClock } from "./simulator-clock.ts";
import { createS3Helper, type S3Helper } from "./helpers/s3-helper.ts";
import { createSqsHelper, type SqsHelper } from "./helpers/sqs-helper.ts";
import { createInvokeHelper, type InvokeHelper } from "./helpers/invoke-helper.ts";

/** Options of {@link createSimulator}. */
export interface SimulatorOptions {
  /** A SAM or CloudFormation template, or the folder that holds one. */
  template?: string;
  /** Resources as a template's `Resources` would have them, instead of a template. Relative code folders resolve against `folder`. */
  resources?: Record<string, unknown>;
  /** Default: the current folder. */
  folder?: string;
  /** Values of the template's parameters. */
  parameters?: Record<string, string>;
  /** Default `"system"`. */
  clock?: ClockChoice;
  /** Where virtual time starts. Default 2026-01-01T00:00:00Z. */
  startAt?: Date | number;
  /** Folder for what must outlive the process. Default: nothing does. */
  dataDir?: string;
  /** Seed of all chance. Default: a fresh one, see `simulator.seed`. */
  seed?: string;
  /** `"process"` (default): each environment is a process. `"inline"`: handlers run in this process, for simulation at speed. */
  isolation?: "process" | "inline";
  /** Where the AWS endpoint listens. Default 127.0.0.1 on a free port; `false`: not at all. */
  listen?: { host?: string; port?: number } | false;
  /** Watched folders: what is dropped there becomes an object of the bucket. */
  drops?: readonly { bucket: string; folder: string }[];
  /** Refuse templates with anything that is not simulated. Default false. */
  strict?: boolean;
  /** Region and account. Default us-east-1, 000000000000. */
  scope?: Scope;
  /** Concurrent executions of the account. Default 1,000. */
  accountConcurrency?: number;
  /** Called with the parts before anything starts: to listen on the bus from the first event on. */
  onHouse?: (house: House) => void;
}

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`; undefined with `listen: false`. */
  readonly endpoint: string | undefined;
  readonly seed: string;
  readonly clock: SimulatorClock;
  /** What the template asked for, if there was one. */
  readonly plan: TemplatePlan | undefined;
  readonly names: ResourceNames;
  readonly drops: readonly WatchedFolder[];
  readonly s3: S3Helper;
  readonly sqs: SqsHelper;
  /** Invokes a function and waits for its answer; with `{ async: true }` queues an event. */
  readonly invoke: InvokeHelper;
  /** The parts, for those who extend the simulator. */
  readonly house: House;
  /** Waits until nothing is in flight. Virtual time does not move. */
  settle(): Promise<void>;
  /** What was delivered to whom and why. */
  deliveries(filter?: DeliveryFilter): DeliveryRecord[];
  /** What was invoked. `functionName` may be a logical id. */
  invocations(filter?: InvocationFilter): InvocationRecord[];
  logs(filter?: LogFilter): LogLine[];
  /** Rules and schedules, by name. */
  schedules(): ScheduleSummary[];
  /** Ends intake, waits (bounded) for what is in hand, ends every environment and closes the storage. */
  stop(): Promise<void>;
}

/**
 * Starts a simulator. Rejects with a `SimulatorError` (`SIM_TEMPLATE_…`, `SIM_DATA_DIR_LOCKED`, `SIM_PORT_IN_USE`, …), having
 * undone what it had begun.
 */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const scope = options.scope ?? defaultScope;
  const plan = readPlan(options, scope);
  if (plan !== undefined && options.strict === true) refuseUnsupported(plan);

  const seed = options.seed ?? randomSeed();
  const rng = createRng(seed);
  const activity = new Activity();
  const time = createClockParts(options.clock ?? "system", {
    activity,
    realTime,
    ...(options.startAt === undefined ? {} : { startMs: Number(options.startAt) }),
  });
  const database = openDatabase({ dataDir: options.dataDir, activity, owner: { pid: process.pid } });
  let endpoint: string | undefined;
  const undo: (() => void | Promise<void>)[] = [() => { database.close(); }, () => { time.stop(); }];
  const stop = once(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  try {
    const house = createHouse({
      clock: time.clock,
      realTime,
      rng,
      activity,
      scope,
      database,
      dataDir: options.dataDir,
      isolation: options.isolation ?? "process",
      accountConcurrency: options.accountConcurrency ?? 1000,
      endpoint: () => endpoint,
    });
    undo.push(() => house.stop());
    options.onHouse?.(house);
    const names = createResourceNames({
      plan: () => plan,
      functions: () => house.registry.list().map((one) => one.functionName),
      buckets: () => house.s3.buckets().map((bucket) => bucket.name),
      queues: () => house.sqs.list().map((queue) => queue.name),
    });
    const requests = rng.fork("calls");
    const context = (): CallContext => ({
      requestId: requests.uuid(),
      endpoint: endpoint ?? "http://127.0.0.1:4566",
      sourceIp: "127.0.0.1",
      signal: neverAborted,
      headers: {},
    });
    const watched: WatchedFolder[] = [];
    const simulator: Simulator = {
      get endpoint() {
        return endpoint;
      },
      seed,
      clock: time.handle,
      plan,
      names,
      drops: watched,
      s3: createS3Helper({ service: house.s3.service, names, context }),
      sqs: createSqsHelper({ service: house.sqs.service, names, context }),
      invoke: createInvokeHelper({ house, names }),
      house,
      settle: time.settle,
      deliveries: (filter) => house.book.deliveries(filter),
      invocations: (filter) => house.book.invocations(filter?.functionName === undefined ? filter : { ...filter, functionName: names.functionName(filter.functionName) }),
      logs: (filter) => house.book.logs(filter?.functionName === undefined ? filter : { ...filter, functionName: names.functionName(filter.functionName) }).lines,
      schedules: () => [...house.eventbridge.schedules(), ...house.scheduler.schedules()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      stop,
      [Symbol.asyncDispose]: stop,
    };
    const listen = options.listen ?? {};
    if (listen !== false) {
      const server = createEndpoint({
        services: house.services,
        clock: time.clock,
        rng: rng.fork("wire"),
        activity,
        handlers: [createAdminHandler(simulator), house.gateway],
      });
      const address = await server.listen({ host: listen.host ?? "127.0.0.1", port: listen.port ?? 0 });
      undo.push(() => server.close(graceMs));
      endpoint = `http://${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}`;
      database.setOwner({ pid: process.pid, endpoint });
    }
    await house.start();
    if (plan !== undefined) await applyPlan({ plan, services: house.services, documents: createDocumentStore(database), context });
    for (const { bucket, folder } of options.drops ?? []) {
      const drop = await house.s3.watch(names.bucket(bucket), folder);
      watched.push(drop);
      undo.push(() => drop.close());
    }
    return simulator;
  } catch (error) {
    await stop();
    throw error;
  }
}

const graceMs = 2000;
const neverAborted = new AbortController().signal;

function readPlan(options: SimulatorOptions, scope: Scope): TemplatePlan | undefined {
  if (options.template !== undefined) {
    return loadTemplate({ path: options.template, scope, ...(options.parameters === undefined ? {} : { parameters: options.parameters }) });
  }
  if (options.resources === undefined) return undefined;
  return loadTemplate({
    path: resolve(options.folder ?? process.cwd(), "resources"),
    document: { Resources: options.resources },
    scope,
    ...(options.parameters === undefined ? {} : { parameters: options.parameters }),
  });
}

function refuseUnsupported(plan: TemplatePlan): void {
  const [first, ...rest] = plan.unsupported;
  if (first === undefined) return;
  const list = [first, ...rest].map((one) => `${plan.file}:${one.line} ${one.logicalId} ${one.type}${one.property === undefined ? "" : `.${one.property}`}: ${one.reason}`);
  throw new SimulatorError("SIM_TEMPLATE_UNSUPPORTED", {
    what: `The template has ${list.length === 1 ? "something" : `${list.length} things`} that Tripline does not simulate:\n    ${list.join("\n    ")}`,
    next: "Remove them, or start without --strict to run the rest.",
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}

/** Folder of a plan's template. */
export function templateFolder(plan: TemplatePlan): string {
  return dirname(plan.file);
}
