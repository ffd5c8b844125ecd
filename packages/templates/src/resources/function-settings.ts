/** What AWS::Serverless::Function and AWS::Lambda::Function share. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { toArn } from "@tripline/kernel";
import { invalid } from "../read/errors.ts";
import type { Place } from "../read/template-node.ts";
import { list, map, object } from "../shapes/collections.ts";
import { choice, integer, text } from "../shapes/scalars.ts";
import { each, optional, type OptionalTable, type PropertyTable, unsupported, withoutEffect } from "../shapes/shape.ts";
import type { PlannedCall, PlannedResource } from "../template-plan.ts";
import { kept } from "./iam-policies.ts";
import { reasons } from "./reasons.ts";
import { type Identity, type IdentityContext, type PlanContext, planned } from "./resource-type.ts";

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
};

/** The other properties that both have. */
export const otherFunctionSettings: PropertyTable = {
  Tags: withoutEffect(reasons.tags),
  VpcConfig: withoutEffect(reasons.network),
  KmsKeyArn: withoutEffect(reasons.encryption),
  ...each(["CodeSigningConfigArn", "RuntimeManagementConfig", "RecursiveLoop"], withoutEffect(reasons.deployment)),
  SnapStart: withoutEffect("Environments start as they are."),
  Layers: unsupported("Layers are not simulated: put what they hold beside the function's code."),
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

/** Where a function's code is. */
export type FunctionCode = { LocalFolder: string } | { InlineSource: string };

/** `Ref` is the name. */
export function identifyFunction({ scope, logicalId, property }: IdentityContext): Identity {
  const name = property("FunctionName") ?? logicalId;
  const arn = toArn(scope, "lambda", `function:${name}`);
  return { physicalId: name, ref: name, arn, attributes: { Arn: arn } };
}

/** The folder of code that stands in a template as a path. `undefined`, and listed, where it is no local folder. */
export function toCodeFolder(
  context: PlanContext,
  path: string,
  property: string,
  place: Place,
): FunctionCode | undefined {
  if (/^(s3|https?):\/\//.test(path) || /\.(zip|jar)$/i.test(path)) {
    context.skip(`${reasons.zip} ${path} is none.`, property, place);
    return undefined;
  }
  const folder = resolve(context.folder, path);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) {
    throw invalid(
      place,
      `${property} of ${context.definition.logicalId} names ${found === undefined ? "no folder that exists" : "no folder"}: ${folder}.`,
      "Name the folder with the function's code, relative to the template.",
    );
  }
  return { LocalFolder: folder };
}

/** CreateFunction, and what goes with it. `arn` of a dead-letter target is optional. */
export function planFunction(
  context: PlanContext,
  given: FunctionSettings,
  code: FunctionCode,
  deadLetterTargetArn: string | undefined,
): PlannedResource[] {
  const { ReservedConcurrentExecutions: reserved, PackageType: _type, FunctionName: _name, ...members } = given;
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
        Code: code,
        ...(deadLetterTargetArn === undefined ? {} : { DeadLetterConfig: { TargetArn: deadLetterTargetArn } }),
      }),
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
