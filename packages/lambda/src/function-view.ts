/** A function's configuration as the API shows it. https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html */
import { createHash } from "node:crypto";
import { folderDigest } from "./code/folder-digest.ts";
import { type FunctionCode, type FunctionDefinition, latestVersion } from "./function-definition.ts";

const creating = "The function is being created.";

/** As CreateFunction, GetFunctionConfiguration and their like show it. `qualifier`: the one that was asked for, which the ARN carries. */
export async function toFunctionConfiguration(
  definition: FunctionDefinition,
  qualifier?: string,
): Promise<Record<string, unknown>> {
  const { state, lastUpdateStatus } = definition;
  return {
    ...(await toListedConfiguration(definition, qualifier)),
    State: state,
    ...(state === "Pending" ? { StateReason: creating, StateReasonCode: "Creating" } : {}),
    ...(lastUpdateStatus === undefined ? {} : { LastUpdateStatus: lastUpdateStatus }),
    ...(lastUpdateStatus === "InProgress"
      ? { LastUpdateStatusReason: creating, LastUpdateStatusReasonCode: "Creating" } // AWS's own text, on an update too
      : {}),
    RuntimeVersionConfig: {
      RuntimeVersionArn: definition.runtimeManagement?.runtimeVersionArn ?? runtimeVersionArn(definition),
    },
  };
}

/** As ListFunctions and ListVersionsByFunction show it: without state. */
export async function toListedConfiguration(
  definition: FunctionDefinition,
  qualifier?: string,
): Promise<Record<string, unknown>> {
  const { functionArn, version, vpc } = definition;
  const shown = qualifier ?? (version === latestVersion ? undefined : version);
  const { sha256, sizeBytes } = await codeFacts(definition.code);
  return {
    FunctionName: definition.functionName,
    FunctionArn: shown === undefined ? functionArn : `${functionArn}:${shown}`,
    Runtime: definition.runtime,
    Role: definition.role,
    Handler: definition.handler,
    CodeSize: sizeBytes,
    CodeSha256: sha256,
    Description: definition.description,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMegabytes,
    LastModified: new Date(definition.lastModifiedMs).toISOString().replace("Z", "+0000"),
    Version: version,
    ...(definition.deadLetterTargetArn === undefined
      ? {}
      : { DeadLetterConfig: { TargetArn: definition.deadLetterTargetArn } }),
    ...(definition.environment === undefined ? {} : { Environment: { Variables: definition.environment } }),
    ...(definition.kmsKeyArn === undefined ? {} : { KMSKeyArn: definition.kmsKeyArn }),
    ...(vpc === undefined
      ? {}
      : {
          VpcConfig: {
            SubnetIds: vpc.subnetIds,
            SecurityGroupIds: vpc.securityGroupIds,
            VpcId: toVpcId(vpc.subnetIds),
            Ipv6AllowedForDualStack: vpc.allowsIpv6,
          },
        }),
    TracingConfig: { Mode: definition.tracingMode },
    ...(definition.layers.length === 0
      ? {}
      : { Layers: definition.layers.map((layer) => ({ Arn: layer.arn, CodeSize: layer.sizeBytes })) }),
    RevisionId: definition.revisionId,
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

/** SHA-256 (base64) and size of code; of a folder, those of what it holds now. */
export async function codeFacts(code: FunctionCode): Promise<{ sha256: string; sizeBytes: number }> {
  return code.kind === "archive" ? code : folderDigest(code.folder);
}

/** The same one as in the log line INIT_START. */
function runtimeVersionArn({ functionArn }: FunctionDefinition): string {
  return `arn:aws:lambda:${functionArn.split(":")[3] ?? ""}::runtime:${"0".repeat(64)}`;
}

/** AWS looks the VPC of a subnet up. There is none here: the id is made up, the same for the same subnets. */
function toVpcId(subnetIds: readonly string[]): string {
  if (subnetIds.length === 0) return "";
  return `vpc-${createHash("sha256").update(subnetIds.join()).digest("hex").slice(0, 17)}`;
}
