/**
 * Throttles of HTTP APIs. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 *
 * 1. What the stage says of the route outranks what it says of all; each member by itself.
 * 2. Every route has a bucket of its own; then comes the account's, which all APIs share.
 */
import { gatewayLimits } from "../limits.ts";
import type { HttpStage } from "./http-api.ts";
import type { HttpServing } from "./serve-http-api.ts";

/** Takes a token; whether there was none. */
export function isThrottled(
  { buckets, clock }: Pick<HttpServing, "buckets" | "clock">,
  apiId: string,
  stageName: string,
  { defaultRouteSettings, routeSettings }: Pick<HttpStage, "defaultRouteSettings" | "routeSettings">,
  routeKey: string,
): boolean {
  const nowMs = clock.now();
  const own = routeSettings[routeKey];
  const rate = own?.ThrottlingRateLimit ?? defaultRouteSettings?.ThrottlingRateLimit;
  const burst = own?.ThrottlingBurstLimit ?? defaultRouteSettings?.ThrottlingBurstLimit;
  if (rate !== undefined || burst !== undefined) {
    const limit = {
      ratePerSecond: rate ?? gatewayLimits.accountRatePerSecond,
      burst: burst ?? gatewayLimits.accountBurst,
    };
    if (!buckets.take(`http/${apiId}/${stageName}/${routeKey}`, limit, nowMs)) return true;
  }
  const account = { ratePerSecond: gatewayLimits.accountRatePerSecond, burst: gatewayLimits.accountBurst };
  return !buckets.take("account", account, nowMs);
}
