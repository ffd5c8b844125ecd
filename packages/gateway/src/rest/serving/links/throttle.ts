/** The stage's throttle of the method, then the account's. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html */
import { gatewayLimits } from "../../../limits.ts";
import { definitionOf, type Link } from "../exchange.ts";
import { failures } from "../gateway-failure.ts";
import { methodSettingOf } from "../method-setting.ts";

/** See the module's header. */
export const throttle: Link = (exchange) => {
  const { serving, deployment, stage, resource, isTest } = exchange;
  if (isTest) return undefined;
  const nowMs = serving.clock.now();
  const setting = methodSettingOf(exchange);
  const key = `stage/${deployment.definition.settings.id}/${stage.stageName}/${resource?.path ?? ""}/${definitionOf(exchange).httpMethod}`;
  const limit = {
    ratePerSecond: setting?.throttlingRateLimit ?? Infinity,
    burst: setting?.throttlingBurstLimit ?? Infinity,
  };
  const account = { ratePerSecond: gatewayLimits.accountRatePerSecond, burst: gatewayLimits.accountBurst };
  if (
    !(setting === undefined || serving.buckets.take(key, limit, nowMs)) ||
    !serving.buckets.take("account", account, nowMs)
  )
    throw failures.throttled();
  return undefined;
};
