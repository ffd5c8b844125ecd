/** CreateUsagePlan, GetUsagePlan(s), UpdateUsagePlan, DeleteUsagePlan, GetUsage, UpdateUsage. https://docs.aws.amazon.com/apigateway/latest/api/API_UsagePlan.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, notFound } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import type { QuotaSettings, ThrottleSettings, UsagePlan } from "../definition/account-store.ts";
import { daysBetween, periodStartMs, remainingOf, toDay } from "../definition/usage-period.ts";
import { applyPatch, type PatchOperation, setMember, withEntry } from "../patch/patch-operations.ts";
import { page, type PageInput, pageMembers } from "../../page.ts";
import { restOperation } from "./rest-operation.ts";
import { usagePlanOf } from "./usage-plan-keys.ts";

/** Input of CreateUsagePlan. */
export interface CreateUsagePlanInput {
  name: string;
  description?: string;
  apiStages?: { apiId?: string; stage?: string; throttle?: Record<string, ThrottleSettings> }[];
  throttle?: ThrottleSettings;
  quota?: Partial<QuotaSettings>;
  tags?: Record<string, string>;
}

/** The operations of usage plans. */
export function usagePlanOperations(house: GatewayHouse): Operation[] {
  const { account, clock } = house;
  return [
    restOperation<CreateUsagePlanInput>(
      "CreateUsagePlan",
      ["name", "description", "apiStages", "throttle", "quota", "tags"],
      async (input, context) => {
        const plan = toPlan(house, input, context.upsert === true);
        await account.put("plans", plan.id, plan);
        return toWirePlan(plan, false);
      },
    ),
    restOperation<{ usagePlanId: string }>("GetUsagePlan", ["usagePlanId"], async ({ usagePlanId }) =>
      toWirePlan(usagePlanOf(house, usagePlanId), true),
    ),
    restOperation<{ keyId?: string } & PageInput>(
      "GetUsagePlans",
      ["keyId", ...pageMembers],
      async ({ keyId, ...which }) =>
        page(
          [...account.plans.values()]
            .filter((plan) => keyId === undefined || plan.keyIds.includes(keyId))
            .map((plan) => toWirePlan(plan, false)),
          which,
        ),
    ),
    restOperation<{ usagePlanId: string; patchOperations?: PatchOperation[] }>(
      "UpdateUsagePlan",
      ["usagePlanId", "patchOperations"],
      async ({ usagePlanId, patchOperations }) => {
        const next = patchPlan(house, usagePlanOf(house, usagePlanId), patchOperations);
        await account.put("plans", next.id, next);
        return toWirePlan(next, true);
      },
    ),
    restOperation<{ usagePlanId: string }>("DeleteUsagePlan", ["usagePlanId"], async ({ usagePlanId }) => {
      const plan = usagePlanOf(house, usagePlanId);
      if (plan.apiStages.length > 0)
        throw badRequest(`Cannot delete usage plan ${plan.id}, because API stages are associated with it`);
      await account.remove("plans", plan.id);
      return {};
    }),
    restOperation<{ usagePlanId: string; keyId?: string; startDate: string; endDate: string } & PageInput>(
      "GetUsage",
      ["usagePlanId", "keyId", "startDate", "endDate", ...pageMembers],
      async ({ usagePlanId, keyId, startDate, endDate, ...which }) => {
        const plan = usagePlanOf(house, usagePlanId);
        for (const date of [startDate, endDate])
          if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(date)))
            throw badRequest(`Invalid date specified: ${date}. Dates are yyyy-MM-dd`);
        if (daysBetween(startDate, endDate).length > 90)
          throw badRequest("The date range cannot be longer than 90 days");
        const ids = plan.keyIds.filter((id) => keyId === undefined || id === keyId);
        const { items, position } = page(ids, which);
        return {
          usagePlanId,
          startDate,
          endDate,
          items: Object.fromEntries(items.map((id) => [id, usageOf(house, plan, id, startDate, endDate)])),
          ...(position === undefined ? {} : { position }),
        };
      },
    ),
    restOperation<{ usagePlanId: string; keyId: string; patchOperations?: PatchOperation[] }>(
      "UpdateUsage",
      ["usagePlanId", "keyId", "patchOperations"],
      async ({ usagePlanId, keyId, patchOperations }) => {
        const plan = usagePlanOf(house, usagePlanId);
        if (!plan.keyIds.includes(keyId)) throw notFound("Invalid Usage Plan Key ID specified");
        const { quota } = plan;
        if (quota === undefined) throw badRequest("The usage plan has no quota");
        const id = `${usagePlanId}/${keyId}`;
        const nowMs = clock.now();
        applyPatch("updateUsageInput", patchOperations, [
          {
            path: "/remaining",
            ops: {
              replace: ({ value }) => {
                const wanted = Number(value);
                if (value === undefined || !Number.isInteger(wanted) || wanted < 0)
                  throw badRequest(`Invalid remaining quota specified: ${value ?? ""}`);
                const usage = account.usage.get(id) ?? { planId: usagePlanId, keyId, days: {}, granted: {} };
                const start = toDay(periodStartMs(quota.period, nowMs));
                const more = wanted - (remainingOf(plan, usage, nowMs) ?? 0);
                account.usage.set(id, {
                  ...usage,
                  granted: { ...usage.granted, [start]: (usage.granted[start] ?? 0) + more },
                });
              },
            },
          },
        ]);
        const usage = account.usage.get(id);
        if (usage !== undefined) await account.put("usage", id, usage);
        const today = toDay(nowMs);
        return {
          usagePlanId,
          startDate: today,
          endDate: today,
          items: { [keyId]: usageOf(house, plan, keyId, today, today) },
        };
      },
    ),
  ];
}

/** Of each day what was used, and what was left then. */
function usageOf({ account }: GatewayHouse, plan: UsagePlan, keyId: string, from: string, to: string): number[][] {
  const usage = account.usage.get(`${plan.id}/${keyId}`);
  return daysBetween(from, to).map((atMs) => [usage?.days[toDay(atMs)] ?? 0, remainingOf(plan, usage, atMs) ?? 0]);
}

function toPlan(house: GatewayHouse, input: CreateUsagePlanInput, upsert: boolean): UsagePlan {
  const chosen = input.tags?.["tripline:id"];
  const known = upsert && chosen !== undefined ? house.account.plans.get(chosen) : undefined;
  if (input.name === "") throw badRequest("Usage plan name cannot be empty");
  const plan: UsagePlan = {
    id: chosen ?? newId(house.rng, 6),
    name: input.name,
    apiStages: (input.apiStages ?? []).map(({ apiId = "", stage = "", throttle }) => ({
      apiId,
      stage,
      ...(throttle === undefined ? {} : { throttle }),
    })),
    tags: input.tags ?? {},
    createdAtMs: known?.createdAtMs ?? house.clock.now(),
    keyIds: known?.keyIds ?? [],
  };
  for (const { apiId, stage } of plan.apiStages) checkApiStage(house, plan.id, apiId, stage);
  setMember(plan, "description", input.description);
  setMember(plan, "throttle", input.throttle);
  if (input.quota !== undefined) plan.quota = toQuota(input.quota);
  checkThrottles(plan);
  return plan;
}

function toQuota({ limit, offset = 0, period }: Partial<QuotaSettings>): QuotaSettings {
  if (limit === undefined || limit < 0) throw badRequest("Usage Plan quota limit cannot be negative");
  if (period === undefined || !["DAY", "WEEK", "MONTH"].includes(period))
    throw badRequest("Usage Plan quota period must be one of: [DAY, WEEK, MONTH]");
  if (offset < 0 || (period === "DAY" && offset !== 0))
    throw badRequest(`Usage Plan quota offset must be zero in the ${period} period`);
  return { limit, offset, period };
}

function checkThrottles({ throttle, apiStages }: UsagePlan): void {
  for (const one of [throttle, ...apiStages.flatMap((stage) => Object.values(stage.throttle ?? {}))])
    if (!((one?.burstLimit ?? 0) >= 0) || !((one?.rateLimit ?? 0) >= 0))
      throw badRequest("Usage Plan throttle limits cannot be negative");
}

function checkApiStage({ rest }: GatewayHouse, planId: string, apiId: string, stage: string): void {
  if (rest.get(apiId)?.stages.has(stage) !== true)
    throw notFound(`Invalid API Stage {api: ${apiId}, stage: ${stage}} specified for usageplan ${planId}`);
}

function patchPlan(house: GatewayHouse, plan: UsagePlan, operations: PatchOperation[] | undefined): UsagePlan {
  const next = { ...plan };
  const parts = (value = ""): [string, string] => {
    const [apiId = "", stage = "", more] = value.split(":");
    if (apiId === "" || stage === "" || more !== undefined) throw badRequest("Invalid API Stage specified");
    return [apiId, stage];
  };
  const throttle = (member: keyof ThrottleSettings) => {
    const set = ({ value }: PatchOperation): void => {
      next.throttle = { ...next.throttle, [member]: Number(value) };
    };
    return { path: `/throttle/${member}`, ops: { add: set, replace: set } };
  };
  const quota = { ...plan.quota } as Partial<QuotaSettings>;
  let hasQuota = plan.quota !== undefined;
  const quotaMember = (member: "limit" | "offset" | "period") => {
    const set = ({ value = "" }: PatchOperation): void => {
      hasQuota = true;
      Object.assign(quota, { [member]: member === "period" ? value : Number(value) });
    };
    return { path: `/quota/${member}`, ops: { add: set, replace: set } };
  };
  type Throttles = Readonly<Record<string, ThrottleSettings>> | undefined;
  const editStage = (stageKey: string, edit: (known: Throttles) => Throttles): void => {
    const [apiId, stage] = parts(stageKey);
    next.apiStages = next.apiStages.map((one) => {
      if (one.apiId !== apiId || one.stage !== stage) return one;
      const { throttle: known, ...rest } = one;
      const throttles = edit(known);
      return throttles === undefined ? rest : { ...rest, throttle: throttles };
    });
  };
  const methodThrottle = (member: keyof ThrottleSettings) => {
    const set = ({ value }: PatchOperation, [stageKey = "", method = ""]: string[]): void => {
      const key = toMethodKey(method);
      editStage(stageKey, (known) => ({ ...known, [key]: { ...known?.[key], [member]: Number(value) } }));
    };
    return { path: `/apiStages/{apiStage}/throttle/{method+}/${member}`, ops: { add: set, replace: set } };
  };
  const setThrottles = ({ value = "" }: PatchOperation, [stageKey = ""]: string[]): void => {
    editStage(stageKey, () => parseThrottles(value));
  };
  applyPatch("updateUsagePlanInput", operations, [
    {
      path: "/name",
      ops: {
        replace: ({ value = "" }) => {
          next.name = value;
        },
      },
    },
    {
      path: "/description",
      ops: {
        replace: ({ value }) => {
          setMember(next, "description", value);
        },
      },
    },
    {
      path: "/productCode",
      ops: {
        add: ({ value }) => {
          setMember(next, "productCode", value);
        },
        replace: ({ value }) => {
          setMember(next, "productCode", value);
        },
        remove: () => {
          delete next.productCode;
        },
      },
    },
    {
      path: "/apiStages",
      ops: {
        add: ({ value }) => {
          const [apiId, stage] = parts(value);
          checkApiStage(house, plan.id, apiId, stage);
          if (!next.apiStages.some((one) => one.apiId === apiId && one.stage === stage))
            next.apiStages = [...next.apiStages, { apiId, stage }];
        },
        remove: ({ value }) => {
          const [apiId, stage] = parts(value);
          checkApiStage(house, plan.id, apiId, stage);
          next.apiStages = next.apiStages.filter((one) => one.apiId !== apiId || one.stage !== stage);
        },
      },
    },
    {
      path: "/throttle",
      ops: {
        remove: () => {
          delete next.throttle;
        },
      },
    },
    throttle("rateLimit"),
    throttle("burstLimit"),
    {
      path: "/quota",
      ops: {
        remove: () => {
          hasQuota = false;
        },
      },
    },
    quotaMember("limit"),
    quotaMember("offset"),
    quotaMember("period"),
    methodThrottle("rateLimit"),
    methodThrottle("burstLimit"),
    {
      path: "/apiStages/{apiStage}/throttle",
      ops: {
        add: setThrottles,
        replace: setThrottles,
        remove: (_one, [stageKey = ""]) => {
          editStage(stageKey, () => undefined);
        },
      },
    },
    {
      path: "/apiStages/{apiStage}/throttle/{method+}",
      ops: {
        remove: (_one, [stageKey = "", method = ""]) => {
          editStage(stageKey, (known) => withEntry(known, toMethodKey(method), undefined));
        },
      },
    },
  ]);
  setMember(next, "quota", hasQuota ? toQuota(quota) : undefined);
  checkThrottles(next);
  return next;
}

/** `/pets/GET`: the path may come escaped or as it is, with its slash or without. */
function toMethodKey(method: string): string {
  return method.startsWith("/") ? method : `/${method}`;
}

/** `{"/pets/GET":{"rateLimit":5,"burstLimit":10}}`. Throws BadRequestException for another text. */
function parseThrottles(text: string): Record<string, ThrottleSettings> {
  const wrong = badRequest("Invalid method throttle settings specified");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong;
  return Object.fromEntries(
    Object.entries(value as Record<string, ThrottleSettings | null>).map(([method, limits]) => {
      const { rateLimit, burstLimit, ...others } = limits ?? {};
      if (Object.keys(others).length > 0) throw wrong;
      for (const limit of [rateLimit, burstLimit]) if (!["number", "undefined"].includes(typeof limit)) throw wrong;
      return [toMethodKey(method), { ...limits }];
    }),
  );
}

function toWirePlan(plan: UsagePlan, withTags: boolean): object {
  const { tags, keyIds: _keys, createdAtMs: _made, ...rest } = plan;
  const shown = Object.fromEntries(Object.entries(tags).filter(([name]) => name !== "tripline:id"));
  return { ...rest, ...(withTags || Object.keys(shown).length > 0 ? { tags: shown } : {}) };
}
