/**
 * Response caching. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 *
 * 1. A stage with a cache caches GET where every method is said to be cached, and any method that is said to be by itself.
 * 2. The key is the integration's namespace and the parameters that it names; others do not tell answers apart.
 * 3. `Cache-Control: max-age=0` or `no-cache` makes the answer anew, where the caller may: the authorizer's policy allows
 *    `execute-api:InvalidateCache`, or the method does not ask. A caller who may not gets what the method's strategy says.
 * 4. Only answers of 2xx up to 1 MiB are kept.
 */
import { evaluatePolicy } from "@tripline/kernel";
import { gatewayLimits } from "../../../limits.ts";
import { requestSource } from "../../mapping/parameter-mapping.ts";
import { definitionOf, type Link, methodOfExchange, type RestAnswer, type RestExchange } from "../exchange.ts";
import { failures } from "../gateway-failure.ts";
import { methodSettingOf } from "../method-setting.ts";
import { headerIn } from "../request-maps.ts";
import { policyRequest } from "./resource-policy.ts";

const ignored = "199 Cache-control headers were ignored because the caller was unauthorized.";

/** See the module's header. */
export const serveFromCache: Link = (exchange) => {
  const { stage, serving, isTest, isCanary } = exchange;
  const setting = methodSettingOf(exchange);
  if (isTest || !stage.cacheClusterEnabled || setting?.cachingEnabled !== true) return undefined;
  if (isCanary === true && stage.canarySettings?.useStageCache !== true) return undefined;
  const isOwn = setting !== stage.methodSettings["*/*"];
  if (!isOwn && exchange.request.method !== "GET") return undefined; // 1
  const key = cacheKey(exchange);
  exchange.cacheAs = { key, ttlMs: setting.cacheTtlInSeconds * 1000 };
  if (asksForNew(exchange)) {
    if (!setting.requireAuthorizationForCacheControl || mayInvalidate(exchange)) return undefined; // 3
    const strategy = setting.unauthorizedCacheControlHeaderStrategy;
    if (strategy === "FAIL_WITH_403") throw failures.cacheInvalidationDenied();
    if (strategy === "SUCCEED_WITH_RESPONSE_HEADER") exchange.addedHeaders.push("Warning", ignored);
  }
  const known = serving.responses.get<RestAnswer>(scopeOf(exchange), key, serving.clock.now());
  if (known === undefined) return undefined;
  delete exchange.cacheAs;
  exchange.log.step(() => "Using cached response");
  return { ...known, headers: [...known.headers] };
};

/** 4 */
export function keepInCache(exchange: RestExchange, answer: RestAnswer): void {
  const { cacheAs, serving } = exchange;
  if (cacheAs === undefined || cacheAs.ttlMs === 0 || answer.status < 200 || answer.status > 299) return;
  if (answer.body.length > gatewayLimits.cachedBytesMax) return;
  serving.responses.put(
    scopeOf(exchange),
    cacheAs.key,
    { ...answer, headers: [...answer.headers] },
    serving.clock.now() + cacheAs.ttlMs,
  );
}

function scopeOf({ deployment, stage }: RestExchange): string {
  return `${deployment.definition.settings.id}/${stage.stageName}`;
}

/** 2 */
function cacheKey(exchange: RestExchange): string {
  const { integration } = methodOfExchange(exchange);
  const parameters = integration.cacheKeyParameters.map((name) => [
    name,
    requestSource(exchange, name.startsWith("integration.") ? (integration.requestParameters?.[name] ?? "") : name) ??
      null,
  ]);
  return JSON.stringify([integration.cacheNamespace, definitionOf(exchange).httpMethod, parameters]);
}

function asksForNew({ headers }: RestExchange): boolean {
  return /\b(?:max-age=0|no-cache)\b/.test(headerIn(headers.single, "cache-control") ?? "");
}

function mayInvalidate(exchange: RestExchange): boolean {
  const policy = exchange.authorizer?.policy;
  return (
    policy !== undefined && evaluatePolicy(policy, policyRequest(exchange, "execute-api:InvalidateCache")) === "allow"
  );
}
