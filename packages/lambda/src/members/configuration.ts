/** The members that CreateFunction and UpdateFunctionConfiguration share. */
import { notSimulated } from "../errors.ts";
import type { FunctionDefinition } from "../function-definition.ts";
import { limits } from "../limits.ts";
import { atMost, inRange, matching, oneOf } from "./constraints.ts";
import { toEnvironment } from "./environment.ts";
import { type LoggingInput, toLogging } from "./logging.ts";

/** The shared members as they come in; layers are looked up by the operation. */
export interface ConfigurationInput {
  Runtime?: string;
  Handler?: string;
  Role?: string;
  Description?: string;
  MemorySize?: number;
  Timeout?: number;
  Environment?: { Variables?: Record<string, string> };
  EphemeralStorage?: { Size?: number };
  DeadLetterConfig?: { TargetArn?: string };
  LoggingConfig?: LoggingInput;
  TracingConfig?: { Mode?: string };
  KMSKeyArn?: string;
  VpcConfig?: { SubnetIds?: string[]; SecurityGroupIds?: string[]; Ipv6AllowedForDualStack?: boolean };
  SnapStart?: { ApplyOn?: string };
  Layers?: string[];
}

/** Names of the shared members that are honoured. */
export const configurationMembers: readonly string[] = [
  "Runtime",
  "Handler",
  "Role",
  "Description",
  "MemorySize",
  "Timeout",
  "Environment",
  "EphemeralStorage",
  "DeadLetterConfig",
  "LoggingConfig",
  "TracingConfig",
  "KMSKeyArn",
  "VpcConfig",
  "SnapStart",
  "Layers",
];

/** And of those that are refused. */
export const refusedConfigurationMembers: Readonly<Record<string, string>> = {
  FileSystemConfigs: "file systems of EFS are not simulated",
  ImageConfig: "container images are not simulated yet",
  CapacityProviderConfig: "managed instances are not simulated",
  DurableConfig: "durable functions are not simulated",
};

/** What is configured, code and layers aside. */
export type Configuration = Pick<
  FunctionDefinition,
  | "runtime"
  | "handler"
  | "role"
  | "description"
  | "memoryMegabytes"
  | "timeoutSeconds"
  | "ephemeralStorageMegabytes"
  | "environment"
  | "logFormat"
  | "applicationLogLevel"
  | "systemLogLevel"
  | "logGroup"
  | "deadLetterTargetArn"
  | "tracingMode"
  | "kmsKeyArn"
  | "vpc"
>;

/** `before` with what `input` changes. Throws what AWS would answer. */
export function toConfiguration(operation: string, before: Configuration, input: ConfigurationInput): Configuration {
  if (oneOf("snapStart.applyOn", input.SnapStart?.ApplyOn ?? "None", ["PublishedVersions", "None"]) !== "None") {
    throw notSimulated(operation, "SnapStart", "environments start without a snapshot");
  }
  const environment =
    input.Environment === undefined ? before.environment : toEnvironment(input.Environment.Variables ?? {});
  const deadLetter =
    input.DeadLetterConfig === undefined ? before.deadLetterTargetArn : input.DeadLetterConfig.TargetArn;
  const kmsKeyArn = input.KMSKeyArn ?? before.kmsKeyArn;
  const vpc = input.VpcConfig === undefined ? before.vpc : toVpc(input.VpcConfig, before.vpc);
  return {
    runtime: input.Runtime ?? before.runtime,
    handler: input.Handler === undefined ? before.handler : toHandler(input.Handler),
    role: input.Role === undefined ? before.role : matching("role", input.Role, rolePattern),
    description:
      input.Description === undefined
        ? before.description
        : atMost("description", input.Description, limits.descriptionMax),
    memoryMegabytes: inRange(
      "memorySize",
      input.MemorySize ?? before.memoryMegabytes,
      limits.memoryMegabytesMin,
      limits.memoryMegabytesMax,
    ),
    timeoutSeconds: inRange(
      "timeout",
      input.Timeout ?? before.timeoutSeconds,
      limits.timeoutSecondsMin,
      limits.timeoutSecondsMax,
    ),
    ephemeralStorageMegabytes: inRange(
      "ephemeralStorage.size",
      input.EphemeralStorage?.Size ?? before.ephemeralStorageMegabytes,
      limits.ephemeralStorageMegabytesMin,
      limits.ephemeralStorageMegabytesMax,
    ),
    tracingMode: oneOf("tracingConfig.mode", input.TracingConfig?.Mode ?? before.tracingMode, [
      "Active",
      "PassThrough",
    ] as const),
    ...toLogging(before, input.LoggingConfig),
    ...(environment === undefined ? {} : { environment }),
    ...(deadLetter === undefined || deadLetter === "" ? {} : { deadLetterTargetArn: deadLetter }),
    ...(kmsKeyArn === undefined || kmsKeyArn === "" ? {} : { kmsKeyArn }),
    ...(vpc === undefined ? {} : { vpc }),
  };
}

const rolePattern = String.raw`arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`;

function toHandler(handler: string): string {
  return handler === "" ? "" : atMost("handler", matching("handler", handler, String.raw`[^\s]+`), limits.handlerMax);
}

/** The network that a function is in changes nothing here: it is kept and shown. */
function toVpc(
  input: NonNullable<ConfigurationInput["VpcConfig"]>,
  before: FunctionDefinition["vpc"],
): NonNullable<FunctionDefinition["vpc"]> {
  return {
    subnetIds: input.SubnetIds ?? before?.subnetIds ?? [],
    securityGroupIds: input.SecurityGroupIds ?? before?.securityGroupIds ?? [],
    allowsIpv6: input.Ipv6AllowedForDualStack ?? before?.allowsIpv6 ?? false,
  };
}
