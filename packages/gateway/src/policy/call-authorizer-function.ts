import type { InvokeResult, RealTime, Scope } from "@tripline/kernel";
import { type FunctionIntegration, toGatewayCaller } from "../function-integration.ts";
import { gatewayLimits } from "../limits.ts";

/** What is asked of which authorizer. */
export interface AuthorizerCall {
  apiId: string;
  authorizerId: string;
  functionArn: string;
  event: string;
  traceId: string;
  /** A role calls: the function's own policy is not asked. */
  hasRole: boolean;
}

/** What came of it: the function's result, or why there is none. */
export type AuthorizerOutcome = { latencyMs: number } & ({ result: InvokeResult } | { fault: string });

/** Calls the function of a Lambda authorizer, as both kinds of API do. */
export async function callAuthorizerFunction(
  serving: { scope: Scope; realTime: RealTime; integration: FunctionIntegration },
  { apiId, authorizerId, functionArn, event, traceId, hasRole }: AuthorizerCall,
): Promise<AuthorizerOutcome> {
  const startedMs = serving.realTime.monotonicMs();
  const outcome = await serving.integration.call({
    functionArn,
    payload: Buffer.from(event),
    timeoutMs: gatewayLimits.authorizerTimeoutMs,
    traceId,
    ...(hasRole ? {} : { caller: toGatewayCaller(serving.scope, apiId, "authorizers", authorizerId) }),
  });
  const latencyMs = Math.round(serving.realTime.monotonicMs() - startedMs);
  if (outcome.kind === "answered") return { latencyMs, result: outcome.result };
  if (outcome.kind === "timeout") return { latencyMs, fault: "Authorizer error: timed out" };
  const { status, message } = outcome.error;
  return { latencyMs, fault: status === 403 ? "Invalid permissions on Lambda function" : message };
}
