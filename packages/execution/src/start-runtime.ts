/** Starts the process of an environment: a Node.js that booted ahead and is assigned its function, or a program of its own. */
import { join } from "node:path";
import type { FunctionSpec } from "@tripline/kernel";
import { minimalEnvironment } from "./adapters/process-host.ts";
import type { ProvidedCode } from "./code-provider.ts";
import { toEnvironmentVariables } from "./environment-variables.ts";
import { findExecWrapper } from "./exec-wrapper.ts";
import { executionAssets } from "./execution-assets.ts";
import type { ExecutionPlatform } from "./execution-platform.ts";
import { type Failure, toFailure } from "./failure.ts";
import type { InitializationType } from "./platform-log.ts";
import { RuntimeApi } from "./runtime-api/runtime-api.ts";
import { RuntimeProcess } from "./runtime-process.ts";

/** What {@link startRuntime} starts, and who hears of it. */
export interface RuntimeStart {
  spec: FunctionSpec;
  code: ProvidedCode;
  logStream: string;
  initializationType: InitializationType;
  temporaryFolder: string;
  isStopped(): boolean;
  /** Before anything is said to it. `simulatesTime`: its clock is the simulator's. */
  adopt(process: RuntimeProcess, simulatesTime: boolean): void;
  fail(failure: Failure): void;
}

/** Starts the process; what comes of it is told by `adopt` or `fail`, or by neither where the environment was stopped meanwhile. */
export async function startRuntime(platform: ExecutionPlatform, start: RuntimeStart): Promise<void> {
  const { spec, logStream, initializationType, temporaryFolder } = start;
  const { failure, moduleFolder } = start.code;
  if (failure !== undefined) {
    start.fail(toFailure(failure.errorType, failure.errorMessage));
    return;
  }
  const launch = platform.runtimes.launch(spec);
  if (launch.kind === "refused") {
    start.fail(toFailure(launch.errorType, launch.errorMessage));
    return;
  }
  const variables = (runtimeApi: string): Record<string, string> =>
    toEnvironmentVariables(spec, {
      logStream,
      initializationType,
      region: platform.scope.region,
      runtimeApi,
      temporaryFolder,
      runtimeFolder: join(executionAssets("node-bootstrap.cjs"), ".."),
      endpoint: platform.endpoint(),
      credentials: platform.credentials(spec),
      path: minimalEnvironment().PATH ?? "",
      runtimeVariables: launch.variables,
    });
  const isVirtual = platform.clock.mode === "virtual";
  if (launch.kind === "node") {
    const wrapper = findExecWrapper(spec);
    const nodeOptions = spec.environment.NODE_OPTIONS;
    const process = platform.takeNode(
      wrapper !== undefined
        ? { wrapper, environment: variables, cwd: spec.codeFolder }
        : nodeOptions !== undefined
          ? { nodeOptions }
          : undefined,
    );
    start.adopt(process, isVirtual);
    process.claim(temporaryFolder);
    process.api.assign(
      JSON.stringify({
        ...(wrapper === undefined ? { environment: variables(process.address) } : {}),
        codeFolder: spec.codeFolder,
        moduleFolder,
        handler: spec.handler,
        nodeMajor: launch.major,
        ...(isVirtual ? { simulatedNowMs: platform.clock.now() } : {}),
      }),
    );
    return;
  }
  const api = new RuntimeApi();
  const address = await api.listen(launch.transport === "unix" ? platform.socketPath() : undefined);
  if (start.isStopped()) {
    api.close();
    return;
  }
  const { file, args } = launch;
  const hosted = platform.host.spawn({ file, args, environment: variables(address), cwd: spec.codeFolder });
  start.adopt(new RuntimeProcess(api, address, hosted), isVirtual && launch.simulatesTime);
}
