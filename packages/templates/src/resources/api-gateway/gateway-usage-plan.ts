/** AWS::ApiGateway::ApiKey, UsagePlan and UsagePlanKey. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-usageplan.html */
import { list, map, object, readProperties } from "../../shapes/collections.ts";
import { boolean, choice, integer, number, text } from "../../shapes/scalars.ts";
import { optional, type PropertyTable, required } from "../../shapes/shape.ts";
import { deterministicId } from "../deterministic-id.ts";
import { type Identity, type IdentityContext, planned, type ResourceType } from "../resource-type.ts";
import { restCall } from "./rest-call.ts";

const tags = optional(list(object({ Key: required(text("team")), Value: required(text("orders")) })));
const toTags = (given: readonly { Key: string; Value: string }[] | undefined, id: string): Record<string, string> => ({
  ...Object.fromEntries((given ?? []).map(({ Key, Value }) => [Key, Value])),
  "tripline:id": id,
});

const keyProperties = {
  Name: optional(text("partner")),
  Description: optional(text()),
  Enabled: optional(boolean()),
  Value: optional(text("0123456789abcdefghij")),
  CustomerId: optional(text()),
  GenerateDistinctId: optional(boolean()),
  StageKeys: optional(list(object({ RestApiId: optional(text("!Ref ShopApi")), StageName: optional(text("Prod")) }))),
  Tags: tags,
} satisfies PropertyTable;

function identifyById(length: number, attribute: string) {
  return ({ stackName, logicalId }: IdentityContext): Identity => {
    const id = deterministicId(length, stackName, logicalId);
    return { physicalId: id, ref: id, attributes: { [attribute]: id } };
  };
}

/** `Ref` is its id. Without a Value it is given one, which it keeps. */
export const gatewayApiKey: ResourceType = {
  type: "AWS::ApiGateway::ApiKey",
  properties: keyProperties,
  identify: identifyById(10, "APIKeyId"),
  plan(context) {
    const given = readProperties(context.definition.properties, keyProperties, "", context.read);
    const id = context.identity.physicalId;
    return [
      planned(context, {
        calls: [
          restCall("CreateApiKey", {
            name: given.Name ?? context.definition.logicalId,
            description: given.Description,
            enabled: given.Enabled,
            value: given.Value,
            customerId: given.CustomerId,
            generateDistinctId: given.GenerateDistinctId,
            stageKeys: given.StageKeys?.map(({ RestApiId: restApiId, StageName: stageName }) => ({
              restApiId,
              stageName,
            })),
            tags: toTags(given.Tags, id),
          }),
        ],
        removal: [restCall("DeleteApiKey", { apiKey: id })],
      }),
    ];
  },
};

const throttle = object({ BurstLimit: optional(integer("100")), RateLimit: optional(number("50")) });
const planProperties = {
  UsagePlanName: optional(text("basic")),
  Description: optional(text()),
  ApiStages: optional(
    list(
      object({
        ApiId: optional(text("!Ref ShopApi")),
        Stage: optional(text("!Ref Prod")),
        Throttle: optional(map(throttle)),
      }),
    ),
  ),
  Throttle: optional(throttle),
  Quota: optional(
    object({
      Limit: optional(integer("1000")),
      Offset: optional(integer("0")),
      Period: optional(choice("DAY", "WEEK", "MONTH")),
    }),
  ),
  Tags: tags,
} satisfies PropertyTable;

const toThrottle = (given: { BurstLimit?: number; RateLimit?: number } | undefined): object | undefined =>
  given === undefined
    ? undefined
    : {
        ...(given.BurstLimit === undefined ? {} : { burstLimit: given.BurstLimit }),
        ...(given.RateLimit === undefined ? {} : { rateLimit: given.RateLimit }),
      };

/** `Ref` is its id. */
export const gatewayUsagePlan: ResourceType = {
  type: "AWS::ApiGateway::UsagePlan",
  properties: planProperties,
  pass: 2,
  identify: identifyById(6, "Id"),
  plan(context) {
    const given = readProperties(context.definition.properties, planProperties, "", context.read);
    const usagePlanId = context.identity.physicalId;
    const apiStages = given.ApiStages?.map(({ ApiId: apiId, Stage: stage, Throttle }) => ({
      apiId,
      stage,
      ...(Throttle === undefined
        ? {}
        : { throttle: Object.fromEntries(Object.entries(Throttle).map(([path, one]) => [path, toThrottle(one)])) }),
    }));
    const { Quota } = given;
    return [
      planned(context, {
        calls: [
          restCall("CreateUsagePlan", {
            name: given.UsagePlanName ?? context.definition.logicalId,
            description: given.Description,
            apiStages,
            throttle: toThrottle(given.Throttle),
            quota:
              Quota === undefined ? undefined : { limit: Quota.Limit, offset: Quota.Offset ?? 0, period: Quota.Period },
            tags: toTags(given.Tags, usagePlanId),
          }),
        ],
        // A plan is deleted once it has no stages.
        removal: [
          ...(apiStages ?? []).map(({ apiId, stage }) =>
            restCall("UpdateUsagePlan", {
              usagePlanId,
              patchOperations: [{ op: "remove", path: "/apiStages", value: `${apiId ?? ""}:${stage ?? ""}` }],
            }),
          ),
          restCall("DeleteUsagePlan", { usagePlanId }),
        ],
      }),
    ];
  },
};

const usagePlanKeyProperties = {
  KeyId: required(text("!Ref Key")),
  KeyType: required(choice("API_KEY")),
  UsagePlanId: required(text("!Ref Plan")),
} satisfies PropertyTable;

/** `Ref` is the key's id and the plan's. */
export const gatewayUsagePlanKey: ResourceType = {
  type: "AWS::ApiGateway::UsagePlanKey",
  properties: usagePlanKeyProperties,
  pass: 2,
  identify({ property }) {
    const id = `${property("KeyId") ?? ""}:${property("UsagePlanId") ?? ""}`;
    return { physicalId: id, ref: id, attributes: { Id: id } };
  },
  plan(context) {
    const {
      KeyId: keyId,
      KeyType: keyType,
      UsagePlanId: usagePlanId,
    } = readProperties(context.definition.properties, usagePlanKeyProperties, "", context.read);
    return [
      planned(context, {
        calls: [restCall("CreateUsagePlanKey", { usagePlanId, keyId, keyType })],
        removal: [restCall("DeleteUsagePlanKey", { usagePlanId, keyId })],
      }),
    ];
  },
};
