/**
 * Lambda authorizers and user pools.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 *
 * A1. An identity source that is missing or empty, or a token that does not match its expression, is 401 without asking (a REQUEST authorizer
 *     that caches nothing asks anyway).
 * A2. Results are cached by the values of the identity sources, for the authorizer's time; the policy is applied to each method anew.
 * A3. A function that fails with the very text `Unauthorized` is 401; other errors, other answers and a policy that cannot be read are 500.
 */
import { evaluatePolicy, PolicyError } from "@tripline/kernel";
import { faultOfScalars, parseAnswer, readPolicyAnswer } from "../../../policy/authorizer-answer.ts";
import { callAuthorizerFunction } from "../../../policy/call-authorizer-function.ts";
import type { RestAuthorizer } from "../../definition/rest-api.ts";
import { parseIntegrationArn } from "../../../integration-arn.ts";
import { toRestEvent } from "../../event-v1.ts";
import { type AuthorizerResult, definitionOf, type Link, type RestExchange } from "../exchange.ts";
import { failures, GatewayFailure } from "../gateway-failure.ts";
import { sourcesOf, sourceValue } from "../identity-source.ts";
import { withStageVariables } from "../../../stage-variables.ts";
import { mask } from "./api-key.ts";
import { policyRequest } from "./resource-policy.ts";
import { methodArn } from "./route.ts";
import { authorizeUserPool } from "./authorize-user-pool.ts";

/** See the module's header. */
export const authorize: Link = async (exchange) => {
  const { authorizationType, authorizerId } = definitionOf(exchange);
  if (authorizationType === "NONE" || exchange.isTest) return undefined;
  const authorizer = exchange.deployment.definition.authorizers[authorizerId ?? ""];
  if (authorizer === undefined) throw failures.authorizerMisconfigured("There is no such authorizer");
  const result = await timed(exchange, () =>
    authorizer.type === "COGNITO_USER_POOLS"
      ? authorizeUserPool(exchange, authorizer)
      : callAuthorizer(exchange, authorizer),
  );
  exchange.authorizer = result;
  if (authorizer.type === "COGNITO_USER_POOLS") return undefined;
  const startedMs = exchange.serving.realTime.monotonicMs();
  const decision = decide(exchange, result.policy);
  // Of the API's policy and the authorizer's, one that allows is enough.
  const isAllowed = decision === "allow" || (decision === "implicit-deny" && exchange.isAllowedByPolicy === true);
  exchange.authorizeFacts = {
    status: isAllowed ? 200 : 403,
    latencyMs: Math.round(exchange.serving.realTime.monotonicMs() - startedMs),
    ...(isAllowed ? {} : { error: notAuthorized }),
  };
  if (isAllowed) return undefined;
  exchange.log.error(notAuthorized);
  throw failures.authorizerDenied(decision === "explicit-deny");
};

const notAuthorized = "The client is not authorized to perform this operation.";

/** Notes for logs what came of it, and how long it took. */
async function timed(exchange: RestExchange, ask: () => Promise<AuthorizerResult>): Promise<AuthorizerResult> {
  const { realTime } = exchange.serving;
  const startedMs = realTime.monotonicMs();
  const note = (status: number): void => {
    exchange.authorizerFacts = {
      ...exchange.authorizerFacts,
      status,
      latencyMs: Math.round(realTime.monotonicMs() - startedMs),
    };
  };
  try {
    const result = await ask();
    note(200);
    return result;
  } catch (error) {
    if (error instanceof GatewayFailure) note(error.errorType === "UnauthorizedException" ? 401 : 500);
    throw error;
  }
}

/** What the authorizer says, from its cache where that has it (A2). */
export async function callAuthorizer(exchange: RestExchange, authorizer: RestAuthorizer): Promise<AuthorizerResult> {
  const { log, serving, deployment, stage, requestId } = exchange;
  const { authorizerResultTtlInSeconds: ttlSeconds = 300, id } = authorizer;
  const sources = identityOf(exchange, authorizer);
  log.step(() => `Starting authorizer: ${id} for request: ${requestId}`);
  log.step(() => `Incoming identity: ${sources.values.map(mask).join(", ")}`);
  if (sources.isMissing && !(authorizer.type === "REQUEST" && ttlSeconds === 0)) throw failures.unauthorized(); // A1
  const scope = `${deployment.definition.settings.id}/${stage.stageName}`;
  const key = JSON.stringify([id, sources.values]);
  const nowMs = serving.clock.now();
  const isCached = ttlSeconds > 0 && sources.values.length > 0 && !exchange.isTest;
  const known = isCached ? serving.authorizations.get<AuthorizerResult>(scope, key, nowMs) : undefined;
  const result = known ?? (await invoke(exchange, authorizer, sources.values));
  if (isCached && known === undefined) serving.authorizations.put(scope, key, result, nowMs + ttlSeconds * 1000);
  log.step(() => `Using valid authorizer policy for principal: ${mask(result.principalId)}`);
  log.step(() => "Successfully completed authorizer execution");
  return result;
}

function identityOf(exchange: RestExchange, authorizer: RestAuthorizer): { values: string[]; isMissing: boolean } {
  const values = sourcesOf(authorizer.identitySource).map((name) => sourceValue(exchange, name) ?? "");
  const expression = authorizer.identityValidationExpression;
  const isWrong = authorizer.type === "TOKEN" && expression !== undefined && !matches(expression, values[0] ?? "");
  return { values, isMissing: isWrong || values.some((value) => value === "") };
}

function matches(expression: string, token: string): boolean {
  try {
    return new RegExp(`^(?:${expression})$`).test(token);
  } catch {
    return false;
  }
}

async function invoke(
  exchange: RestExchange,
  authorizer: RestAuthorizer,
  values: readonly string[],
): Promise<AuthorizerResult> {
  const { serving, log, request } = exchange;
  const uri = withStageVariables(authorizer.authorizerUri ?? "", exchange.stageVariables);
  const functionArn = parseIntegrationArn(uri)?.functionArn;
  if (functionArn === undefined) throw failures.authorizerMisconfigured(`Invalid authorizer URI ${uri}`);
  const event =
    authorizer.type === "TOKEN"
      ? JSON.stringify({ type: "TOKEN", authorizationToken: values[0] ?? "", methodArn: methodArn(exchange) })
      : toRequestEvent(exchange);
  log.data(() => `Endpoint request URI: ${uri}`);
  log.data(() => `Endpoint request body after transformations: ${event}`);
  const { settings } = exchange.deployment.definition;
  const outcome = await callAuthorizerFunction(serving, {
    apiId: settings.id,
    authorizerId: authorizer.id,
    functionArn,
    event,
    traceId: request.traceId,
    hasRole: authorizer.authorizerCredentials !== undefined,
  });
  exchange.authorizerFacts = { integrationLatencyMs: outcome.latencyMs };
  const fail = (cause: string): Error => {
    exchange.authorizerFacts = { ...exchange.authorizerFacts, error: cause };
    return failures.authorizerMisconfigured(cause);
  };
  if ("fault" in outcome) throw fail(outcome.fault);
  const { result } = outcome;
  exchange.authorizerFacts = {
    ...exchange.authorizerFacts,
    integrationStatus: 200,
    requestId: result.requestId,
  };
  const text = Buffer.from(result.payload).toString();
  log.data(() => `Authorizer result body before parsing: ${text}`);
  if (result.functionError !== undefined) {
    if (parseAnswer(text)?.["errorMessage"] === "Unauthorized") throw failures.unauthorized(); // A3
    throw fail(`Authorizer function failed with response body: ${text}`);
  }
  const parsed = toResult(text);
  if (typeof parsed === "string") throw fail(parsed);
  return parsed;
}

/** The v1 event without its body. */
function toRequestEvent(exchange: RestExchange): string {
  const {
    body: _body,
    isBase64Encoded: _flag,
    ...event
  } = JSON.parse(toRestEvent(exchange)) as Record<string, unknown>;
  return JSON.stringify({ type: "REQUEST", methodArn: methodArn(exchange), ...event });
}

/** The result, or what is wrong with the answer. */
function toResult(text: string): AuthorizerResult | string {
  const answer = parseAnswer(text);
  const read = readPolicyAnswer(answer);
  if (typeof read === "string") return read;
  const { principalId, policy, context = {} } = read;
  const fault = faultOfScalars(context);
  if (fault !== undefined) return fault;
  const usageIdentifierKey = answer?.["usageIdentifierKey"];
  return {
    principalId,
    policy,
    context: Object.fromEntries(Object.entries(context).map(([key, value]) => [key, String(value)])),
    ...(typeof usageIdentifierKey === "string" ? { usageIdentifierKey } : {}),
  };
}

function decide(exchange: RestExchange, policy: unknown): ReturnType<typeof evaluatePolicy> {
  try {
    return evaluatePolicy(policy, policyRequest(exchange, "execute-api:Invoke"));
  } catch (error) {
    if (error instanceof PolicyError) throw failures.authorizerMisconfigured(error.message);
    throw error;
  }
}
