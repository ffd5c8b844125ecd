/** CreateUsagePlanKey, GetUsagePlanKey(s), DeleteUsagePlanKey. https://docs.aws.amazon.com/apigateway/latest/api/API_UsagePlanKey.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, notFound } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import type { ApiKey, UsagePlan } from "../definition/account-store.ts";
import { page, type PageInput, pageMembers } from "../../page.ts";
import { restOperation } from "./rest-operation.ts";

/** The operations of keys of usage plans. */
export function usagePlanKeyOperations(house: GatewayHouse): Operation[] {
  const { account } = house;
  const keyOf = (usagePlanId: string, keyId: string): { plan: UsagePlan; key: ApiKey } => {
    const plan = usagePlanOf(house, usagePlanId);
    const key = plan.keyIds.includes(keyId) ? account.keys.get(keyId) : undefined;
    if (key === undefined) throw notFound("Invalid Usage Plan Key ID specified");
    return { plan, key };
  };
  return [
    restOperation<{ usagePlanId: string; keyId: string; keyType: string }>(
      "CreateUsagePlanKey",
      ["usagePlanId", "keyId", "keyType"],
      async ({ usagePlanId, keyId, keyType }, context) => {
        if (keyType !== "API_KEY") throw badRequest("Invalid key type specified: API_KEY is the only one");
        return toWireKey(await addKeyToPlan(house, usagePlanId, keyId, context.upsert === true));
      },
    ),
    restOperation<{ usagePlanId: string; keyId: string }>(
      "GetUsagePlanKey",
      ["usagePlanId", "keyId"],
      async ({ usagePlanId, keyId }) => toWireKey(keyOf(usagePlanId, keyId).key),
    ),
    restOperation<{ usagePlanId: string; nameQuery?: string } & PageInput>(
      "GetUsagePlanKeys",
      ["usagePlanId", "nameQuery", ...pageMembers],
      async ({ usagePlanId, nameQuery = "", ...which }) => {
        const keys = usagePlanOf(house, usagePlanId).keyIds.flatMap((id) => account.keys.get(id) ?? []);
        return page(keys.filter((key) => (key.name ?? "").startsWith(nameQuery)).map(toWireKey), which);
      },
    ),
    restOperation<{ usagePlanId: string; keyId: string }>(
      "DeleteUsagePlanKey",
      ["usagePlanId", "keyId"],
      async ({ usagePlanId, keyId }) => {
        const { plan } = keyOf(usagePlanId, keyId);
        await account.put("plans", plan.id, { ...plan, keyIds: plan.keyIds.filter((one) => one !== keyId) });
        return {};
      },
    ),
  ];
}

/** `Invalid Usage Plan ID specified` */
export function usagePlanOf({ account }: GatewayHouse, id: string): UsagePlan {
  const plan = account.plans.get(id);
  if (plan === undefined) throw notFound("Invalid Usage Plan ID specified");
  return plan;
}

/** A key may be in one plan only of each stage. */
export async function addKeyToPlan(
  house: GatewayHouse,
  planId: string,
  keyId: string,
  upsert = false,
): Promise<ApiKey> {
  const plan = usagePlanOf(house, planId);
  const key = house.account.keys.get(keyId);
  if (key === undefined) throw notFound("Invalid API Key identifier specified");
  if (plan.keyIds.includes(keyId)) {
    if (upsert) return key;
    throw conflict("Usage Plan Key already exists");
  }
  for (const other of house.account.plans.values()) {
    if (other.id === planId || !other.keyIds.includes(keyId)) continue;
    const shared = other.apiStages.find((one) =>
      plan.apiStages.some((own) => own.apiId === one.apiId && own.stage === one.stage),
    );
    if (shared !== undefined)
      throw badRequest(
        `API Key ${keyId} cannot be in more than one usage plan of the stage ${shared.apiId}:${shared.stage}`,
      );
  }
  await house.account.put("plans", plan.id, { ...plan, keyIds: [...plan.keyIds, keyId] });
  return key;
}

function toWireKey({ id, value, name }: ApiKey): object {
  return { id, type: "API_KEY", value, ...(name === undefined ? {} : { name }) };
}
