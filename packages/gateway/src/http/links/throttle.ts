/**
 * Throttles of HTTP APIs. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 *
 * 1. What the stage says of the route outranks what it says of all; each member by itself.
 * 2. Every route has a bucket of its own; then comes the account's, which all APIs share.
 */
import { gatewayLimits } from "../../limits.ts";
import { type HttpExchange, routeOf } from "../http-exchange.ts";
import { httpFailures } from "../http-failure.ts";

/** Takes a token; throws where there is none. */
export function throttleRoute(exchange: HttpExchange): undefined {
  const { serving, apiId, request, stage } = exchange;
  const { buckets, clock } = serving;
  const { routeKey } = routeOf(exchange);
  const nowMs = clock.now();
  const own = stage.routeSettings[routeKey];
  const rate = own?.ThrottlingRateLimit ?? stage.defaultRouteSettings?.ThrottlingRateLimit;
  const burst = own?.ThrottlingBurstLimit ?? stage.defaultRouteSettings?.ThrottlingBurstLimit;
  if (rate !== undefined || burst !== undefined) {
    const limit = {
      ratePerSecond: rate ?? gatewayLimits.accountRatePerSecond,
      burst: burst ?? gatewayLimits.accountBurst,
    };
    if (!buckets.take(`http/${apiId}/${request.stage}/${routeKey}`, limit, nowMs)) throw httpFailures.throttled();
  }
  const account = { ratePerSecond: gatewayLimits.accountRatePerSecond, burst: gatewayLimits.accountBurst };
  if (!buckets.take("account", account, nowMs)) throw httpFailures.throttled();
}
