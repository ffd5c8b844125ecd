/** What stages have in templates, for AWS::ApiGateway::Stage, the stage of a deployment, and AWS::Serverless::Api. */
import { list, map, object } from "../../shapes/collections.ts";
import { boolean, choice, integer, number, text } from "../../shapes/scalars.ts";
import { type IgnoredProperty, optional, type OptionalTable, type Shape, withoutEffect } from "../../shapes/shape.ts";
import type { PlannedCall } from "../../template-plan.ts";
import { reasons } from "../reasons.ts";
import { restCall } from "./rest-call.ts";

/** Settings of one method, or of all (`/*` and `*`). */
interface MethodSetting {
  ResourcePath?: string;
  HttpMethod?: string;
  CachingEnabled?: boolean;
  CacheDataEncrypted?: boolean;
  CacheTtlInSeconds?: number;
  DataTraceEnabled?: boolean;
  LoggingLevel?: "OFF" | "ERROR" | "INFO";
  ThrottlingBurstLimit?: number;
  ThrottlingRateLimit?: number;
}

/** What is honoured of a stage. */
export interface StageSettings {
  CacheClusterEnabled?: boolean;
  CacheClusterSize?: string;
  Variables?: Record<string, string>;
  MethodSettings?: MethodSetting[];
  AccessLogSetting?: { DestinationArn?: string; Format?: string };
}

type AllMethodsSetting = Omit<MethodSetting, "ResourcePath" | "HttpMethod">;

/** Settings of all methods that stand in a stage itself: in the description of a deployment's stage. */
export const allMethodsSetting: OptionalTable<Required<AllMethodsSetting>> & { MetricsEnabled: IgnoredProperty } = {
  CachingEnabled: optional(boolean()),
  CacheDataEncrypted: optional(boolean()),
  CacheTtlInSeconds: optional(integer("300")),
  DataTraceEnabled: optional(boolean()),
  LoggingLevel: optional(choice("OFF", "ERROR", "INFO")),
  MetricsEnabled: withoutEffect("There are no CloudWatch metrics."),
  ThrottlingBurstLimit: optional(integer("5000")),
  ThrottlingRateLimit: optional(number("10000")),
};

const methodSetting: Shape<MethodSetting> = object({
  ResourcePath: optional(text("/*")),
  HttpMethod: optional(text(`"*"`)),
  ...allMethodsSetting,
});
const accessLog = object({
  DestinationArn: optional(text("!GetAtt Logs.Arn")),
  Format: optional(text("$context.requestId")),
});

/** Properties that all of them share. */
export const stageSettings: OptionalTable<Required<StageSettings>> & { TracingEnabled: IgnoredProperty } = {
  CacheClusterEnabled: optional(boolean()),
  CacheClusterSize: optional(text(`"0.5"`)),
  Variables: optional(map(text())),
  MethodSettings: optional(list(methodSetting)),
  AccessLogSetting: optional(accessLog),
  TracingEnabled: withoutEffect(reasons.tracing),
};

/** The same, with what stands in the stage itself as settings of all methods: those of one method are set after. */
export function withAllMethods(given: StageSettings & AllMethodsSetting): StageSettings {
  return { ...given, MethodSettings: [{ ...given }, ...(given.MethodSettings ?? [])] };
}

/** The call that sets what CreateStage and CreateDeployment do not take; none where there is nothing to set. */
export function planStageSettings(restApiId: string, stageName: string, given: StageSettings): PlannedCall[] {
  const patchOperations: { op: string; path: string; value: string }[] = [];
  const replace = (path: string, value: string | number | boolean | undefined): void => {
    if (value !== undefined) patchOperations.push({ op: "replace", path, value: String(value) });
  };
  for (const setting of given.MethodSettings ?? []) {
    const path = (setting.ResourcePath ?? "/*").replace(/^\/\*$/, "*");
    const prefix = `/${path.startsWith("*") ? "*" : path.replaceAll("/", "~1").replace(/^~1~1/, "~1")}/${setting.HttpMethod ?? "*"}`;
    replace(`${prefix}/caching/enabled`, setting.CachingEnabled);
    replace(`${prefix}/caching/dataEncrypted`, setting.CacheDataEncrypted);
    replace(`${prefix}/caching/ttlInSeconds`, setting.CacheTtlInSeconds);
    replace(`${prefix}/logging/dataTrace`, setting.DataTraceEnabled);
    replace(`${prefix}/logging/loglevel`, setting.LoggingLevel);
    replace(`${prefix}/throttling/burstLimit`, setting.ThrottlingBurstLimit);
    replace(`${prefix}/throttling/rateLimit`, setting.ThrottlingRateLimit);
  }
  replace("/accessLogSettings/destinationArn", given.AccessLogSetting?.DestinationArn);
  replace("/accessLogSettings/format", given.AccessLogSetting?.Format);
  return patchOperations.length === 0 ? [] : [restCall("UpdateStage", { restApiId, stageName, patchOperations })];
}
