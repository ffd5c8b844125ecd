import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Operation } from "@tripline/kernel";
import { isServiceError } from "@tripline/kernel";
import type { ExecutionManager } from "@tripline/execution";
import { functionExists, invalidParameter } from "../errors.ts";
import { type FunctionDefinition, toFunctionConfiguration } from "../function-definition.ts";
import type { FunctionDraft, FunctionRegistry } from "../function-registry.ts";
import { limits, reservedEnvironmentKeys } from "../limits.ts";

/** Input of CreateFunction, as far as it is honoured. */
export interface CreateFunctionInput {
  FunctionName: string;
  Runtime?: string;
  Handler?: string;
  Role?: string;
  Description?: string;
  /** `LocalFolder` (a folder that is `/var/task` as it stands) or `InlineSource` (the text of the handler's module). */
  Code?: { LocalFolder?: string; InlineSource?: string };
  MemorySize?: number;
  Timeout?: number;
  Environment?: { Variables?: Record<string, string> };
  EphemeralStorage?: { Size?: number };
  Architectures?: string[];
  DeadLetterConfig?: { TargetArn?: string };
  LoggingConfig?: { LogFormat?: string; ApplicationLogLevel?: string; SystemLogLevel?: string; LogGroup?: string };
}

/** What the operation needs. */
export interface CreateFunctionOptions {
  registry: FunctionRegistry;
  execution: Pick<ExecutionManager, "describeRuntime">;
  /** Folder under which inline sources are written, one folder a function. */
  inlineFolder: string;
}

/**
 * Creates a function; with `upsert` updates one of the same name.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export function createFunctionOperation(options: CreateFunctionOptions): Operation<CreateFunctionInput> {
  return {
    name: "CreateFunction",
    honoured: [
      "FunctionName",
      "Runtime",
      "Handler",
      "Role",
      "Description",
      "Code",
      "MemorySize",
      "Timeout",
      "Environment",
      "EphemeralStorage",
      "Architectures",
      "DeadLetterConfig",
      "LoggingConfig",
    ],
    async run(input, context) {
      const existing = options.registry.get(input.FunctionName);
      if (existing !== undefined && context.upsert !== true) throw functionExists(input.FunctionName);
      const draft = await toDefinition(input, options);
      if (context.upsert !== true) {
        const runtime = options.execution.describeRuntime(draft.runtime);
        if (!runtime.supported) throw invalidParameter(runtime.reason);
      }
      if (input.Code?.InlineSource !== undefined) await writeInline(draft, input.Code.InlineSource);
      const kept = existing !== undefined && isSame(existing, draft) ? existing : await options.registry.save(draft);
      return toFunctionConfiguration(kept);
    },
  };
}

async function toDefinition(input: CreateFunctionInput, options: CreateFunctionOptions): Promise<FunctionDraft> {
  const { registry } = options;
  if (!/^[a-zA-Z0-9-_]{1,64}$/.test(input.FunctionName)) {
    throw invalidParameter(
      `1 validation error detected: Value '${input.FunctionName}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}`,
    );
  }
  if (input.Runtime === undefined)
    throw invalidParameter("Runtime is mandatory for functions created with deployment packages.");
  const isOsOnly = input.Runtime.startsWith("provided");
  if (input.Handler === undefined && !isOsOnly)
    throw invalidParameter("Handler is mandatory for functions created with deployment packages.");
  const logFormat = oneOf("loggingConfig.logFormat", input.LoggingConfig?.LogFormat ?? "Text", [
    "Text",
    "JSON",
  ] as const);
  const { ApplicationLogLevel: applicationLevel, SystemLogLevel: systemLevel } = input.LoggingConfig ?? {};
  if (logFormat === "Text" && (applicationLevel ?? systemLevel) !== undefined) {
    throw invalidParameter(
      'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from your request or change the LogFormat to "JSON" and try again.',
    );
  }
  const deadLetterTargetArn = input.DeadLetterConfig?.TargetArn;
  return {
    functionName: input.FunctionName,
    functionArn: registry.toArn(input.FunctionName),
    runtime: input.Runtime,
    handler: input.Handler ?? "",
    codeFolder: await toCodeFolder(input, options.inlineFolder),
    description: input.Description ?? "",
    role: input.Role ?? registry.toArn("").replace(/:lambda:[^:]*:(\d+):function:$/, ":iam::$1:role/tripline"),
    memoryMegabytes: inRange(
      "memorySize",
      input.MemorySize ?? limits.memoryMegabytesDefault,
      limits.memoryMegabytesMin,
      limits.memoryMegabytesMax,
    ),
    timeoutSeconds: inRange(
      "timeout",
      input.Timeout ?? limits.timeoutSecondsDefault,
      limits.timeoutSecondsMin,
      limits.timeoutSecondsMax,
    ),
    ephemeralStorageMegabytes: inRange(
      "ephemeralStorage.size",
      input.EphemeralStorage?.Size ?? limits.ephemeralStorageMegabytesDefault,
      limits.ephemeralStorageMegabytesMin,
      limits.ephemeralStorageMegabytesMax,
    ),
    environment: toEnvironment(input.Environment?.Variables ?? {}),
    architecture: oneOf("architectures", input.Architectures?.[0] ?? "x86_64", ["x86_64", "arm64"] as const),
    logFormat,
    ...(applicationLevel === undefined
      ? {}
      : {
          applicationLogLevel: oneOf("loggingConfig.applicationLogLevel", applicationLevel, [
            "TRACE",
            "DEBUG",
            "INFO",
            "WARN",
            "ERROR",
            "FATAL",
          ] as const),
        }),
    ...(systemLevel === undefined
      ? {}
      : { systemLogLevel: oneOf("loggingConfig.systemLogLevel", systemLevel, ["DEBUG", "INFO", "WARN"] as const) }),
    logGroup: input.LoggingConfig?.LogGroup ?? `/aws/lambda/${input.FunctionName}`,
    ...(deadLetterTargetArn === undefined || deadLetterTargetArn === "" ? {} : { deadLetterTargetArn }),
  };
}

async function toCodeFolder(input: CreateFunctionInput, inlineFolder: string): Promise<string> {
  const folder = input.Code?.LocalFolder;
  if (folder === undefined) {
    if (input.Code?.InlineSource === undefined)
      throw invalidParameter("Code must name a LocalFolder or hold an InlineSource.");
    return join(inlineFolder, input.FunctionName);
  }
  try {
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    if (isServiceError(error)) throw error;
  }
  throw invalidParameter(`The code folder of ${input.FunctionName} does not exist or cannot be read: ${folder}`);
}

/** CloudFormation names the file of inline code after the language: `index.js`, `index.py`. */
async function writeInline(draft: FunctionDraft, source: string): Promise<void> {
  const file = draft.runtime.startsWith("python") ? "index.py" : "index.js";
  await mkdir(draft.codeFolder, { recursive: true });
  await writeFile(join(draft.codeFolder, file), source);
}

function toEnvironment(variables: Record<string, string>): Record<string, string> {
  for (const key of Object.keys(variables)) {
    if (reservedEnvironmentKeys.has(key)) {
      throw invalidParameter(
        `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${key}`,
      );
    }
    if (!/^[a-zA-Z][a-zA-Z0-9_]+$/.test(key)) {
      throw invalidParameter(
        `1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]`,
      );
    }
  }
  const measured = JSON.stringify(variables);
  if (new TextEncoder().encode(measured).byteLength > limits.environmentBytesMax) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${measured}`,
    );
  }
  return variables;
}

function inRange(member: string, value: number, min: number, max: number): number {
  if (value < min || value > max || !Number.isInteger(value)) {
    const bound = value < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
    throw invalidParameter(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  return value;
}

function oneOf<const T extends string>(member: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) {
    throw invalidParameter(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(", ")}]`,
    );
  }
  return found;
}

function isSame(existing: FunctionDefinition, draft: FunctionDraft): boolean {
  const {
    version: _version,
    revision: _revision,
    revisionId: _revisionId,
    lastModifiedMs: _lastModifiedMs,
    reservedConcurrency: _reserved,
    ...kept
  } = existing;
  return JSON.stringify(sorted(kept)) === JSON.stringify(sorted(draft));
}

function sorted(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
