/**
 * One execution environment: INIT, INVOKE, RESET, SHUTDOWN. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 *
 * E1. One invocation at a time. The environment is free again when the runtime asks for the next one.
 * E2. INIT has ten seconds. Where it fails it is run again inside the first invocation, under the function's timeout.
 * E3. A timeout, an exit or too much memory ends the process (RESET). The temporary folder stays; the next invocation initialises
 *     again without INIT_START, and that time is part of its duration.
 * E4. Durations and limits are real time; time stamps, and the deadline where the process simulates time, are the clock's.
 * E5. What the process wrote before its response is in the log before END: the log is read for one more turn.
 * E6. A streamed response over its limit ends as a failure where it is; the rest is dropped.
 * E7. A provisioned environment is initialised ahead of any invocation, and has longer for it.
 *
 * Differs from AWS: a function with a debugger attached (NODE_OPTIONS with --inspect) has no timeout and is never frozen.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  type Cancel,
  type FunctionSpec,
  type InvokeRequest,
  type InvokeResult,
  SimulatorError,
} from "@tripline/kernel";
import type { ProcessExit } from "./adapters/process-host.ts";
import { canFreeze, freezeTree, measureResidentBytes, thawTree } from "./adapters/process-tree.ts";
import type { ProvidedCode } from "./code-provider.ts";
import type { ExecutionPlatform } from "./execution-platform.ts";
import { createEnvironmentLog, type WriteLog } from "./environment-log.ts";
import {
  describeExit,
  type Failure,
  toExitFailure,
  toFailure,
  toReportedFailure,
  toResponseTooLarge,
  toTimeout,
} from "./failure.ts";
import {
  createRun,
  type Outcome,
  type Run,
  toInvocationReport,
  toInvokedArn,
  toInvokeResult,
} from "./invocation-run.ts";
import {
  type InitializationType,
  toEnd,
  toInitReport,
  toInitStart,
  toInitSuccess,
  toReport,
  toStart,
} from "./platform-log.ts";
import { ResponseChunks } from "./response-chunks.ts";
import { responseBytesMax, type RuntimeApiListener, type RuntimeInvocation } from "./runtime-api/runtime-api.ts";
import type { RuntimeProcess } from "./runtime-process.ts";
import { startRuntime } from "./start-runtime.ts";
import { toTraceHeader } from "./trace-header.ts";

/** Milliseconds that on-demand INIT may take. */
export const initLimitMs = 10_000;
/** Milliseconds that INIT may take at least where it is ahead of any invocation. */
const preparedInitLimitMs = 130_000;
/** Bytes that a streamed response may have. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const streamedResponseBytesMax = 209_715_200;
/** How long a caller waits for the runtime to be ready again after its response, so that the log is whole. Milliseconds. */
const graceMs = 10;
/** How often the memory of an environment is looked at when an invocation ends. Milliseconds. */
const measureEveryMs = 100;
const megabyte = 1_048_576;
const none = Buffer.alloc(0);

type InitOutcome = { durationMs: number; failure?: Failure };

interface Init {
  startedMs: number;
  reported: Failure | undefined;
  end(failure?: Failure): void;
}

/** What an environment is doing. */
export type EnvironmentState = "new" | "busy" | "idle" | "frozen" | "stopped";

/** See the module's header. */
export class Environment implements RuntimeApiListener {
  readonly spec: FunctionSpec;
  readonly logStream: string;
  /** On the clock, since when it is idle. */
  idleSinceMs = 0;
  /** In real time, since when it is idle. */
  idleSinceRealMs = 0;
  invocations = 0;
  /** An older revision: it goes when it is free. */
  isRetired = false;
  readonly isDebugged: boolean;
  readonly initializationType: InitializationType;
  readonly #platform: ExecutionPlatform;
  readonly #onFree: (environment: Environment) => void;
  readonly #temporaryFolder: string;
  readonly #code: ProvidedCode;
  readonly #writeLog: WriteLog;
  #process: RuntimeProcess | undefined;
  #simulatesTime = false;
  #isReset = false;
  #isFrozen = false;
  #isStopped = false;
  #isOutOfMemory = false;
  #run: Run | undefined;
  #init: Init | undefined;
  #memoryPeakBytes = 0;
  #measuredMs = Number.NEGATIVE_INFINITY;

  constructor(
    platform: ExecutionPlatform,
    spec: FunctionSpec,
    code: ProvidedCode,
    onFree: (environment: Environment) => void,
    initializationType: InitializationType = "on-demand",
  ) {
    this.initializationType = initializationType;
    this.#code = code;
    this.#platform = platform;
    this.#onFree = onFree;
    this.spec = spec;
    this.isDebugged = /--inspect/.test(spec.environment.NODE_OPTIONS ?? "");
    const id = platform.rng.hex(16);
    const day = new Date(platform.clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
    const prefix = spec.logGroup === `/aws/lambda/${spec.functionName}` ? "" : spec.functionName;
    this.logStream = `${day}/${prefix}[${spec.version}]${id}`;
    this.#writeLog = createEnvironmentLog(platform, spec, this.logStream);
    this.#temporaryFolder = join(platform.host.folder, `tmp-${id}`);
    mkdirSync(this.#temporaryFolder);
  }

  get state(): EnvironmentState {
    if (this.#isStopped) return "stopped";
    if (this.#run !== undefined) return "busy";
    if (this.#isFrozen) return "frozen";
    return this.invocations === 0 ? "new" : "idle";
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get memoryUsedBytes(): number {
    return this.#memoryPeakBytes;
  }

  /** Runs one invocation. The environment must be free (E1). */
  invoke(request: InvokeRequest & { requestId: string }): Promise<InvokeResult> {
    return new Promise((resolve, reject) => {
      this.invocations++;
      const run = createRun(request, this.#platform.realTime.monotonicMs(), { resolve, reject });
      this.#run = run;
      this.#thaw();
      if (this.#process?.api.isReady === true) this.#begin(run);
      else this.#initialiseAndBegin(run).catch(reject);
    });
  }

  /** Initialises it before anything is to be run (E7). Resolves to the type of the error where that fails. */
  async prepare(): Promise<string | undefined> {
    const { clock, realTime, scope } = this.#platform;
    const type = this.initializationType;
    this.#logPlatform(toInitStart(this.spec, clock.now(), scope.region, this.logStream, type));
    const limitMs = Math.min(Math.max(preparedInitLimitMs, this.spec.timeoutMs), 900_000);
    const { durationMs, failure } = await this.#initialise(limitMs, "");
    this.idleSinceMs = clock.now();
    this.idleSinceRealMs = realTime.monotonicMs();
    if (failure === undefined) this.#logPlatform(toInitSuccess(this.spec, clock.now(), durationMs, type));
    else this.#logInitFailure("init", durationMs, failure);
    return failure?.errorType;
  }

  freeze(): void {
    const pid = this.#process?.pid;
    if (!canFreeze || this.#isFrozen || this.isDebugged || this.#run !== undefined || pid === undefined) return;
    freezeTree(pid);
    this.#isFrozen = true;
  }

  /** Looks at the memory of the process, and ends it where that is over the limit. */
  measure(): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    this.#measuredMs = this.#platform.realTime.monotonicMs();
    measureResidentBytes(pid, (bytes) => {
      const limitBytes = this.spec.memoryMegabytes * megabyte;
      if (bytes > this.#memoryPeakBytes) this.#memoryPeakBytes = Math.min(bytes, limitBytes);
      if (bytes <= limitBytes || this.#run === undefined || this.isDebugged || this.#process?.pid !== pid) return;
      this.#isOutOfMemory = true;
      this.#process.kill();
    });
  }

  /** SHUTDOWN. Without extensions Lambda gives a runtime no time: it is killed. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#process?.kill();
    const run = this.#run;
    if (run === undefined) return;
    this.#run = undefined;
    run.cancelTimeout?.();
    run.cancelGrace?.();
    run.stream?.chunks?.end(stopped());
    if (!run.isAnswered) run.reject(stopped());
  }

  // --- INIT

  async #initialiseAndBegin(run: Run): Promise<void> {
    const { clock, realTime, scope } = this.#platform;
    if (!this.#isReset) {
      run.isCold = true;
      this.#logPlatform(toInitStart(this.spec, clock.now(), scope.region, this.logStream));
      const { durationMs, failure } = await this.#initialise(initLimitMs, run.request.requestId);
      if (this.#isStopped) return;
      if (failure === undefined) {
        run.initDurationMs = durationMs;
        this.#logPlatform(toInitSuccess(this.spec, clock.now(), durationMs));
        run.startedMs = realTime.monotonicMs();
        this.#begin(run);
        return;
      }
      this.#logInitFailure("init", durationMs, failure);
    }
    run.startedMs = realTime.monotonicMs(); // E2, E3
    const { durationMs, failure } = await this.#initialise(this.spec.timeoutMs, run.request.requestId);
    if (this.#isStopped) return;
    if (failure === undefined) {
      this.#begin(run);
      return;
    }
    this.#logInitFailure("invoke", durationMs, failure);
    this.#logStart(run);
    run.isOver = true;
    this.#end(run, { payload: failure.payload, failure });
  }

  #logInitFailure(phase: "init" | "invoke", durationMs: number, failure: Failure): void {
    const { status, errorType } = failure;
    const report = status === "timeout" ? { durationMs, phase, status } : { durationMs, phase, status, errorType };
    this.#logPlatform(toInitReport(this.spec, this.#platform.clock.now(), report, this.initializationType));
  }

  async #initialise(limitMs: number, requestId: string): Promise<InitOutcome> {
    const { realTime } = this.#platform;
    const startedMs = realTime.monotonicMs();
    return await new Promise<InitOutcome>((resolve, reject) => {
      let cancel: Cancel = () => undefined;
      const init: Init = {
        startedMs,
        reported: undefined,
        end: (failure) => {
          if (this.#init !== init) return;
          this.#init = undefined;
          cancel();
          const durationMs = realTime.monotonicMs() - startedMs;
          resolve(failure === undefined ? { durationMs } : { durationMs, failure });
        },
      };
      this.#init = init;
      if (!this.isDebugged) {
        cancel = realTime.after(limitMs, () => {
          init.reported = { ...toTimeout(requestId, this.spec.timeoutMs) };
          if (this.#process === undefined) init.end(init.reported);
          else this.#process.kill(); // Told by its exit.
        });
      }
      this.#isOutOfMemory = false;
      startRuntime(this.#platform, {
        spec: this.spec,
        code: this.#code,
        logStream: this.logStream,
        initializationType: this.initializationType,
        temporaryFolder: this.#temporaryFolder,
        isStopped: () => this.#isStopped,
        adopt: (process, simulatesTime) => {
          this.#simulatesTime = simulatesTime;
          this.#adopt(process);
        },
        fail: (failure) => this.#init?.end(failure),
      }).catch(reject);
    });
  }

  #adopt(process: RuntimeProcess): void {
    this.#process = process;
    process.api.listenWith(this);
    process.onLog((message) => {
      this.#log("function", message);
    });
    process.onExit((exit) => {
      if (this.#process === process) this.#onExit(exit);
    });
  }

  // --- INVOKE

  #begin(run: Run): void {
    const { clock, realTime } = this.#platform;
    const process = this.#process;
    if (process === undefined) return;
    this.#logStart(run);
    const leftMs = Math.max(0, this.spec.timeoutMs - (realTime.monotonicMs() - run.startedMs));
    if (!this.isDebugged) run.cancelTimeout = realTime.after(leftMs, () => this.#onTimeout(run));
    const { requestId, payload, traceId, clientContext } = run.request;
    const invocation: RuntimeInvocation = {
      requestId,
      deadlineMs: Math.round((this.#simulatesTime ? clock.now() : realTime.nowMs()) + leftMs), // E4
      invokedFunctionArn: toInvokedArn(this.spec, run.request),
      payload: payload.byteLength === 0 ? emptyEvent : payload,
      traceId: toTraceHeader(traceId, clock.now(), this.#platform.rng),
    };
    if (clientContext !== undefined) invocation.clientContext = clientContext;
    if (this.#simulatesTime) invocation.simulatedNowMs = clock.now();
    process.api.deliver(invocation);
  }

  onNext(): void {
    const init = this.#init;
    if (init !== undefined) {
      init.end();
      return;
    }
    const run = this.#run;
    if (run === undefined) return;
    run.isOver = true;
    if (run.outcome === undefined) {
      const text = `RequestId: ${run.request.requestId} Error: The runtime asked for the next invocation without a response`;
      const failure = { ...toFailure("Runtime.Unknown", text), resets: false };
      this.#end(run, { payload: failure.payload, failure });
    } else if (run.isSettled) void this.#platform.realTime.turn().then(() => this.#complete(run));
  }

  onInitError(payload: Buffer, errorType: string): void {
    const init = this.#init;
    if (init === undefined) return;
    init.reported = { ...toReportedFailure(payload, errorType), reportType: errorType, resets: true };
    const process = this.#process;
    // The runtime is to exit by itself.
    this.#platform.realTime.after(1000, () => process?.kill(), { background: true });
  }

  onResponse(payload: Buffer): void {
    if (this.#run !== undefined) this.#end(this.#run, { payload });
  }

  onInvocationError(payload: Buffer, errorType: string): void {
    if (this.#run === undefined) return;
    const failure = toReportedFailure(payload, errorType);
    this.#end(this.#run, { payload, failure });
  }

  onResponseTooLarge(): void {
    const failure = toResponseTooLarge();
    if (this.#run !== undefined) this.#end(this.#run, { payload: failure.payload, failure });
  }

  onStreamStart(contentType: string): void {
    const run = this.#run;
    if (run === undefined) return;
    const chunks = run.request.onResponseStream === undefined ? undefined : new ResponseChunks();
    run.stream = { chunks, pieces: [], bytes: 0 };
    if (chunks !== undefined)
      run.request.onResponseStream?.({ executedVersion: this.spec.version, contentType, chunks });
  }

  onStreamChunk(chunk: Buffer): void {
    const stream = this.#run?.stream;
    if (stream === undefined) return;
    stream.bytes += chunk.length;
    if (stream.chunks !== undefined) {
      if (stream.bytes <= streamedResponseBytesMax) stream.chunks.push(chunk);
      else if (this.#run !== undefined) this.#endTooLargeStream(this.#run); // E6
      return;
    }
    if (stream.bytes > responseBytesMax) stream.pieces = [];
    else stream.pieces.push(chunk);
  }

  #endTooLargeStream(run: Run): void {
    const failure = toResponseTooLarge(streamedResponseBytesMax);
    this.#end(run, { payload: failure.payload, failure });
  }

  onStreamEnd(error?: { type: string; body: Buffer }): void {
    const run = this.#run;
    const stream = run?.stream;
    if (run === undefined || stream === undefined || run.outcome !== undefined) return;
    if (error !== undefined) {
      const failure = toReportedFailure(error.body, error.type);
      this.#end(run, { payload: error.body, failure });
    } else if (stream.chunks === undefined && stream.bytes > responseBytesMax) this.onResponseTooLarge();
    else this.#end(run, { payload: stream.chunks === undefined ? Buffer.concat(stream.pieces) : none });
  }

  #onTimeout(run: Run): void {
    if (this.#run !== run) return;
    const { clock } = this.#platform;
    const { requestId } = run.request;
    const failure = toTimeout(requestId, this.spec.timeoutMs);
    if (this.spec.logFormat === "Text") {
      const seconds = (this.spec.timeoutMs / 1000).toFixed(2);
      this.#logPlatform(
        `${new Date(clock.now()).toISOString()} ${requestId} Task timed out after ${seconds} seconds\n`,
      );
    }
    run.outcome = { payload: run.outcome?.payload ?? failure.payload, failure };
    run.endedMs = run.startedMs + this.spec.timeoutMs;
    run.isSettled = true;
    this.#process?.kill(); // The answer follows its exit: a timeout ends the handler, not just the answer.
  }

  #onExit(exit: ProcessExit): void {
    this.#process = undefined;
    this.#isReset = true; // E3
    this.#isFrozen = false;
    const init = this.#init;
    const run = this.#run;
    if (init !== undefined) {
      init.end(init.reported ?? toExitFailure(run?.request.requestId ?? "", exit, this.#isOutOfMemory));
      return;
    }
    if (run === undefined) return;
    run.isOver = true;
    if (run.outcome !== undefined) {
      if (run.isSettled) void this.#platform.realTime.turn().then(() => this.#complete(run));
      return;
    }
    const failure = toExitFailure(run.request.requestId, exit, this.#isOutOfMemory);
    if (this.#isOutOfMemory) this.#memoryPeakBytes = this.spec.memoryMegabytes * megabyte;
    if (this.spec.logFormat === "Text") {
      this.#logPlatform(
        `RequestId: ${run.request.requestId} Error: ${exit.error ?? describeExit(exit)}\n${failure.errorType}`,
      );
    }
    this.#end(run, { payload: failure.payload, failure });
  }

  #end(run: Run, outcome: Outcome): void {
    if (run.outcome !== undefined) return;
    run.outcome = outcome;
    const isTimeout = outcome.failure?.status === "timeout";
    run.endedMs = isTimeout ? run.startedMs + this.spec.timeoutMs : this.#platform.realTime.monotonicMs();
    void this.#platform.realTime.turn().then(() => {
      run.isSettled = true;
      if (run.isOver) this.#complete(run); // E5
      else run.cancelGrace = this.#platform.realTime.after(graceMs, () => this.#answer(run));
    });
  }

  /** END, REPORT, the caller's answer; the environment is free. */
  #complete(run: Run): void {
    if (this.#run !== run) return;
    const { clock, realTime } = this.#platform;
    run.cancelTimeout?.();
    run.cancelGrace?.();
    if (realTime.monotonicMs() - this.#measuredMs > measureEveryMs) this.measure();
    const report = toInvocationReport(run, this.#memoryPeakBytes);
    this.#logPlatform(toEnd(this.spec, clock.now(), report, run.outcome?.payload.byteLength ?? 0));
    this.#logPlatform(toReport(this.spec, clock.now(), report));
    this.#answer(run);
    this.#run = undefined;
    this.idleSinceMs = clock.now();
    this.idleSinceRealMs = realTime.monotonicMs();
    this.#onFree(this);
  }

  #answer(run: Run): void {
    if (run.isAnswered) return;
    run.isAnswered = true;
    const failure = run.outcome?.failure;
    run.stream?.chunks?.end(failure === undefined ? undefined : new Error(failure.errorMessage));
    const { spec, logStream: environmentId } = this;
    run.resolve(toInvokeResult(run, { spec, environmentId, memoryUsedBytes: this.#memoryPeakBytes }));
  }

  // --- log

  #logStart(run: Run): void {
    run.isStarted = true;
    const arn = toInvokedArn(this.spec, run.request);
    this.#logPlatform(toStart(this.spec, this.#platform.clock.now(), run.request.requestId, arn));
  }

  #logPlatform(message: string | undefined): void {
    if (message !== undefined) this.#log("platform", message);
  }

  #log(origin: "function" | "platform", message: string): void {
    this.#writeLog(origin, message, this.#run?.isStarted === true ? this.#run : undefined);
  }

  #thaw(): void {
    if (!this.#isFrozen) return;
    this.#isFrozen = false;
    const pid = this.#process?.pid;
    if (pid !== undefined) thawTree(pid);
  }
}

const emptyEvent = Buffer.from("{}");

function stopped(): SimulatorError {
  return new SimulatorError("SIM_STOPPED", {
    what: "The simulator stopped while the function ran.",
    next: "Start it again: what was accepted and not finished goes on.",
  });
}
