/** What AWS::Serverless::Function and AWS::Lambda::Function share. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { toArn } from "@tripline/kernel";
import { invalid } from "../read/errors.ts";
import type { Place } from "../read/template-node.ts";
import { list, map, object } from "../shapes/collections.ts";
import { choice, integer, text } from "../shapes/scalars.ts";
import {
  each,
  optional,
  type OptionalTable,
  type PropertyTable,
  required,
  type Shape,
  unsupported,
  withoutEffect,
} from "../shapes/shape.ts";
import type { PlannedCall, PlannedResource } from "../template-plan.ts";
import { kept } from "./iam-policies.ts";
import { reasons } from "./reasons.ts";
import { type Identity, type IdentityContext, type PlanContext, placeOfProperty, planned } from "./resource-type.ts";

/** What the shared table reads as. */
export interface FunctionSettings {
  FunctionName?: string;
  Handler?: string;
  Runtime?: string;
  Description?: string;
  Timeout?: number;
  MemorySize?: number;
  Environment?: { Variables?: Record<string, string> };
  EphemeralStorage?: { Size?: number };
  Architectures?: string[];
  LoggingConfig?: { LogFormat?: string; ApplicationLogLevel?: string; SystemLogLevel?: string; LogGroup?: string };
  ReservedConcurrentExecutions?: number;
  PackageType?: "Zip" | "Image";
  Role?: string;
  Layers?: string[];
  RuntimeManagementConfig?: { UpdateRuntimeOn: string; RuntimeVersionArn?: string };
}

/** The honoured properties that both have. */
export const functionSettings: OptionalTable<FunctionSettings> = {
  FunctionName: optional(text("import-catalog")),
  Handler: optional(text("index.handler")),
  Runtime: optional(text("nodejs22.x")),
  Description: optional(text()),
  Timeout: optional(integer("30")),
  MemorySize: optional(integer("256")),
  Environment: optional(object({ Variables: optional(map(text())) })),
  EphemeralStorage: optional(object({ Size: optional(integer("512")) })),
  Architectures: optional(list(choice("x86_64", "arm64"))),
  LoggingConfig: optional(
    object({
      LogFormat: optional(choice("Text", "JSON")),
      ApplicationLogLevel: optional(choice("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")),
      SystemLogLevel: optional(choice("DEBUG", "INFO", "WARN")),
      LogGroup: optional(text("/aws/lambda/import")),
    }),
  ),
  ReservedConcurrentExecutions: optional(integer("5")),
  PackageType: optional(choice("Zip", "Image")),
  Role: kept(optional(text("!GetAtt Worker.Arn"))),
  Layers: optional(list(text("!Ref Shared"))),
  RuntimeManagementConfig: optional(
    object({
      UpdateRuntimeOn: required(choice("Auto", "FunctionUpdate", "Manual")),
      RuntimeVersionArn: optional(text()),
    }),
  ),
};

/** The other properties that both have. */
export const otherFunctionSettings: PropertyTable = {
  VpcConfig: withoutEffect(reasons.network),
  KmsKeyArn: withoutEffect(reasons.encryption),
  ...each(["CodeSigningConfigArn", "RecursiveLoop"], withoutEffect(reasons.deployment)),
  SnapStart: withoutEffect("Environments start as they are."),
  ...each(
    [
      "CapacityProviderConfig",
      "DurableConfig",
      "FileSystemConfigs",
      "FunctionScalingConfig",
      "ImageConfig",
      "PublishToLatestPublished",
      "TenancyConfig",
    ],
    unsupported(reasons.notYet),
  ),
};

/** Where a function's code, or a layer's content, is. */
export type FunctionCode =
  | { LocalFolder: string }
  | { LocalArchive: string }
  | { InlineSource: string }
  | { S3Bucket: string; S3Key: string; S3ObjectVersion?: string };

/** `Ref` is the name. */
export function identifyFunction({ scope, logicalId, property }: IdentityContext): Identity {
  const name = property("FunctionName") ?? logicalId;
  const arn = toArn(scope, "lambda", `function:${name}`);
  return { physicalId: name, ref: name, arn, attributes: { Arn: arn } };
}

/** Code that stands in a template as a path: a folder, a zip archive, or an object in S3. */
export function toCodeAtPath(context: PlanContext, path: string, property: string, place: Place): FunctionCode {
  const stored = /^s3:\/\/([^/]+)\/(.+)$/.exec(path);
  if (stored?.[1] !== undefined && stored[2] !== undefined) return { S3Bucket: stored[1], S3Key: stored[2] };
  const local = resolve(context.folder, path);
  const found = statSync(local, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return { LocalFolder: local };
  if (found?.isFile() === true && /\.(zip|jar)$/i.test(path)) return { LocalArchive: local };
  throw invalid(
    place,
    `${property} of ${context.definition.logicalId} names ${found === undefined ? "no folder that exists" : "no folder"}: ${local}.`,
    "Name the folder, or the zip archive, with the function's code, relative to the template.",
  );
}

/** An object in S3 as SAM names it: `Bucket`, `Key`, `Version`. */
export const codeObject: Shape<{ Bucket: string; Key: string; Version?: string }> = object({
  Bucket: required(text("deploy")),
  Key: required(text("app.zip")),
  Version: optional(text()),
});

/** That object as Lambda names it. */
export function toCodeObject({
  Bucket,
  Key,
  Version,
}: {
  Bucket: string;
  Key: string;
  Version?: string;
}): FunctionCode {
  return { S3Bucket: Bucket, S3Key: Key, ...(Version === undefined ? {} : { S3ObjectVersion: Version }) };
}

/** CreateFunction, and what goes with it. `arn` of a dead-letter target is optional. */
export function planFunction(
  context: PlanContext,
  given: FunctionSettings,
  code: FunctionCode,
  { deadLetterTargetArn, tags }: { deadLetterTargetArn: string | undefined; tags: Record<string, string> | undefined },
): PlannedResource[] {
  const {
    ReservedConcurrentExecutions: reserved,
    RuntimeManagementConfig: management,
    PackageType: _type,
    FunctionName: _name,
    Layers,
    ...members
  } = given;
  const layers = ownLayers(context, Layers ?? []);
  const FunctionName = context.identity.physicalId;
  requireForZip(context, "Runtime", given.Runtime, "nodejs22.x");
  if (given.Runtime?.startsWith("provided") !== true) {
    requireForZip(context, "Handler", given.Handler, "index.handler");
  }
  const self = planned(context, {
    calls: [
      lambda("CreateFunction", {
        FunctionName,
        ...members,
        ...(layers.length === 0 ? {} : { Layers: layers }),
        Code: code,
        ...(deadLetterTargetArn === undefined ? {} : { DeadLetterConfig: { TargetArn: deadLetterTargetArn } }),
        ...(tags === undefined ? {} : { Tags: tags }),
      }),
      ...(management === undefined ? [] : [lambda("PutRuntimeManagementConfig", { FunctionName, ...management })]),
    ],
    removal: [lambda("DeleteFunction", { FunctionName })],
  });
  if (reserved === undefined) return [self];
  const concurrency: PlannedResource = {
    ...self,
    logicalId: `${self.logicalId}ReservedConcurrency`,
    type: "AWS::Lambda::ReservedConcurrency",
    calls: [lambda("PutFunctionConcurrency", { FunctionName, ReservedConcurrentExecutions: reserved })],
    removal: [lambda("DeleteFunctionConcurrency", { FunctionName })],
  };
  return [self, concurrency];
}

/** The layers that are there: those of this account. Others are listed. */
function ownLayers(context: PlanContext, layers: readonly string[]): string[] {
  const { region, accountId } = context.scope;
  const isOwn = (arn: string): boolean => arn.startsWith(`arn:aws:lambda:${region}:${accountId}:layer:`);
  for (const arn of layers) {
    if (isOwn(arn)) continue;
    const reason = `${arn} is no layer of this account: put what it holds beside the function's code.`;
    context.skip(reason, "Layers", placeOfProperty(context.definition, "Layers"));
  }
  return layers.filter(isOwn);
}

function requireForZip({ definition }: PlanContext, name: string, value: string | undefined, example: string): void {
  if (value !== undefined) return;
  throw invalid(
    definition.place,
    `${definition.logicalId} (${definition.type}) has no ${name}.`,
    `Add ${name}: a text, such as ${example}.`,
  );
}

/** A call of Lambda. */
export function lambda(operation: string, input: Record<string, unknown>): PlannedCall {
  return { service: "lambda", operation, input };
}
