import type { FunctionFacts, FunctionSpec } from "@tripline/kernel";

/** The version that is worked on, and never published. */
export const latestVersion = "$LATEST";

/** Where code comes from. */
export type FunctionCode =
  /** A folder of the user's own, as it stands: what changes in it is picked up. Every version reads the same folder. */
  | { kind: "folder"; folder: string }
  /** An archive of the code store. */
  | { kind: "archive"; sha256: string; sizeBytes: number; unpackedBytes: number; sourceKmsKeyArn?: string };

/** A layer as a function uses it; it stays usable when the layer version is deleted. */
export interface FunctionLayer {
  arn: string;
  sha256: string;
  sizeBytes: number;
  unpackedBytes: number;
}

/** Where a version is in its life. https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
export interface FunctionState {
  state: "Pending" | "Active";
  /** Absent while the function is being created. */
  lastUpdateStatus?: "InProgress" | "Successful";
}

export const activeState: FunctionState = { state: "Active", lastUpdateStatus: "Successful" };

/** One version of a function as its definition is kept: what the user configured, defaults filled in. */
export interface FunctionDefinition extends FunctionState {
  functionName: string;
  /** Unqualified. */
  functionArn: string;
  /** `$LATEST` or a number. */
  version: string;
  runtime: string;
  handler: string;
  code: FunctionCode;
  /** Absolute path of the folder that is `/var/task`. For an archive it is worked out anew at each start. */
  codeFolder: string;
  layers: readonly FunctionLayer[];
  /** Absolute path of the folder that is `/opt`: all layers, merged. Worked out anew at each start. */
  optFolder?: string;
  description: string;
  role: string;
  memoryMegabytes: number;
  timeoutSeconds: number;
  ephemeralStorageMegabytes: number;
  /** Undefined where none was ever given: AWS shows the difference. */
  environment?: Record<string, string>;
  architecture: "x86_64" | "arm64";
  logFormat: "Text" | "JSON";
  applicationLogLevel?: NonNullable<FunctionSpec["applicationLogLevel"]>;
  systemLogLevel?: NonNullable<FunctionSpec["systemLogLevel"]>;
  logGroup: string;
  deadLetterTargetArn?: string;
  tracingMode: "Active" | "PassThrough";
  kmsKeyArn?: string;
  vpc?: { subnetIds: readonly string[]; securityGroupIds: readonly string[]; allowsIpv6: boolean };
  runtimeManagement?: RuntimeManagement;
  /** Shared by all versions: see `FunctionSettings`. */
  reservedConcurrency?: number;
  /** Grows with each change: environments of an older revision are retired. */
  revision: number;
  revisionId: string;
  lastModifiedMs: number;
  /** Of a published version: what `$LATEST` was then, to tell whether it has changed since. */
  publishedFrom?: string;
}

/** When a runtime is updated; kept and shown, since the machine's own runtime is all there is. */
export interface RuntimeManagement {
  updateRuntimeOn: "Auto" | "FunctionUpdate" | "Manual";
  runtimeVersionArn?: string;
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
    codeIsFixed: definition.code.kind === "archive",
    layerFolders: definition.optFolder === undefined ? [] : [definition.optFolder],
    memoryMegabytes: definition.memoryMegabytes,
    timeoutMs: definition.timeoutSeconds * 1000,
    ephemeralStorageMegabytes: definition.ephemeralStorageMegabytes,
    environment: definition.environment ?? {},
    architecture: definition.architecture,
    logFormat: definition.logFormat,
    ...(definition.applicationLogLevel === undefined ? {} : { applicationLogLevel: definition.applicationLogLevel }),
    ...(definition.systemLogLevel === undefined ? {} : { systemLogLevel: definition.systemLogLevel }),
    logGroup: definition.logGroup,
    roleArn: definition.role,
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

/** What is configured of a version, as text: the same where nothing was changed. Bookkeeping and state are no part of it. */
export function toConfigurationText(definition: object): string {
  const configured = Object.entries(definition).filter(([name]) => !bookkeeping.has(name));
  return JSON.stringify(configured.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const bookkeeping: ReadonlySet<string> = new Set<keyof FunctionDefinition>([
  "version",
  "revision",
  "revisionId",
  "lastModifiedMs",
  "reservedConcurrency",
  "codeFolder",
  "optFolder",
  "state",
  "lastUpdateStatus",
  "publishedFrom",
]);
