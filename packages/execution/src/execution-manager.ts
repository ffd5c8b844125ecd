/**
 * The execution manager: which environment runs an invocation.
 *
 * M1. Lease, then environment: a warm one of the same function version (the most recently used), else a new one.
 * M2. An environment of an older revision, or of changed code, takes no more invocations; what runs in it finishes.
 * M3. More environments than the machine carries well (`environmentsSoftMax`) are started only when none became free for `patienceMs`:
 *     so a thousand simultaneous events do not start a thousand processes, and functions that call each other do not block each other.
 * M4. Idle environments are frozen after a few milliseconds and reaped after `idleReapMs` on the clock. On a virtual clock nothing is
 *     armed for that, so that it does not move the end of a run: they are reaped at the next invocation.
 * M5. An invocation is in the simulator's activity until its environment is free; an idle environment is not.
 * M6. A provisioned version has environments that are initialised ahead, taken before others, and kept. More than the machine carries well
 *     are started when they are first needed.
 */
import { availableParallelism } from "node:os";
import {
  type Activity,
  after,
  type Cancel,
  type Clock,
  type EventBus,
  type FunctionSpec,
  type InvokeRequest,
  type InvokeResult,
  type RealTime,
  type Rng,
  type Scope,
  SimulatorError,
} from "@tripline/kernel";
import { createProcessHost, type ProcessHost } from "./adapters/process-host.ts";
import { ConcurrencyLeases } from "./concurrency.ts";
import type { CodeProvider, ProvidedCode } from "./code-provider.ts";
import { dummyCredentials, type FunctionCredentials } from "./environment-variables.ts";
import { Environment, type EnvironmentState } from "./environment.ts";
import type { ExecutionPlatform } from "./execution-platform.ts";
import { createInlineExecution } from "./inline/inline-execution.ts";
import { findExtensions } from "./extensions.ts";
import { bootNode, type RuntimeProcess, toSocketPath } from "./runtime-process.ts";
import { createRuntimeSupport, type RuntimeSupport } from "./runtime-support.ts";
import type { RuntimeDescription } from "./runtimes/describe-runtime.ts";

/** Options of {@link createExecutionManager}. */
export interface ExecutionManagerOptions {
  clock: Clock;
  realTime: RealTime;
  bus: EventBus;
  activity: Activity;
  rng: Rng;
  scope: Scope;
  isolation: "process" | "inline";
  /** `AWS_ENDPOINT_URL` for functions. */
  endpoint: () => string | undefined;
  /** Credentials of a function's environments. Default: dummies. */
  credentials?: (spec: FunctionSpec) => FunctionCredentials;
  /** Concurrent invocations of the account. Default 1000. */
  accountConcurrency?: number;
  /** How long an environment may be idle, milliseconds on the clock. Default 600,000. */
  idleReapMs?: number;
  /** Whether idle environments are frozen. Default true. */
  freeze?: boolean;
  /** How many Node.js processes wait booted ahead. Default 2. */
  prebooted?: number;
  /** How many environments the machine carries well: see M3. Default: four for each processor, at least 8. */
  environmentsSoftMax?: number;
  /** See M3; real milliseconds. Default 250. */
  patienceMs?: number;
  /** Default: {@link createRuntimeSupport}. */
  runtimes?: RuntimeSupport;
  /** Where code is loaded from, and whether it changed. Default: the code folder as it is, never seen to change. */
  code?: CodeProvider;
}

/** One environment, as `status` shows it. */
export interface EnvironmentSummary {
  functionName: string;
  version: string;
  logStream: string;
  state: EnvironmentState;
  pid?: number;
  invocations: number;
  memoryUsedBytes: number;
}

/** Runs functions in execution environments. */
export interface ExecutionManager {
  /** Rejects with `TooManyRequestsException` (429; members `Reason`, `Type`); a failing function is a result. */
  invoke(spec: FunctionSpec, request: InvokeRequest & { requestId: string }): Promise<InvokeResult>;
  describeRuntime(runtime: string): RuntimeDescription;
  /**
   * Keeps `count` environments of one version initialised ahead, and as many invocations of it apart from all others; 0 ends it.
   * Resolves when they are there: to the type of the error where INIT fails, and then nothing is kept.
   */
  provision(spec: FunctionSpec, count: number): Promise<{ errorType?: string }>;
  /** Starts the spawn helper and boots processes ahead, in the background. */
  start(): Promise<void>;
  /** Ends every environment and everything that they started. Invocations in flight are rejected with `SIM_STOPPED`. */
  stop(): Promise<void>;
  environments(): EnvironmentSummary[];
}

const freezeAfterMs = 5;
const pollMemoryEveryMs = 25;
const refillAfterMs = 20;

interface Waiting {
  start(): void;
}

/** Environments of one function version. */
interface Pool {
  revision: number;
  code: ProvidedCode;
  /** The most recently used last. */
  idle: Environment[];
  all: Set<Environment>;
  waiting: Waiting[];
  /** M6. */
  prepared: Set<Environment>;
}

/** How many are initialised at the same time. */
const preparedTogether = 4;

/** See the module's header. Nothing starts before `start` or the first `invoke`. */
export function createExecutionManager(options: ExecutionManagerOptions): ExecutionManager {
  if (options.isolation === "inline") {
    return createInlineExecution({
      ...options,
      accountConcurrency: options.accountConcurrency ?? 1000,
      code: options.code,
    });
  }
  const { clock, realTime, bus, activity, scope } = options;
  const rng = options.rng.fork("execution");
  const idleReapMs = options.idleReapMs ?? 600_000;
  const patienceMs = options.patienceMs ?? 250;
  const freezes = options.freeze ?? true;
  const softMax = options.environmentsSoftMax ?? Math.max(8, availableParallelism() * 4);
  const leases = new ConcurrencyLeases(options.accountConcurrency ?? 1000);
  const runtimes = options.runtimes ?? createRuntimeSupport({ virtualTime: clock.mode === "virtual" });
  const pools = new Map<string, Pool>();
  const environments = new Set<Environment>();
  const busy = new Set<Environment>();
  /** In the order in which they became idle. */
  const idle = new Set<Environment>();
  const unfrozen = new Set<Environment>();
  const ends = new Map<Environment, () => void>();
  const toldExtensions = new Set<string>();
  const booted: RuntimeProcess[] = [];
  let host: ProcessHost | undefined;
  let isStopped = false;
  let isSweeping = false;
  let isPolling = false;
  let isRefilling = false;
  let cancelReaping: Cancel | undefined;

  const theHost = (): ProcessHost => (host ??= createProcessHost({ realTime }));
  const boot = (): void => {
    const process = bootNode(theHost());
    booted.push(process);
    process.onExit(() => {
      const at = booted.indexOf(process);
      if (at >= 0) booted.splice(at, 1);
    });
  };
  const refill = (): void => {
    if (isRefilling || isStopped) return;
    isRefilling = true;
    realTime.after(
      refillAfterMs,
      () => {
        isRefilling = false;
        if (isStopped || booted.length >= (options.prebooted ?? 2)) return;
        boot();
        refill();
      },
      { background: true },
    );
  };

  const platform: ExecutionPlatform = {
    clock,
    realTime,
    bus,
    rng,
    scope,
    get host() {
      return theHost();
    },
    runtimes,
    endpoint: options.endpoint,
    credentials: options.credentials ?? (() => dummyCredentials),
    takeNode(own) {
      const ahead = own === undefined ? booted.shift() : undefined;
      if (own === undefined) refill();
      return ahead ?? bootNode(theHost(), own);
    },
    socketPath: () => toSocketPath(theHost()),
  };

  const toPool = (spec: FunctionSpec, code: ProvidedCode): Pool => {
    const key = `${spec.functionName}:${spec.version}`;
    let pool = pools.get(key);
    if (pool === undefined) {
      pool = { revision: spec.revision, code, idle: [], all: new Set(), waiting: [], prepared: new Set() };
      pools.set(key, pool);
      tellExtensions(spec);
    } else if (pool.revision !== spec.revision || pool.code.fingerprint !== code.fingerprint) {
      pool.revision = spec.revision;
      pool.code = code;
      for (const environment of pool.all) environment.isRetired = true; // M2
      for (const environment of pool.idle.splice(0)) remove(pool, environment);
      tellExtensions(spec);
    }
    return pool;
  };

  const tellExtensions = (spec: FunctionSpec): void => {
    for (const extension of findExtensions(spec.layerFolders)) {
      const key = `${spec.functionName} ${extension}`;
      if (toldExtensions.has(key)) continue;
      toldExtensions.add(key);
      const message = `The external extension ${extension} is not started: extensions are not simulated.`;
      bus.emit("notice", { level: "warning", subject: spec.functionName, message });
    }
  };

  const remove = (pool: Pool, environment: Environment): void => {
    pool.all.delete(environment);
    pool.prepared.delete(environment);
    environments.delete(environment);
    idle.delete(environment);
    unfrozen.delete(environment);
    busy.delete(environment);
    environment.stop();
  };

  const poolOf = (environment: Environment): Pool | undefined =>
    pools.get(`${environment.spec.functionName}:${environment.spec.version}`);

  const reapDue = (): void => {
    for (const environment of idle) {
      if (environment.idleSinceMs + idleReapMs > clock.now()) break;
      const pool = poolOf(environment);
      if (pool === undefined) continue;
      pool.idle.splice(pool.idle.indexOf(environment), 1);
      remove(pool, environment);
    }
    if (clock.mode !== "virtual") armReaping(); // M4
  };
  const armReaping = (): void => {
    const [oldest] = idle;
    if (cancelReaping !== undefined || oldest === undefined || isStopped) return;
    cancelReaping = after(clock, Math.max(1, oldest.idleSinceMs + idleReapMs - clock.now()), () => {
      cancelReaping = undefined;
      reapDue();
    });
  };

  const sweep = (): void => {
    isSweeping = false;
    const nowMs = realTime.monotonicMs();
    for (const environment of unfrozen) {
      if (nowMs - environment.idleSinceRealMs < freezeAfterMs) break;
      unfrozen.delete(environment);
      environment.freeze();
    }
    armSweep();
  };
  const armSweep = (): void => {
    if (isSweeping || unfrozen.size === 0) return;
    isSweeping = true;
    realTime.after(freezeAfterMs, sweep, { background: true });
  };

  const poll = (): void => {
    isPolling = false;
    for (const environment of busy) environment.measure();
    armPoll();
  };
  const armPoll = (): void => {
    if (isPolling || busy.size === 0) return;
    isPolling = true;
    realTime.after(pollMemoryEveryMs, poll, { background: true });
  };

  const onFree = (environment: Environment): void => {
    busy.delete(environment);
    const end = ends.get(environment);
    ends.delete(environment);
    const pool = poolOf(environment);
    if (pool === undefined || environment.isRetired || isStopped) {
      if (pool !== undefined) remove(pool, environment);
      else environment.stop();
    } else {
      pool.idle.push(environment);
      if (!pool.prepared.has(environment)) idle.add(environment);
      if (freezes) unfrozen.add(environment);
    }
    end?.();
    startWaiting(pool);
    if (freezes) armSweep();
    if (clock.mode !== "virtual") armReaping();
  };

  /** Someone who waits for an environment goes on: one of this function first, then any for whom there is room now. */
  const startWaiting = (pool: Pool | undefined): void => {
    if (waitingCount > 0) lastFreedMs = realTime.monotonicMs();
    if (pool !== undefined && pool.idle.length > 0) pool.waiting.shift()?.start();
    if (waitingCount === 0) return;
    for (const other of pools.values()) {
      if (other.waiting.length > 0 && hasRoom()) other.waiting.shift()?.start();
    }
  };
  let waitingCount = 0;
  let lastFreedMs = 0;
  let patience: Cancel | undefined;

  /** M3: nobody became free, so those who run may be waiting for those who wait. */
  const armPatience = (delayMs: number): void => {
    if (patience !== undefined) return;
    patience = realTime.after(delayMs, () => {
      patience = undefined;
      const leftMs = lastFreedMs + patienceMs - realTime.monotonicMs();
      if (leftMs <= 0) {
        let more = softMax;
        for (const pool of pools.values()) {
          for (const waiting of pool.waiting.splice(0, more)) {
            more--;
            waiting.start();
          }
        }
      }
      if (waitingCount > 0) armPatience(leftMs <= 0 ? patienceMs : leftMs);
    });
  };

  /** Whether another environment may be started: an idle one of another function makes room. */
  const hasRoom = (): boolean => {
    if (environments.size < softMax) return true;
    const [oldest] = idle;
    if (oldest === undefined) return false;
    const pool = poolOf(oldest);
    if (pool === undefined) return false;
    pool.idle.splice(pool.idle.indexOf(oldest), 1);
    remove(pool, oldest);
    return true;
  };

  const take = (pool: Pool, spec: FunctionSpec): Environment => {
    const prepared = pool.prepared.size === 0 ? -1 : pool.idle.findLastIndex((one) => pool.prepared.has(one)); // M6
    const warm = prepared === -1 ? pool.idle.pop() : pool.idle.splice(prepared, 1)[0];
    if (warm !== undefined) {
      idle.delete(warm);
      unfrozen.delete(warm);
      return warm;
    }
    const environment = new Environment(platform, spec, pool.code, onFree);
    environments.add(environment);
    pool.all.add(environment);
    return environment;
  };

  /** M6. Resolves to the type of the first error. */
  const prepare = async (pool: Pool, spec: FunctionSpec, count: number): Promise<string | undefined> => {
    for (const surplus of [...pool.prepared].slice(count)) {
      pool.prepared.delete(surplus);
      const at = pool.idle.indexOf(surplus);
      if (at === -1) continue; // it is at work, and goes on as one that was started on demand
      pool.idle.splice(at, 1);
      remove(pool, surplus);
    }
    let errorType: string | undefined;
    const one = async (): Promise<void> => {
      while (pool.prepared.size < Math.min(count, softMax) && errorType === undefined) {
        if (isStopped) return;
        const environment = new Environment(platform, spec, pool.code, onFree, "provisioned-concurrency");
        environments.add(environment);
        pool.all.add(environment);
        pool.prepared.add(environment);
        const failed = await environment.prepare();
        if (failed !== undefined) {
          errorType = failed;
          remove(pool, environment);
        } else if (pool.all.has(environment)) {
          pool.idle.push(environment);
          if (freezes) unfrozen.add(environment);
        }
      }
    };
    await Promise.all(Array.from({ length: preparedTogether }, one));
    if (freezes) armSweep();
    return errorType;
  };

  const run = (
    pool: Pool,
    spec: FunctionSpec,
    request: InvokeRequest & { requestId: string },
    end: () => void,
  ): Promise<InvokeResult> => {
    const environment = take(pool, spec);
    busy.add(environment);
    ends.set(environment, end);
    armPoll();
    return environment.invoke(request);
  };

  const start = (
    spec: FunctionSpec,
    code: ProvidedCode,
    request: InvokeRequest & { requestId: string },
    end: () => void,
  ): Promise<InvokeResult> => {
    try {
      reapDue();
      const pool = toPool(spec, code);
      if (pool.idle.length > 0 || hasRoom()) return run(pool, spec, request, end);
      return new Promise((resolve, reject) => {
        waitingCount++;
        const waiting: Waiting = {
          start: () => {
            waitingCount--;
            if (isStopped) {
              end();
              reject(notRunning());
            } else run(pool, spec, request, end).then(resolve, reject);
          },
        };
        pool.waiting.push(waiting);
        armPatience(patienceMs);
      });
    } catch (error) {
      end();
      return Promise.reject(error);
    }
  };

  return {
    invoke(spec, request) {
      if (isStopped) return Promise.reject(notRunning());
      let release: () => void;
      try {
        release = leases.take(spec.functionName, spec.version, spec.reservedConcurrency); // M1
      } catch (error) {
        return Promise.reject(error);
      }
      const endActivity = activity.begin(`function ${spec.functionName}`); // M5
      const end = (): void => {
        release();
        endActivity();
      };
      const code = options.code?.get(spec) ?? { moduleFolder: spec.codeFolder, fingerprint: "" };
      if (!(code instanceof Promise)) return start(spec, code, request, end);
      return code.then(
        (ready) => start(spec, ready, request, end),
        (error: unknown) => {
          end();
          throw error;
        },
      );
    },
    describeRuntime: (runtime) => runtimes.describe(runtime),
    async provision(spec, count) {
      if (isStopped) throw notRunning();
      return activity.track(`provisioned environments of ${spec.functionName}`, async () => {
        const code = await (options.code?.get(spec) ?? { moduleFolder: spec.codeFolder, fingerprint: "" });
        const pool = toPool(spec, code);
        const errorType = await prepare(pool, spec, count);
        leases.provision(spec.functionName, spec.version, errorType === undefined ? count : 0);
        if (errorType === undefined) return {};
        await prepare(pool, spec, 0);
        return { errorType };
      });
    },
    start() {
      for (let i = booted.length; i < (options.prebooted ?? 2); i++) boot();
      return Promise.resolve();
    },
    async stop() {
      if (isStopped) return;
      isStopped = true;
      cancelReaping?.();
      patience?.();
      for (const pool of pools.values()) for (const waiting of pool.waiting.splice(0)) waiting.start();
      for (const environment of environments) environment.stop();
      for (const end of ends.values()) end();
      ends.clear();
      unfrozen.clear();
      busy.clear();
      await host?.stop();
    },
    environments: () =>
      Array.from(environments, (environment) => ({
        functionName: environment.spec.functionName,
        version: environment.spec.version,
        logStream: environment.logStream,
        state: environment.state,
        ...(environment.pid === undefined ? {} : { pid: environment.pid }),
        invocations: environment.invocations,
        memoryUsedBytes: environment.memoryUsedBytes,
      })),
  };
}

function notRunning(): SimulatorError {
  return new SimulatorError("SIM_STOPPED", {
    what: "The simulator has stopped, so no function can be invoked.",
    next: "Start it again.",
  });
}
