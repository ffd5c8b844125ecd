import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  Activity,
  type Clock,
  createRng,
  createSystemClock,
  defaultScope,
  EventBus,
  type FunctionSpec,
  type InvokeResult,
  type LogLine,
  VirtualClock,
} from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { createExecutionManager, type ExecutionManager, type ExecutionManagerOptions } from "../execution-manager.ts";

/** A manager with functions made of the given files, for tests. */
export interface TestBench extends AsyncDisposable {
  manager: ExecutionManager;
  clock: Clock;
  virtual: VirtualClock;
  activity: Activity;
  folder: string;
  log: LogLine[];
  spec(overrides?: Partial<FunctionSpec>): FunctionSpec;
  invoke(event: unknown, overrides?: Partial<FunctionSpec>): Promise<InvokeResult>;
  /** The parsed answer. */
  call(event: unknown, overrides?: Partial<FunctionSpec>): Promise<unknown>;
}

/** `files`: path below the code folder -> text. A file called `bootstrap` is executable. */
export function createTestBench(
  files: Readonly<Record<string, string>>,
  options: Partial<ExecutionManagerOptions> & { time?: "system" | "virtual" } = {},
): TestBench {
  const folder = mkdtempSync(join(tmpdir(), "tripline-test-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    if (name.endsWith("bootstrap")) chmodSync(join(folder, name), 0o755);
  }
  const activity = new Activity();
  const virtual = new VirtualClock({ activity, realTime });
  const system = createSystemClock(realTime);
  const clock = options.time === "virtual" ? virtual : system;
  const bus = new EventBus();
  const log: LogLine[] = [];
  bus.on("log", (line) => log.push(line));
  const manager = createExecutionManager({
    clock,
    realTime,
    bus,
    activity,
    rng: createRng("test"),
    scope: defaultScope,
    isolation: "process",
    endpoint: () => "http://127.0.0.1:4566",
    ...options,
  });
  let count = 0;
  const spec = (overrides: Partial<FunctionSpec> = {}): FunctionSpec => {
    const functionName = overrides.functionName ?? "orders";
    return {
      functionName,
      functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
      version: "$LATEST",
      revision: 1,
      runtime: "nodejs20.x",
      handler: "index.handler",
      codeFolder: folder,
      layerFolders: [],
      memoryMegabytes: 128,
      timeoutMs: 10_000,
      ephemeralStorageMegabytes: 512,
      environment: {},
      architecture: "x86_64",
      logFormat: "Text",
      logGroup: `/aws/lambda/${functionName}`,
      ...overrides,
    };
  };
  const invoke = (event: unknown, overrides?: Partial<FunctionSpec>): Promise<InvokeResult> => {
    const toRun = spec(overrides);
    return manager.invoke(toRun, {
      functionName: toRun.functionName,
      payload: Buffer.from(JSON.stringify(event)),
      requestId: `request-${++count}`,
      source: "lambda",
    });
  };
  return {
    manager,
    clock,
    virtual,
    activity,
    folder,
    log,
    spec,
    invoke,
    async call(event, overrides) {
      const result: unknown = JSON.parse(Buffer.from((await invoke(event, overrides)).payload).toString("utf8"));
      return result;
    },
    async [Symbol.asyncDispose]() {
      await manager.stop();
      system.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
