/**
 * The API's own policy. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 *
 * 1. An explicit Deny ends the request before an authorizer is asked.
 * 2. Without an authorizer the policy must allow the caller; with a Lambda authorizer either one's Allow will do, the authorizer's own Deny
 *    aside; with a user pool the policy must allow it as well.
 */
import { evaluatePolicy, PolicyError, type PolicyRequest } from "@tripline/kernel";
import { requestConditions } from "../../../policy/request-conditions.ts";
import { definitionOf, type Link, type RestExchange } from "../exchange.ts";
import { failures } from "../gateway-failure.ts";
import { methodArn } from "./route.ts";

/** See the module's header. */
export const checkResourcePolicy: Link = (exchange) => {
  const { policy } = exchange.deployment.definition.settings;
  if (policy === undefined || exchange.isTest) return undefined;
  const decision = decide(policy, exchange);
  const arn = methodArn(exchange);
  if (decision === "explicit-deny") throw failures.policyDenied(arn, true); // 1
  if (decision === "allow") exchange.isAllowedByPolicy = true;
  else if (definitionOf(exchange).authorizationType !== "CUSTOM") throw failures.policyDenied(arn, false); // 2
  return undefined;
};

function decide(policy: string, exchange: RestExchange): ReturnType<typeof evaluatePolicy> {
  const { deployment } = exchange;
  const { id } = deployment.definition.settings;
  const { region, accountId } = exchange.serving.scope;
  // AWS writes out `execute-api:/stage/GET/path` when a policy is saved.
  const text = policy.replaceAll('"execute-api:/', `"arn:aws:execute-api:${region}:${accountId}:${id}/`);
  try {
    return evaluatePolicy(JSON.parse(text), policyRequest(exchange, "execute-api:Invoke"));
  } catch (error) {
    if (error instanceof PolicyError) throw failures.configuration(error.message);
    throw error;
  }
}

/** What a policy is asked about this request. */
export function policyRequest(exchange: RestExchange, action: string): PolicyRequest {
  return {
    action,
    resource: methodArn(exchange),
    conditions: requestConditions(exchange.request, exchange.serving.clock.now()),
  };
}
