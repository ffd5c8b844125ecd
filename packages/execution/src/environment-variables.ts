/**
 * The environment variables that a function sees.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 *
 * Differs from AWS on purpose, since there is no `/var/task`, `/opt` or `/tmp` of the function's own without a sandbox:
 * `LAMBDA_TASK_ROOT` and `PWD` are the code folder; `PATH`, `LD_LIBRARY_PATH`, `NODE_PATH` and `PYTHONPATH` name the layers where they
 * lie (`TRIPLINE_OPT` is the folder that stands for `/opt`), and `PATH` ends with the machine's own so that `node` and `python3` are found;
 * `TMPDIR` is a folder of the environment's own; `AWS_LAMBDA_RUNTIME_API` is a Unix socket's path for our own runtimes; `AWS_ENDPOINT_URL`
 * leads to the simulator.
 * The X-Ray daemon's variables are absent: there is no daemon.
 */
import { delimiter, join } from "node:path";
import type { FunctionSpec } from "@tripline/kernel";
import type { InitializationType } from "./platform-log.ts";

/** Of a session of the function's role. */
export interface FunctionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/** Where nobody gives out credentials. */
export const dummyCredentials: FunctionCredentials = {
  accessKeyId: "test",
  secretAccessKey: "test",
  sessionToken: "test",
};

/** What an environment adds to its function's own variables. */
export interface EnvironmentFacts {
  logStream: string;
  /** Default `on-demand`. */
  initializationType?: InitializationType;
  region: string;
  runtimeApi: string;
  temporaryFolder: string;
  /** Folder of the runtime's own files. */
  runtimeFolder: string;
  endpoint: string | undefined;
  credentials: FunctionCredentials;
  /** The machine's PATH. */
  path: string;
  /** Values that the runtime adds or replaces. */
  runtimeVariables: Readonly<Record<string, string>>;
}

/** All variables, the user's own last except where AWS reserves the name. */
export function toEnvironmentVariables(spec: FunctionSpec, facts: EnvironmentFacts): Record<string, string> {
  const layers = (folder: string): string[] => spec.layerFolders.map((layer) => join(layer, folder));
  const reserved: Record<string, string> = {
    _HANDLER: spec.handler,
    AWS_REGION: facts.region,
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: facts.initializationType ?? "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: facts.logStream,
    AWS_LAMBDA_RUNTIME_API: facts.runtimeApi,
    LAMBDA_TASK_ROOT: spec.codeFolder,
    LAMBDA_RUNTIME_DIR: facts.runtimeFolder,
    TMPDIR: facts.temporaryFolder,
    ...(spec.layerFolders[0] === undefined ? {} : { TRIPLINE_OPT: spec.layerFolders[0] }),
  };
  if (/^(nodejs|python|java|ruby|dotnet)/.test(spec.runtime)) reserved.AWS_EXECUTION_ENV = `AWS_Lambda_${spec.runtime}`;
  if (spec.logFormat === "JSON") {
    reserved.AWS_LAMBDA_LOG_FORMAT = "JSON";
    reserved.AWS_LAMBDA_LOG_LEVEL = spec.applicationLogLevel ?? "INFO";
  }
  const defaults: Record<string, string> = {
    AWS_DEFAULT_REGION: facts.region,
    AWS_ACCESS_KEY_ID: facts.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: facts.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: facts.credentials.sessionToken,
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    TZ: ":UTC",
    LANG: "en_US.UTF-8",
    PATH: [...layers("bin"), facts.path].join(delimiter),
    LD_LIBRARY_PATH: [join(spec.codeFolder, "lib"), spec.codeFolder, ...layers("lib")].join(delimiter),
    PWD: spec.codeFolder,
    SHLVL: "0",
    ...(facts.endpoint === undefined ? {} : { AWS_ENDPOINT_URL: facts.endpoint }),
    ...facts.runtimeVariables,
  };
  return { ...defaults, ...spec.environment, ...reserved };
}

/** Layer folders on Node.js's module path, the later layer first. */
export function toNodePath(spec: FunctionSpec, major: number): string {
  const layers = spec.layerFolders.toReversed();
  return [
    ...layers.map((layer) => join(layer, `nodejs/node${major}/node_modules`)),
    ...layers.map((layer) => join(layer, "nodejs/node_modules")),
    spec.codeFolder,
  ].join(delimiter);
}
