/**
 * API keys and usage plans. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 *
 * 1. The key is `x-api-key`, or what the authorizer said where that is the API's source of keys.
 * 2. A key counts where it is enabled, and in a plan of this API and stage (or, the older way, named for the stage itself).
 * 3. The plan's limits for the method, then its own, then its quota. Only what gets past the throttles is counted.
 */
import type { ApiKey, ThrottleSettings, Usage, UsagePlan } from "../../definition/account-store.ts";
import { remainingOf, toDay } from "../../definition/usage-period.ts";
import { definitionOf, type Link, type RestExchange } from "../exchange.ts";
import { failures } from "../gateway-failure.ts";
import { headerIn } from "../request-maps.ts";

/** See the module's header. */
export const checkApiKey: Link = async (exchange) => {
  const { apiKeyRequired, httpMethod } = definitionOf(exchange);
  const { log, stage, requestId, resource, isTest } = exchange;
  const apiStage = `${exchange.deployment.definition.settings.id}/${stage.stageName}`;
  if (isTest) return undefined;
  if (!apiKeyRequired) {
    log.step(() => `Verifying Usage Plan for request: ${requestId}. API Key:  API Stage: ${apiStage}`);
    log.step(
      () =>
        `API Key  authorized because method '${httpMethod} ${resource?.path ?? ""}' does not require API Key. Request will not contribute to throttle or quota limits`,
    );
    log.step(() => `Usage Plan check succeeded for API Key  and API Stage ${apiStage}`);
    return undefined;
  }
  const value = keyOf(exchange);
  log.step(() => `Verifying Usage Plan for request: ${requestId}. API Key: ${mask(value)} API Stage: ${apiStage}`);
  const key = value === undefined ? undefined : exchange.serving.account.keyByValue(value);
  const plan = key === undefined ? undefined : planOf(exchange, key);
  if (key === undefined || !key.enabled || (plan === undefined && !key.stageKeys.includes(apiStage))) {
    log.error(
      `API Key ${mask(value)} not authorized because method '${httpMethod} ${resource?.path ?? ""}' requires API Key and API Key is not associated with a Usage Plan for API Stage ${apiStage}: No associated Usage Plan`,
    );
    throw failures.forbiddenKey(); // 2
  }
  exchange.apiKey = { id: key.id, value: key.value };
  if (plan !== undefined) await charge(exchange, plan, key);
  log.step(() => `Usage Plan check succeeded for API Key ${mask(value)} and API Stage ${apiStage}`);
  return undefined;
};

/** 1 */
function keyOf({ deployment, authorizer, headers }: RestExchange): string | undefined {
  return deployment.definition.settings.apiKeySource === "AUTHORIZER"
    ? authorizer?.usageIdentifierKey
    : headerIn(headers.single, "x-api-key");
}

function planOf({ serving, deployment, stage }: RestExchange, key: ApiKey): UsagePlan | undefined {
  const { id } = deployment.definition.settings;
  for (const plan of serving.account.plans.values())
    if (plan.keyIds.includes(key.id) && plan.apiStages.some((one) => one.apiId === id && one.stage === stage.stageName))
      return plan;
  return undefined;
}

/** 3 */
async function charge(exchange: RestExchange, plan: UsagePlan, key: ApiKey): Promise<void> {
  const { serving, deployment, stage, resource, log } = exchange;
  const { account, buckets } = serving;
  const nowMs = serving.clock.now();
  const { id } = deployment.definition.settings;
  const limits = plan.apiStages.find((one) => one.apiId === id && one.stage === stage.stageName)?.throttle ?? {};
  const verb = definitionOf(exchange).httpMethod;
  const path = `${resource?.path ?? ""}/${verb}`;
  const ofMethod = limits[path] ?? limits[`${resource?.path ?? ""}/*`];
  const take = (name: string, limit: ThrottleSettings | undefined): boolean =>
    limit === undefined ||
    buckets.take(
      name,
      { ratePerSecond: limit.rateLimit ?? Infinity, burst: limit.burstLimit ?? limit.rateLimit ?? Infinity },
      nowMs,
    );
  const limited = take(`plan/${plan.id}/${key.id}/${id}/${path}`, ofMethod)
    ? take(`plan/${plan.id}/${key.id}`, plan.throttle)
      ? undefined
      : plan.throttle
    : ofMethod;
  if (limited !== undefined) {
    log.error(
      `Key throttle limit exceeded for RestApi ${id}, Stage ${stage.stageName}, Resource ${resource?.definition.id ?? ""}, HttpMethod ${verb}. Limit: ${(limited.rateLimit ?? 0).toFixed(2)} Burst: ${limited.burstLimit ?? 0}`,
    );
    throw failures.throttled();
  }
  const usageId = `${plan.id}/${key.id}`;
  const usage: Usage = account.usage.get(usageId) ?? { planId: plan.id, keyId: key.id, days: {}, granted: {} };
  if ((remainingOf(plan, usage, nowMs) ?? 1) <= 0) {
    log.error(
      `Key quota limit exceeded for RestApi ${id}, Stage ${stage.stageName}, Resource ${resource?.definition.id ?? ""}, HttpMethod ${verb}.`,
    );
    throw failures.quota();
  }
  const day = toDay(nowMs);
  await account.put("usage", usageId, { ...usage, days: { ...usage.days, [day]: (usage.days[day] ?? 0) + 1 } });
}

/** `**********************abc123`: keys are not shown whole. */
export function mask(value: string | undefined): string {
  return value === undefined ? "" : "*".repeat(Math.max(0, value.length - 6)) + value.slice(-6);
}
