/**
 * `Auth.UsagePlan` of AWS::Serverless::Api: a plan, a key, and the key in the plan, which SAM makes for the API.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiusageplan.html
 */
import { list, object } from "../../shapes/collections.ts";
import { choice, integer, number, text } from "../../shapes/scalars.ts";
import { optional, required, type Shape } from "../../shapes/shape.ts";
import type { PlannedResource } from "../../template-plan.ts";
import { deterministicId } from "../deterministic-id.ts";
import type { PlanContext } from "../resource-type.ts";
import { restCall } from "./rest-call.ts";

/** See the module's header. */
export interface UsagePlanSettings {
  CreateUsagePlan: "PER_API" | "SHARED" | "NONE";
  UsagePlanName?: string;
  Description?: string;
  Quota?: { Limit?: number; Offset?: number; Period?: "DAY" | "WEEK" | "MONTH" };
  Throttle?: { BurstLimit?: number; RateLimit?: number };
  Tags?: { Key: string; Value: string }[];
}

/** See {@link UsagePlanSettings}. */
export const usagePlan: Shape<UsagePlanSettings> = object({
  CreateUsagePlan: required(choice("PER_API", "SHARED", "NONE")),
  UsagePlanName: optional(text("basic")),
  Description: optional(text()),
  Quota: optional(
    object({
      Limit: optional(integer("1000")),
      Offset: optional(integer("0")),
      Period: optional(choice("DAY", "WEEK", "MONTH")),
    }),
  ),
  Throttle: optional(object({ BurstLimit: optional(integer("100")), RateLimit: optional(number("50")) })),
  Tags: optional(list(object({ Key: required(text("team")), Value: required(text("orders")) }))),
});

/** Names of what is made for the API `logicalId`, and their ids. */
export function usagePlanIds(stackName: string, logicalId: string): { planId: string; keyId: string } {
  return {
    planId: deterministicId(6, stackName, `${logicalId}UsagePlan`),
    keyId: deterministicId(10, stackName, `${logicalId}ApiKey`),
  };
}

/** Plans them for a stage of the API. */
export function planUsagePlan(
  context: PlanContext,
  restApiId: string,
  stage: string,
  given: UsagePlanSettings | undefined,
): PlannedResource[] {
  if (given === undefined || given.CreateUsagePlan === "NONE") return [];
  const { logicalId, place } = context.definition;
  if (given.CreateUsagePlan === "SHARED") {
    context.skip("A plan of several APIs is not made: PER_API makes one for this API.", "Auth.UsagePlan");
    return [];
  }
  const { planId: usagePlanId, keyId } = usagePlanIds(context.stackName, logicalId);
  const { Quota: quota, Throttle: throttle } = given;
  const tags = (id: string): Record<string, string> => ({
    ...Object.fromEntries((given.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    "tripline:id": id,
  });
  const resource = (
    suffix: string,
    physicalId: string,
    calls: PlannedResource["calls"],
    removal: PlannedResource["removal"],
  ): PlannedResource => ({
    logicalId: `${logicalId}${suffix}`,
    type: `AWS::ApiGateway::${suffix}`,
    line: place.line,
    physicalId,
    calls,
    removal,
  });
  const apiStage = { op: "remove", path: "/apiStages", value: `${restApiId}:${stage}` };
  return [
    resource(
      "UsagePlan",
      usagePlanId,
      [
        restCall("CreateUsagePlan", {
          name: given.UsagePlanName ?? `${logicalId}UsagePlan`,
          description: given.Description,
          apiStages: [{ apiId: restApiId, stage }],
          throttle:
            throttle === undefined
              ? undefined
              : {
                  ...(throttle.BurstLimit === undefined ? {} : { burstLimit: throttle.BurstLimit }),
                  ...(throttle.RateLimit === undefined ? {} : { rateLimit: throttle.RateLimit }),
                },
          quota:
            quota === undefined ? undefined : { limit: quota.Limit, offset: quota.Offset ?? 0, period: quota.Period },
          tags: tags(usagePlanId),
        }),
      ],
      [
        restCall("UpdateUsagePlan", { usagePlanId, patchOperations: [apiStage] }),
        restCall("DeleteUsagePlan", { usagePlanId }),
      ],
    ),
    resource(
      "ApiKey",
      keyId,
      [restCall("CreateApiKey", { name: `${logicalId}ApiKey`, enabled: true, tags: tags(keyId) })],
      [restCall("DeleteApiKey", { apiKey: keyId })],
    ),
    resource(
      "UsagePlanKey",
      `${keyId}:${usagePlanId}`,
      [restCall("CreateUsagePlanKey", { usagePlanId, keyId, keyType: "API_KEY" })],
      [restCall("DeleteUsagePlanKey", { usagePlanId, keyId })],
    ),
  ];
}
