/**
 * Lambda authorizers. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 *
 * L1. An identity source that is missing or empty is 401, without asking.
 * L2. Answers are kept by the values of the identity sources, for all routes of the authorizer alike: a policy is applied to each request
 *     anew, a simple response is not. Without identity sources nothing is kept.
 * L3. A function that fails with the very text `Unauthorized` is 401; another failure or answer, ten seconds, and a function that cannot be
 *     called are 500. What denies is 403.
 * L4. A context may hold lists and objects in format 2.0 alone. In format 1.0 `claims` is reserved: an answer with it is taken for wrong (AWS
 *     does not say).
 */
import { evaluatePolicy, PolicyError, toArn } from "@tripline/kernel";
import { faultOfScalars, parseAnswer, readContext, readPolicyAnswer } from "../../policy/authorizer-answer.ts";
import { callAuthorizerFunction } from "../../policy/call-authorizer-function.ts";
import { requestConditions } from "../../policy/request-conditions.ts";
import { parseIntegrationArn } from "../../integration-arn.ts";
import { withStageVariables } from "../../stage-variables.ts";
import type { HttpExchange } from "../http-exchange.ts";
import { toAuthorizerEvent } from "./authorizer-event.ts";
import type { HttpAuthorization, Refusal, RequestAuthorizer } from "./http-authorizer.ts";
import { identityValue } from "./identity-source.ts";

/** A function's answer, read. */
type Answer = { context: Readonly<Record<string, unknown>> | null } & (
  | { isAuthorized: boolean }
  | { policy: unknown; principalId: string }
);

/** See the module's header. */
export async function authorizeRequest(
  exchange: HttpExchange,
  authorizer: RequestAuthorizer,
): Promise<HttpAuthorization | Refusal> {
  const values = authorizer.identitySources.map((source) => identityValue(exchange, source) ?? "");
  if (values.includes("")) return { status: 401 }; // L1
  const { clock, authorizations } = exchange.serving;
  const isKept = authorizer.ttlSeconds > 0 && values.length > 0;
  const scope = `${exchange.apiId}/${exchange.request.stage}`;
  const key = isKept ? JSON.stringify([authorizer.id, values]) : "";
  let answer = isKept ? authorizations.get<Answer>(scope, key, clock.now()) : undefined; // L2
  if (answer === undefined) {
    const given = await ask(exchange, authorizer, values);
    if ("status" in given) return given;
    answer = given;
    if (isKept) authorizations.put(scope, key, answer, clock.now() + authorizer.ttlSeconds * 1000);
  }
  if ("isAuthorized" in answer) return answer.isAuthorized ? { lambda: answer.context } : { status: 403 };
  const { policy, principalId, context } = answer;
  try {
    return isAllowed(exchange, policy) ? { lambda: context, principalId } : { status: 403 };
  } catch (error) {
    if (error instanceof PolicyError) return { status: 500, error: error.message };
    throw error;
  }
}

function isAllowed(exchange: HttpExchange, policy: unknown): boolean {
  const decision = evaluatePolicy(policy, {
    action: "execute-api:Invoke",
    resource: toRouteArn(exchange),
    conditions: requestConditions(exchange.request, exchange.serving.clock.now()),
  });
  return decision === "allow";
}

/** `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{METHOD}/{path}`. */
function toRouteArn({ scope, apiId, request }: HttpExchange): string {
  return toArn(scope, "execute-api", `${apiId}/${request.stage}/${request.method}${request.path}`);
}

async function ask(
  exchange: HttpExchange,
  authorizer: RequestAuthorizer,
  values: readonly string[],
): Promise<Answer | Refusal> {
  const fail = (error: string): Refusal => ({ status: 500, error });
  const { serving, apiId, request } = exchange;
  const uri = withStageVariables(authorizer.uri, exchange.stageVariables);
  const functionArn = parseIntegrationArn(uri)?.functionArn;
  if (functionArn === undefined) return fail(`Invalid authorizer URI ${uri}`);
  const event = toAuthorizerEvent(authorizer.payloadFormatVersion, exchange, toRouteArn(exchange), values);
  const outcome = await callAuthorizerFunction(serving, {
    apiId,
    authorizerId: authorizer.id,
    functionArn,
    event,
    traceId: request.traceId,
    hasRole: authorizer.credentialsArn !== undefined,
  });
  const { latencyMs } = outcome;
  exchange.authorizerFacts = { latencyMs };
  if ("fault" in outcome) return fail(outcome.fault);
  const { payload, functionError, requestId } = outcome.result;
  exchange.authorizerFacts = { latencyMs, status: functionError === undefined ? 200 : 500, requestId };
  const text = Buffer.from(payload).toString();
  const answer = parseAnswer(text);
  if (functionError !== undefined)
    return answer?.["errorMessage"] === "Unauthorized"
      ? { status: 401 } // L3
      : fail(`Authorizer function failed with response body: ${text}`);
  const read = authorizer.hasSimpleResponses ? readSimpleAnswer(answer) : readPolicyAnswer(answer);
  if (typeof read === "string") return fail(read);
  const { context = null, ...decision } = read;
  const fault = authorizer.payloadFormatVersion === "1.0" && context !== null ? faultOfContext(context) : undefined;
  return fault === undefined ? { ...decision, context } : fail(fault);
}

/** L4 */
function faultOfContext(context: Readonly<Record<string, unknown>>): string | undefined {
  return "claims" in context ? "Authorizer context has the reserved key claims" : faultOfScalars(context);
}

function readSimpleAnswer(
  answer: Readonly<Record<string, unknown>> | undefined,
): { isAuthorized: boolean; context?: Readonly<Record<string, unknown>> } | string {
  const { isAuthorized, context } = answer ?? {};
  if (typeof isAuthorized !== "boolean") return "Authorizer result has no isAuthorized";
  const read = readContext(context);
  return typeof read === "string" ? read : { isAuthorized, ...read };
}
