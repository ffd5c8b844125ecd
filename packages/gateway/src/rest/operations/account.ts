/** GetAccount, UpdateAccount, TagResource, UntagResource, GetTags. https://docs.aws.amazon.com/apigateway/latest/api/API_Account.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, notFound } from "../../errors.ts";
import { type GatewayHouse, idTag } from "../../house.ts";
import { gatewayLimits } from "../../limits.ts";
import type { AccountSettings } from "../definition/account-store.ts";
import { applyPatch, type PatchOperation, setMember } from "../patch/patch-operations.ts";
import { page, type PageInput, pageMembers } from "../../page.ts";
import { restOperation } from "./rest-operation.ts";

type Tags = Readonly<Record<string, string>>;

/** The operations of the account, and of tags. */
export function accountOperations(house: GatewayHouse): Operation[] {
  const { account } = house;
  const settings = (): AccountSettings => account.account.get("account") ?? { features: ["UsagePlans"] };
  return [
    restOperation<Record<string, never>>("GetAccount", [], async () => toWireAccount(settings())),
    restOperation<{ patchOperations?: PatchOperation[] }>(
      "UpdateAccount",
      ["patchOperations"],
      async ({ patchOperations }) => {
        const next = { ...settings() };
        applyPatch("updateAccountInput", patchOperations, [
          {
            path: "/cloudwatchRoleArn",
            ops: {
              replace: ({ value }) => {
                setMember(next, "cloudwatchRoleArn", value === "" ? undefined : value);
              },
            },
          },
          {
            path: "/features",
            ops: {
              add: ({ value }) => {
                if (value !== "UsagePlans") throw badRequest(`Invalid feature specified: ${value ?? ""}`);
              },
              remove: ({ value }) => {
                throw badRequest(
                  value === "UsagePlans"
                    ? "The UsagePlans feature cannot be removed"
                    : `Invalid feature specified: ${value ?? ""}`,
                );
              },
            },
          },
        ]);
        await account.put("account", "account", next);
        return toWireAccount(next);
      },
    ),
    restOperation<{ resourceArn: string; tags: Record<string, string> }>(
      "TagResource",
      ["resourceArn", "tags"],
      async ({ resourceArn, tags }) => {
        const found = taggedOf(house, resourceArn);
        await found.save({ ...found.tags, ...tags });
        return {};
      },
    ),
    restOperation<{ resourceArn: string; tagKeys: string[] }>(
      "UntagResource",
      ["resourceArn", "tagKeys"],
      async ({ resourceArn, tagKeys }) => {
        const found = taggedOf(house, resourceArn);
        await found.save(
          Object.fromEntries(Object.entries(found.tags).filter(([key]) => key === idTag || !tagKeys.includes(key))),
        );
        return {};
      },
    ),
    restOperation<{ resourceArn: string } & PageInput>(
      "GetTags",
      ["resourceArn", ...pageMembers],
      async ({ resourceArn, ...which }) => {
        const { tags } = taggedOf(house, resourceArn);
        const { items, position } = page(
          Object.entries(tags).filter(([key]) => key !== idTag),
          which,
        );
        return { tags: Object.fromEntries(items), ...(position === undefined ? {} : { position }) };
      },
    ),
  ];
}

function toWireAccount(settings: AccountSettings): object {
  const { cloudwatchRoleArn, features } = settings;
  return {
    ...(cloudwatchRoleArn === undefined ? {} : { cloudwatchRoleArn }),
    throttleSettings: { burstLimit: gatewayLimits.accountBurst, rateLimit: gatewayLimits.accountRatePerSecond },
    features,
    apiKeyVersion: "4",
  };
}

/** What `arn:aws:apigateway:us-east-1::/restapis/abc` names, or a stage, a key or a usage plan likewise. */
function taggedOf({ rest, account }: GatewayHouse, arn: string): { tags: Tags; save(tags: Tags): Promise<unknown> } {
  const path = /^arn:[^:]+:apigateway:[^:]*::\/(.+)$/.exec(arn)?.[1];
  if (path === undefined) throw badRequest("Invalid ARN specified in the request");
  const [noun = "", id = "", part, name = ""] = path.split("/");
  const api = noun === "restapis" ? rest.get(id) : undefined;
  if (api !== undefined && part === undefined)
    return { tags: api.settings.tags, save: (tags) => rest.putSettings({ ...api.settings, tags }) };
  const stage = part === "stages" ? api?.stages.get(name) : undefined;
  if (api !== undefined && stage !== undefined)
    return { tags: stage.tags, save: (tags) => rest.put(api, "stages", name, { ...stage, tags }) };
  const key = noun === "apikeys" ? account.keys.get(id) : undefined;
  if (key !== undefined) return { tags: key.tags, save: (tags) => account.put("keys", id, { ...key, tags }) };
  const plan = noun === "usageplans" ? account.plans.get(id) : undefined;
  if (plan !== undefined) return { tags: plan.tags, save: (tags) => account.put("plans", id, { ...plan, tags }) };
  throw notFound("Invalid resource ARN specified: there is no such resource");
}
