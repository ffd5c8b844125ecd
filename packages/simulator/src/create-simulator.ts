/**
 * The library: a whole simulator in one call.
 *
 * @example
 * await using simulator = await createSimulator({ template: "template.yaml", clock: "virtual" });
 * await simulator.s3.putObject({ bucket: "Uploads", key: "a.csv", body: "id\n1\n" });
 * await simulator.settle();
 * expect(simulator.invocations({ functionName: "Import" })).toHaveLength(1);
 */
import { resolve } from "node:path";
import { Activity, type CallContext, createRng, defaultScope, type Scope, SimulatorError } from "@tripline/kernel";
import { randomSeed, realTime } from "@tripline/kernel/real-time";
import { createDocumentStore, openDatabase } from "@tripline/storage";
import { loadTemplate, type TemplatePlan } from "@tripline/templates";
import { createEndpoint } from "@tripline/wire";
import type { WatchedFolder } from "@tripline/sources";
import { createAdminHandler } from "./admin/admin-handler.ts";
import { applyPlan } from "./apply-plan.ts";
import { createInvokeHelper } from "./helpers/invoke-helper.ts";
import { createS3Helper } from "./helpers/s3-helper.ts";
import { createSqsHelper } from "./helpers/sqs-helper.ts";
import { createHouse } from "./house.ts";
import { withLocalUrls } from "./local-urls.ts";
import { createResourceNames } from "./resource-names.ts";
import type { Simulator, SimulatorOptions } from "./simulator.ts";
import { checkOptions } from "./check-options.ts";
import { createClockParts } from "./simulator-clock.ts";

/**
 * Starts a simulator. Rejects with a `SimulatorError` (`SIM_TEMPLATE_…`, `SIM_DATA_DIR_LOCKED`, `SIM_PORT_IN_USE`, …), having
 * undone what it had begun.
 */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  checkOptions(options);
  const scope = options.scope ?? defaultScope;
  let plan = readPlan(options, scope);
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
  const endRelaxation = database.relax();
  let endpoint: string | undefined;
  const undo: (() => void | Promise<void>)[] = [
    () => {
      database.close();
    },
    () => {
      time.stop();
    },
  ];
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
      userPoolKeys: options.userPoolKeys ?? {},
      freeze: options.freeze ?? true,
      notCode: [
        ...(options.dataDir === undefined ? [] : [options.dataDir]),
        ...(options.drops ?? []).map(({ folder }) => folder),
      ],
      watchCode: options.watchCode ?? options.clock !== "virtual",
      schedules: options.runSchedules ?? true,
      history: options.history ?? {},
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
      get plan() {
        return plan;
      },
      names,
      drops: watched,
      s3: createS3Helper({ service: house.s3.service, names, context }),
      sqs: createSqsHelper({ service: house.sqs.service, names, context }),
      invoke: createInvokeHelper({ house, names }),
      house,
      newId: () => requests.uuid(),
      async settle() {
        for (const drop of watched) await drop.settled();
        await time.settle();
      },
      deliveries: (filter) => house.book.deliveries(filter),
      invocations: (filter) =>
        house.book.invocations(
          filter?.functionName === undefined
            ? filter
            : { ...filter, functionName: names.functionName(filter.functionName) },
        ),
      logs: (filter) =>
        house.book.logs(
          filter?.functionName === undefined
            ? filter
            : { ...filter, functionName: names.functionName(filter.functionName) },
        ).lines,
      mappings() {
        const counts = house.book.mappingCounts();
        return house.dispatcher.mappings().map((one) => ({ ...one, counts: { ...counts.get(one.uuid) } }));
      },
      schedules: () =>
        [...house.eventbridge.schedules(), ...house.scheduler.schedules()].sort((a, b) => (a.name < b.name ? -1 : 1)),
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
        handlers: [house.functions.downloads, createAdminHandler(simulator), house.gateway, house.functionUrls],
      });
      const address = await server.listen({ host: listen.host ?? "127.0.0.1", port: listen.port ?? 0 });
      undo.push(() => server.close(graceMs));
      endpoint = `http://${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}`;
      database.setOwner({ pid: process.pid, endpoint });
      if (plan !== undefined) plan = withLocalUrls(plan, scope, endpoint);
    }
    await house.start();
    if (plan !== undefined)
      plan = await applyPlan({ plan, services: house.services, documents: createDocumentStore(database), context });
    await endRelaxation();
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
    return loadTemplate({
      path: options.template,
      scope,
      ...(options.parameters === undefined ? {} : { parameters: options.parameters }),
    });
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
  const list = [first, ...rest].map(
    (one) =>
      `${plan.file}:${one.line} ${one.logicalId} ${one.type}${one.property === undefined ? "" : `.${one.property}`}: ${one.reason}`,
  );
  throw new SimulatorError("SIM_TEMPLATE_UNSUPPORTED", {
    what: `The template has ${list.length === 1 ? "something" : `${list.length} things`} that Tripline does not simulate:\n    ${list.join("\n    ")}`,
    next: "Remove them, or start without --strict to run the rest.",
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
