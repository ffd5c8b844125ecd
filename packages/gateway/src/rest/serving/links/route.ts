/**
 * Finds resource and method.
 *
 * 1. A trailing slash does not count for matching.
 * 2. The method's own verb outranks `ANY`; there is no implicit HEAD. A resource without the method is as if it were not there: a `{proxy+}` beside it may have one.
 * 3. What is not found is 403, never 404 or 405; with an `Authorization` that is no signature AWS reads that one first.
 */
import { createHash } from "node:crypto";
import { headerOf } from "../../../gateway-request.ts";
import { gatewayLimits } from "../../../limits.ts";
import type { CompiledMethod, CompiledResource } from "../compile-deployment.ts";
import type { Link, RestExchange } from "../exchange.ts";
import { failures } from "../gateway-failure.ts";

/** See the module's header. */
export const route: Link = (exchange) => {
  const { request, deployment, isTest } = exchange;
  if (isTest) return undefined;
  if (deployment.definition.settings.disableExecuteApiEndpoint) throw failures.disabledEndpoint();
  // A link's double slash after the stage is one (recorded), those further in are not.
  const collapsed = request.path.replace(/^\/{2,}/, "/");
  const path = collapsed.length > 1 && collapsed.endsWith("/") ? collapsed.slice(0, -1) : collapsed; // 1
  const match = deployment.routes.find(path, (candidates) =>
    candidates.find((one) => methodFor(one, request.method) !== undefined),
  );
  const method = match === undefined ? undefined : methodFor(match.route, request.method);
  if (match === undefined || method === undefined) throw noRoute(exchange); // 3
  exchange.resource = match.route;
  exchange.method = method;
  exchange.pathParameters = Object.fromEntries(
    match.route.names.map((name, index) => [name, match.values[index] ?? ""]),
  );
  if (Buffer.byteLength(methodArn(exchange)) > gatewayLimits.authorizedArnBytesMax) throw failures.uriTooLong();
  return undefined;
};

/** 2 */
export function methodFor(resource: CompiledResource, verb: string): CompiledMethod | undefined {
  return resource.methods.get(verb) ?? resource.methods.get("ANY");
}

function noRoute({ request }: RestExchange): Error {
  const authorization = headerOf(request.request, "authorization");
  if (authorization === undefined || authorization.startsWith("AWS4-")) return failures.noRoute();
  return failures.badAuthorization(createHash("sha256").update(authorization).digest("base64"));
}

/** `arn:aws:execute-api:us-east-1:000000000000:abc/dev/GET/orders/7`: what is asked for, not the resource's own path. */
export function methodArn({ serving, deployment, request }: RestExchange): string {
  const { region, accountId } = serving.scope;
  const { id } = deployment.definition.settings;
  return `arn:aws:execute-api:${region}:${accountId}:${id}/${request.stage}/${request.method}${request.path}`;
}
