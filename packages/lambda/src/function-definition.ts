import type { FunctionFacts, FunctionSpec } from "@tripline/kernel";

/** The version that is worked on, and never published. */
export const latestVersion = "$LATEST";

/** One version of a function as its definition is kept: what the user configured, defaults filled in. */
export interface FunctionDefinition {
  functionName: string;
  /** Unqualified. */
  functionArn: string;
  /** `$LATEST` or a number. */
  version: string;
  runtime: string;
  handler: string;
  /** Absolute path of the folder that is `/var/task`. */
  codeFolder: string;
  description: string;
  role: string;
  memoryMegabytes: number;
  timeoutSeconds: number;
  ephemeralStorageMegabytes: number;
  environment: Record<string, string>;
  architecture: "x86_64" | "arm64";
  logFormat: "Text" | "JSON";
  applicationLogLevel?: NonNullable<FunctionSpec["applicationLogLevel"]>;
  systemLogLevel?: NonNullable<FunctionSpec["systemLogLevel"]>;
  logGroup: string;
  deadLetterTargetArn?: string;
  /** Shared by all versions: see `FunctionSettings`. */
  reservedConcurrency?: number;
  /** Grows with each change: environments of an older revision are retired. */
  revision: number;
  revisionId: string;
  lastModifiedMs: number;
}

/** What the execution manager needs to run `definition`. */
export function toFunctionSpec(definition: FunctionDefinition): FunctionSpec {
  return {
    functionName: definition.functionName,
    functionArn: definition.functionArn,
    version: definition.version,
    revision: definition.revision,
    runtime: definition.runtime,
    handler: definition.handler,
    codeFolder: definition.codeFolder,
    layerFolders: [],
    memoryMegabytes: definition.memoryMegabytes,
    timeoutMs: definition.timeoutSeconds * 1000,
    ephemeralStorageMegabytes: definition.ephemeralStorageMegabytes,
    environment: definition.environment,
    architecture: definition.architecture,
    logFormat: definition.logFormat,
    ...(definition.applicationLogLevel === undefined ? {} : { applicationLogLevel: definition.applicationLogLevel }),
    ...(definition.systemLogLevel === undefined ? {} : { systemLogLevel: definition.systemLogLevel }),
    logGroup: definition.logGroup,
    ...(definition.reservedConcurrency === undefined ? {} : { reservedConcurrency: definition.reservedConcurrency }),
  };
}

/** What the dispatcher needs to know of `definition`. */
export function toFunctionFacts(definition: FunctionDefinition): FunctionFacts {
  return {
    roleArn: definition.role,
    functionName: definition.functionName,
    functionArn: definition.functionArn,
    version: definition.version,
    timeoutMs: definition.timeoutSeconds * 1000,
    ...(definition.reservedConcurrency === undefined ? {} : { reservedConcurrency: definition.reservedConcurrency }),
    ...(definition.deadLetterTargetArn === undefined ? {} : { deadLetterTargetArn: definition.deadLetterTargetArn }),
  };
}

/** The function's configuration as CreateFunction, GetFunctionConfiguration and ListFunctions show it. */
export function toFunctionConfiguration(definition: FunctionDefinition): Record<string, unknown> {
  return {
    FunctionName: definition.functionName,
    FunctionArn:
      definition.version === latestVersion ? definition.functionArn : `${definition.functionArn}:${definition.version}`,
    Runtime: definition.runtime,
    Role: definition.role,
    Handler: definition.handler,
    Description: definition.description,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMegabytes,
    LastModified: new Date(definition.lastModifiedMs).toISOString().replace("Z", "+0000"),
    Version: definition.version,
    ...(definition.deadLetterTargetArn === undefined
      ? {}
      : { DeadLetterConfig: { TargetArn: definition.deadLetterTargetArn } }),
    ...(Object.keys(definition.environment).length === 0 ? {} : { Environment: { Variables: definition.environment } }),
    TracingConfig: { Mode: "PassThrough" },
    RevisionId: definition.revisionId,
    State: "Active",
    LastUpdateStatus: "Successful",
    PackageType: "Zip",
    Architectures: [definition.architecture],
    EphemeralStorage: { Size: definition.ephemeralStorageMegabytes },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: {
      LogFormat: definition.logFormat,
      LogGroup: definition.logGroup,
      ...(definition.applicationLogLevel === undefined ? {} : { ApplicationLogLevel: definition.applicationLogLevel }),
      ...(definition.systemLogLevel === undefined ? {} : { SystemLogLevel: definition.systemLogLevel }),
    },
  };
}
