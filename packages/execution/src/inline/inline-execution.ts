/**
 * Runs Node.js handlers inside this process, behind the same port as the execution manager: for simulation at speed.
 *
 * N1. Leases, log lines, error payloads and records are those of processes; an environment is one loaded module.
 * N2. A handler that does not answer in time is answered for; what it does after that goes on, since it cannot be ended here.
 * N3. Handlers see their own environment variables, log and (virtual clock) time: see `adapters/handler-scope.ts`.
 *
 * Not here: other runtimes than Node.js (refused by name), memory limits, freezing, response streaming (the whole answer at once).
 */
import { tmpdir } from "node:os";
import {
  type Activity,
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
import type { CodeProvider, ProvidedCode } from "../code-provider.ts";
import { ConcurrencyLeases } from "../concurrency.ts";
import { dummyCredentials, type FunctionCredentials, toEnvironmentVariables } from "../environment-variables.ts";
import { toTraceHeader } from "../trace-header.ts";
import type { EnvironmentSummary, ExecutionManager } from "../execution-manager.ts";
import { type Failure, toFailure, toReportedFailure, toResponseTooLarge, toTimeout } from "../failure.ts";
import { LogTail } from "../function-log.ts";
import {
  type InitializationType,
  type InvocationReport,
  toEnd,
  toInitStart,
  toReport,
  toStart,
} from "../platform-log.ts";
import { responseBytesMax } from "../runtime-api/runtime-api.ts";
import { describeRuntime, type RuntimeDescription, thisMachine } from "../runtimes/describe-runtime.ts";
import { parseRuntimeName } from "../runtimes/runtime-names.ts";
import { type ConsoleLevel, type HandlerScope, installHandlerScopes, runInScope } from "./adapters/handler-scope.ts";
import { callHandler, toFailure as toHandlerFailure } from "./call-handler.ts";
import { type Handler, HandlerLoadError, loadHandler } from "./load-handler.ts";

/** Options of {@link createInlineExecution}. */
export interface InlineExecutionOptions {
  credentials?: (spec: FunctionSpec) => FunctionCredentials;
  clock: Clock;
  realTime: RealTime;
  bus: EventBus;
  activity: Activity;
  rng: Rng;
  scope: Scope;
  endpoint: () => string | undefined;
  accountConcurrency: number;
  code: CodeProvider | undefined;
}

/** A loaded function that runs one invocation at a time. */
interface InlineEnvironment {
  readonly spec: FunctionSpec;
  readonly logStream: string;
  readonly variables: Record<string, string>;
  handler: Handler | undefined;
  failure: Failure | undefined;
  invocations: number;
}

interface Pool {
  revision: number;
  code: ProvidedCode;
  idle: InlineEnvironment[];
  all: Set<InlineEnvironment>;
}

type Outcome = { payload: Uint8Array; failure?: Failure };

/** See the module's header. */
export function createInlineExecution(options: InlineExecutionOptions): ExecutionManager {
  const { clock, realTime, activity, scope } = options;
  const leases = new ConcurrencyLeases(options.accountConcurrency);
  const pools = new Map<string, Pool>();
  const machine = thisMachine();
  const restore = installHandlerScopes({ virtualTime: clock.mode === "virtual" });
  let isStopped = false;

  const describe = (runtime: string): RuntimeDescription => {
    const family = parseRuntimeName(runtime)?.family;
    if (family === undefined || family === "nodejs") return describeRuntime(runtime, machine);
    return {
      supported: false,
      reason: `${runtime} does not run with inline isolation: only nodejs* does; use --isolation process`,
    };
  };

  const toPool = (spec: FunctionSpec, code: ProvidedCode): Pool => {
    const key = keyOf(spec);
    let pool = pools.get(key);
    if (pool === undefined || pool.revision !== spec.revision || pool.code.fingerprint !== code.fingerprint) {
      pool = { revision: spec.revision, code, idle: [], all: new Set() };
      pools.set(key, pool);
    }
    return pool;
  };

  const createEnvironment = (
    pool: Pool,
    spec: FunctionSpec,
    initializationType: InitializationType = "on-demand",
  ): InlineEnvironment => {
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
    const prefix = spec.logGroup === `/aws/lambda/${spec.functionName}` ? "" : spec.functionName;
    const logStream = `${day}/${prefix}[${spec.version}]${options.rng.hex(16)}`;
    const environment = {
      spec,
      logStream,
      variables: toEnvironmentVariables(spec, {
        logStream,
        initializationType,
        region: scope.region,
        runtimeApi: "",
        temporaryFolder: tmpdir(),
        runtimeFolder: "",
        endpoint: options.endpoint(),
        credentials: options.credentials?.(spec) ?? dummyCredentials,
        path: "",
        runtimeVariables: {},
      }),
      handler: undefined,
      failure: undefined,
      invocations: 0,
    };
    pool.all.add(environment);
    return environment;
  };

  const run = async (
    spec: FunctionSpec,
    code: ProvidedCode,
    request: InvokeRequest & { requestId: string },
  ): Promise<InvokeResult> => {
    const pool = toPool(spec, code);
    const environment = pool.idle.pop() ?? createEnvironment(pool, spec);
    const invocation = new InlineInvocation(options, environment, request);
    const isCold = environment.handler === undefined;
    let initDurationMs: number | undefined;
    if (isCold) {
      const startedMs = realTime.monotonicMs();
      const nowMs = clock.now();
      invocation.logPlatform(() => toInitStart(spec, nowMs, scope.region, environment.logStream));
      await load(environment, code, invocation.handlerScope);
      initDurationMs = realTime.monotonicMs() - startedMs;
    }
    environment.invocations++;
    environment.variables._X_AMZN_TRACE_ID = toTraceHeader(request.traceId, clock.now(), options.rng);
    const result = await invocation.run(initDurationMs);
    if (pools.get(keyOf(spec)) === pool && environment.failure === undefined) pool.idle.push(environment);
    else pool.all.delete(environment);
    return result;
  };

  return {
    async invoke(spec, request) {
      if (isStopped) throw stopped();
      const release = leases.take(spec.functionName, spec.version, spec.reservedConcurrency);
      const end = activity.begin(`function ${spec.functionName}`);
      try {
        const code = options.code?.get(spec) ?? { moduleFolder: spec.codeFolder, fingerprint: "" };
        return await run(spec, code instanceof Promise ? await code : code, request);
      } finally {
        release();
        end();
      }
    },
    describeRuntime: describe,
    async provision(spec, count) {
      if (isStopped) throw stopped();
      return activity.track(`provisioned environments of ${spec.functionName}`, async () => {
        const code = await (options.code?.get(spec) ?? { moduleFolder: spec.codeFolder, fingerprint: "" });
        const pool = toPool(spec, code);
        for (let made = pool.all.size; made < count; made++) {
          const environment = createEnvironment(pool, spec, "provisioned-concurrency");
          const { handlerScope } = new InlineInvocation(options, environment, {
            ...ahead,
            functionName: spec.functionName,
          });
          await load(environment, code, handlerScope);
          if (environment.failure === undefined) pool.idle.push(environment);
          else {
            pool.all.delete(environment);
            return { errorType: environment.failure.errorType };
          }
        }
        leases.provision(spec.functionName, spec.version, count);
        return {};
      });
    },
    start: () => Promise.resolve(),
    stop() {
      if (!isStopped) restore();
      isStopped = true;
      return Promise.resolve();
    },
    environments: () =>
      [...pools.values()].flatMap((pool) =>
        Array.from(pool.all, (environment): EnvironmentSummary => ({
          functionName: environment.spec.functionName,
          version: environment.spec.version,
          logStream: environment.logStream,
          state: pool.idle.includes(environment) ? "idle" : "busy",
          invocations: environment.invocations,
          memoryUsedBytes: 0,
        })),
      ),
  };
}

/** What a module that is loaded ahead of any invocation writes to the log belongs to none. */
const ahead: InvokeRequest & { requestId: string } = {
  functionName: "",
  payload: new Uint8Array(0),
  source: "lambda",
  requestId: "",
};

/** Each version has environments of its own. */
function keyOf({ functionName, version }: FunctionSpec): string {
  return `${functionName}:${version}`;
}

async function load(environment: InlineEnvironment, code: ProvidedCode, handlerScope: HandlerScope): Promise<void> {
  if (code.failure !== undefined) {
    environment.failure = toFailure(code.failure.errorType, code.failure.errorMessage);
    return;
  }
  try {
    const { handler, functionName } = environment.spec;
    const fingerprint = `${functionName}-${environment.spec.version}-${environment.spec.revision}-${code.fingerprint}`;
    environment.handler = await runInScope(handlerScope, () => loadHandler(code.moduleFolder, handler, fingerprint));
  } catch (error) {
    if (!(error instanceof HandlerLoadError)) throw error;
    const payload = Buffer.from(
      JSON.stringify({ errorType: error.errorType, errorMessage: error.message, trace: error.trace }),
    );
    environment.failure = { ...toReportedFailure(payload, error.errorType), reportType: error.errorType };
  }
}

/** One invocation in one environment. */
class InlineInvocation {
  readonly handlerScope: HandlerScope;
  readonly #options: InlineExecutionOptions;
  readonly #environment: InlineEnvironment;
  readonly #request: InvokeRequest & { requestId: string };
  /** Lines, or how to make them: most are never read. */
  readonly #lines: (string | (() => string | undefined))[] = [];

  constructor(
    options: InlineExecutionOptions,
    environment: InlineEnvironment,
    request: InvokeRequest & { requestId: string },
  ) {
    this.#options = options;
    this.#environment = environment;
    this.#request = request;
    const { clock } = options;
    this.handlerScope = {
      environment: environment.variables,
      now: clock.mode === "virtual" ? () => clock.now() : undefined,
      log: (level, message) => {
        this.#logConsole(level, message);
      },
    };
  }

  async run(initDurationMs: number | undefined): Promise<InvokeResult> {
    const { clock, realTime } = this.#options;
    const { spec } = this.#environment;
    const { requestId } = this.#request;
    const startedAtMs = clock.now();
    this.logPlatform(() => toStart(spec, startedAtMs, requestId, this.#invokedArn()));
    const startedMs = realTime.monotonicMs();
    const outcome = await this.#call(startedMs);
    const { failure, payload } = outcome;
    const status = failure?.status ?? "success";
    const durationMs = status === "timeout" ? spec.timeoutMs : realTime.monotonicMs() - startedMs;
    const billedDurationMs = Math.max(1, Math.ceil(durationMs + (initDurationMs ?? 0)));
    const init: { initDurationMs?: number } = initDurationMs === undefined ? {} : { initDurationMs };
    const report: InvocationReport = {
      requestId,
      durationMs,
      billedDurationMs,
      memoryUsedBytes: 0,
      status,
      ...init,
      ...(failure === undefined ? {} : { errorType: failure.errorType }),
      ...(failure?.reportType === undefined ? {} : { reportType: failure.reportType }),
    };
    const endedAtMs = clock.now();
    this.logPlatform(() => toEnd(spec, endedAtMs, report, payload.byteLength));
    this.logPlatform(() => toReport(spec, endedAtMs, report));
    return {
      requestId,
      status,
      payload,
      executedVersion: spec.version,
      functionArn: this.#invokedArn(),
      durationMs,
      billedDurationMs,
      coldStart: initDurationMs !== undefined,
      environmentId: this.#environment.logStream,
      logTail: () => this.#logTail(),
      ...init,
      ...(failure === undefined
        ? {}
        : { functionError: "Unhandled" as const, errorType: failure.errorType, errorMessage: failure.errorMessage }),
    };
  }

  logPlatform(toLine: () => string | undefined): void {
    if (this.#options.bus.hasListeners("log")) {
      const line = toLine();
      if (line !== undefined) this.#log("platform", line);
    } else this.#lines.push(toLine);
  }

  #call(startedMs: number): Promise<Outcome> {
    const { handler, failure, spec } = this.#environment;
    if (handler === undefined) {
      const known = failure ?? toFailure("Runtime.Unknown", "The handler was not loaded");
      return Promise.resolve({ payload: known.payload, failure: known });
    }
    let event: unknown;
    try {
      event = JSON.parse(Buffer.from(this.#request.payload).toString("utf8") || "{}");
    } catch (error) {
      return Promise.resolve(toOutcome(toHandlerFailure(error)));
    }
    return new Promise((resolve) => {
      const cancel = this.#options.realTime.after(spec.timeoutMs, () => {
        const timeout = toTimeout(this.#request.requestId, spec.timeoutMs);
        resolve({ payload: timeout.payload, failure: timeout }); // N2
      });
      void runInScope(this.handlerScope, () => callHandler(handler, event, this.#context(startedMs))).then(
        (outcome) => {
          cancel();
          resolve(toOutcome(outcome));
        },
      );
    });
  }

  #context(startedMs: number): Readonly<Record<string, unknown>> {
    const { spec, logStream } = this.#environment;
    const { realTime } = this.#options;
    const { clientContext } = this.#request;
    return {
      functionName: spec.functionName,
      functionVersion: spec.version,
      memoryLimitInMB: String(spec.memoryMegabytes),
      logGroupName: spec.logGroup,
      logStreamName: logStream,
      clientContext: clientContext === undefined ? undefined : (JSON.parse(clientContext) as unknown),
      identity: undefined,
      invokedFunctionArn: this.#invokedArn(),
      awsRequestId: this.#request.requestId,
      getRemainingTimeInMillis: () => Math.round(spec.timeoutMs - (realTime.monotonicMs() - startedMs)),
    };
  }

  #logTail(): string {
    const tail = new LogTail();
    for (const line of this.#lines) {
      const text = typeof line === "string" ? line : line();
      if (text !== undefined) tail.add(text);
    }
    return tail.toString();
  }

  #invokedArn(): string {
    const { functionArn } = this.#environment.spec;
    return this.#request.qualifier === undefined ? functionArn : `${functionArn}:${this.#request.qualifier}`;
  }

  /** As Lambda's Node.js runtime prints: time, request id, level and message, or one JSON object. */
  #logConsole(level: ConsoleLevel, message: string): void {
    const { spec } = this.#environment;
    const { requestId } = this.#request;
    const timestamp = new Date(this.#options.clock.now()).toISOString();
    if (spec.logFormat === "Text") {
      this.#log("function", `${timestamp}\t${requestId}\t${level}\t${message}`);
    } else if (levels.indexOf(level) >= levels.indexOf(spec.applicationLogLevel ?? "INFO")) {
      this.#log("function", JSON.stringify({ timestamp, level, requestId, message }));
    }
  }

  #log(origin: "function" | "platform", message: string): void {
    this.#lines.push(message);
    const { bus, clock } = this.#options;
    if (!bus.hasListeners("log")) return;
    const { spec, logStream } = this.#environment;
    bus.emit("log", {
      functionName: spec.functionName,
      logGroup: spec.logGroup,
      logStream,
      requestId: this.#request.requestId,
      timestampMs: clock.now(),
      origin,
      message,
    });
  }
}

const levels: readonly string[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

function toOutcome(outcome: Awaited<ReturnType<typeof callHandler>>): Outcome {
  if (outcome.ok) {
    const payload = Buffer.from(outcome.payload);
    if (payload.byteLength <= responseBytesMax) return { payload };
    const failure = toResponseTooLarge();
    return { payload: failure.payload, failure };
  }
  const payload = Buffer.from(JSON.stringify(outcome.error));
  return { payload, failure: toReportedFailure(payload, outcome.errorType) };
}

function stopped(): SimulatorError {
  return new SimulatorError("SIM_STOPPED", {
    what: "The simulator has stopped, so no function can be invoked.",
    next: "Start it again.",
  });
}
