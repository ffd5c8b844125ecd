/**
 * Serves a stage of a REST API: the chain of links, in the order in which API Gateway applies them.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-rest-api.html
 *
 * C1. A link answers, or throws a failure, or lets the request pass. A failure becomes a gateway response.
 * C2. A request is served by the deployment that its stage points to when it arrives, compiled once. The stage's own settings are live.
 * C3. Every answer has its ids, and an access log line where the stage wants one.
 * C4. A client may choose the id of its request: a UUID as `x-amzn-RequestId`.
 */
import { gunzipSync, gzipSync, deflateSync, inflateSync } from "node:zlib";
import { type HttpResponse, isServiceError } from "@tripline/kernel";
import type { ServedStage } from "../../api-store.ts";
import { newGatewayId } from "../../gateway-id.ts";
import { type GatewayRequest, headerOf } from "../../gateway-request.ts";
import { gatewayLimits } from "../../limits.ts";
import type { RestApi, RestStage } from "../definition/rest-api.ts";
import { integrate } from "../integrations/integrate.ts";
import { writeAccessLog } from "../logs/access-log.ts";
import { createExecutionLog, type ExecutionLog, printMap, silentLog } from "../logs/execution-log.ts";
import { noOverrides } from "../mapping/template-objects.ts";
import { BareAnswer } from "./bare-answer.ts";
import { type CompiledDeployment, compileDeployment } from "./compile-deployment.ts";
import type { Link, RestAnswer, RestExchange } from "./exchange.ts";
import { forbiddenResponse } from "./forbidden-response.ts";
import { GatewayFailure, failures } from "./gateway-failure.ts";
import { checkApiKey } from "./links/api-key.ts";
import { authorize } from "./links/authorize.ts";
import { checkSize } from "./links/check-size.ts";
import { keepInCache, serveFromCache } from "./links/cache.ts";
import { checkResourcePolicy } from "./links/resource-policy.ts";
import { route } from "./links/route.ts";
import { throttle } from "./links/throttle.ts";
import { validateRequest } from "./links/validate-request.ts";
import { isUuid } from "./context-variables.ts";
import { methodSettingOf } from "./method-setting.ts";
import { requestHeaders, requestQuery } from "./request-maps.ts";
import type { RestServing } from "./rest-serving.ts";
import { toGatewayResponse } from "./to-gateway-response.ts";

/** The chain of a REST API. */
const links: readonly Link[] = [
  checkSize,
  route,
  checkResourcePolicy,
  authorize,
  checkApiKey,
  throttle,
  startExecution,
  validateRequest,
  serveFromCache,
  integrate,
];

/** C2: what the stage `stageName` of `api` serves. */
export function serveRestStage(serving: RestServing, api: RestApi, stageName: string): Pick<ServedStage, "serve"> {
  const compiled = new Map<string, CompiledDeployment>();
  const deploymentFor = (id: string): CompiledDeployment | undefined => {
    const known = compiled.get(id);
    const deployment = api.deployments.get(id);
    if (known !== undefined && known.definition === deployment?.definition) return known;
    if (deployment === undefined) return undefined;
    // A stage has one deployment and perhaps a canary's: older ones are let go.
    if (compiled.size > 1) compiled.clear();
    const made = compileDeployment(id, deployment.definition);
    compiled.set(id, made);
    return made;
  };
  return {
    async serve(request) {
      const stage = api.stages.get(stageName);
      const chosen = stage === undefined ? undefined : chooseDeployment(serving, stage);
      const deployment = chosen === undefined ? undefined : deploymentFor(chosen.deploymentId);
      if (stage === undefined || chosen === undefined || deployment === undefined)
        return forbiddenResponse(serving.rng);
      const exchange = newExchange(serving, deployment, {
        ...chosen,
        stage,
        request: withOverride(request),
        isTest: false,
      });
      return toHttpResponse(exchange, await runChain(exchange));
    },
  };
}

/** `X-HTTP-Method-Override` is the method. */
function withOverride(request: GatewayRequest): GatewayRequest {
  const method = headerOf(request.request, "x-http-method-override");
  return method === undefined ? request : { ...request, method };
}

function chooseDeployment(
  { rng }: RestServing,
  { canarySettings, deploymentId, variables = {} }: RestStage,
): { deploymentId: string; stageVariables: Readonly<Record<string, string>>; isCanary: boolean | undefined } {
  if (canarySettings === undefined) return { deploymentId, stageVariables: variables, isCanary: undefined };
  const isCanary = rng.next() * 100 < canarySettings.percentTraffic;
  if (!isCanary) return { deploymentId, stageVariables: variables, isCanary };
  return {
    deploymentId: canarySettings.deploymentId,
    stageVariables: { ...variables, ...canarySettings.stageVariableOverrides },
    isCanary,
  };
}

/** What an exchange begins with. */
export interface ExchangeFacts {
  stage: RestStage;
  stageVariables: Readonly<Record<string, string>>;
  isCanary: boolean | undefined;
  request: GatewayRequest;
  isTest: boolean;
  log?: ExecutionLog;
  additionalContext?: Readonly<Record<string, string>>;
}

/** Begins an exchange. */
export function newExchange(serving: RestServing, deployment: CompiledDeployment, facts: ExchangeFacts): RestExchange {
  const { rng, realTime } = serving;
  const requestId = chosenRequestId(facts.request) ?? rng.uuid();
  const exchange: RestExchange = {
    serving,
    deployment,
    ...facts,
    requestId,
    extendedRequestId: newGatewayId(rng),
    startedMs: realTime.monotonicMs(),
    headers: facts.isTest ? { single: {}, multi: {} } : requestHeaders(facts.request),
    query: requestQuery(facts.request),
    log: facts.log ?? executionLogOf(() => exchange, facts.stage),
    overrides: noOverrides(),
    pathParameters: {},
    body: new Uint8Array(),
    integration: {},
    addedHeaders: [],
  };
  return exchange;
}

/** C4 */
function chosenRequestId({ request }: GatewayRequest): string | undefined {
  const given = headerOf(request, "x-amzn-requestid");
  return given !== undefined && isUuid(given) ? given : undefined;
}

/** Written where a setting of the stage asks for it: of the method, or before it is known of all methods. */
function executionLogOf(exchange: () => RestExchange, stage: RestStage): ExecutionLog {
  const settings = Object.values(stage.methodSettings);
  if (settings.every(({ loggingLevel = "OFF" }) => loggingLevel === "OFF")) return silentLog;
  return createExecutionLog({
    setting: () => (exchange().method === undefined ? stage.methodSettings["*/*"] : methodSettingOf(exchange())),
    write(line) {
      const { serving, deployment, requestId, isCanary } = exchange();
      serving.logSink?.({
        logGroup: `API-Gateway-Execution-Logs_${deployment.definition.settings.id}/${stage.stageName}${isCanary === true ? "/Canary" : ""}`,
        logStream: requestId.replaceAll("-", ""),
        timestampMs: serving.clock.now(),
        message: `(${requestId}) ${line}`,
      });
    },
  });
}

/** C1 */
export async function runChain(exchange: RestExchange, chain: readonly Link[] = links): Promise<RestAnswer> {
  let answer: RestAnswer | undefined;
  if (!exchange.isTest) exchange.log.step(() => `Extended Request Id: ${exchange.extendedRequestId}`);
  try {
    for (const link of chain) {
      const step = link(exchange);
      answer = step instanceof Promise ? await step : step;
      if (answer !== undefined) break;
    }
    if (answer === undefined) throw failures.configuration("No link answered");
    keepInCache(exchange, answer);
    exchange.log.step(() => "Successfully completed execution");
  } catch (error) {
    if (error instanceof BareAnswer) return error.answer;
    if (!(error instanceof GatewayFailure)) throw error;
    if (error.cause !== undefined) exchange.log.error(`Execution failed due to configuration error: ${error.cause}`);
    answer = toGatewayResponse(exchange, error);
  }
  const { status } = answer;
  exchange.log.step(() => `Method completed with status: ${status}`);
  const { requestId } = exchange.integration;
  if (requestId !== undefined && !exchange.isTest)
    exchange.log.step(() => `AWS Integration Endpoint RequestId : ${requestId}`);
  if (exchange.method !== undefined || !exchange.isTest) writeAccessLog(exchange, answer);
  return answer;
}

/** Reads the body, and begins the execution log. */
async function startExecution(exchange: RestExchange): Promise<undefined> {
  const { request, log, resource, isTest, requestId } = exchange;
  if (!isTest) exchange.body = decode(request, await readBody(request));
  log.step(() => `Starting execution for request: ${requestId}`);
  log.step(() => `HTTP Method: ${request.method}, Resource Path: ${isTest ? request.path : (resource?.path ?? "")}`);
  log.data(() => `Method request path: ${printMap(exchange.pathParameters)}`);
  log.data(() => `Method request query string: ${printMap(exchange.query.single)}`);
  log.data(() => `Method request headers: ${printMap(exchange.headers.single)}`);
  log.data(() => `Method request body before transformations: ${Buffer.from(exchange.body).toString()}`);
}

async function readBody(request: GatewayRequest): Promise<Uint8Array> {
  try {
    return await request.request.body(gatewayLimits.payloadBytesMax);
  } catch (error) {
    if (!isServiceError(error) || error.status !== 413) throw error;
    throw new BareAnswer(413, `HTTP content length exceeded ${gatewayLimits.payloadBytesMax} bytes.`);
  }
}

/** A compressed request is decoded. */
function decode({ request }: GatewayRequest, body: Uint8Array): Uint8Array {
  const encoding = headerOf(request, "content-encoding")?.toLowerCase();
  if (encoding === undefined || encoding === "identity" || body.length === 0) return body;
  try {
    if (encoding === "gzip") return gunzipSync(body, { maxOutputLength: gatewayLimits.payloadBytesMax });
    if (encoding === "deflate") return inflateSync(body, { maxOutputLength: gatewayLimits.payloadBytesMax });
  } catch {
    throw failures.unsupportedMediaType();
  }
  throw failures.unsupportedMediaType();
}

/** The links that a test invocation runs. */
export const testLinks: readonly Link[] = [startExecution, validateRequest, integrate];

/** C3 */
function toHttpResponse(exchange: RestExchange, answer: RestAnswer): HttpResponse {
  const { requestId, extendedRequestId, request, addedHeaders } = exchange;
  if (answer.isBare === true) return { status: answer.status, rawHeaders: answer.headers, body: answer.body };
  const rawHeaders = [
    ...answer.headers,
    ...addedHeaders,
    "x-amzn-RequestId",
    requestId,
    "x-amz-apigw-id",
    extendedRequestId,
  ];
  if (answer.isTraced) rawHeaders.push("X-Amzn-Trace-Id", request.traceId);
  const body = compress(exchange, rawHeaders, answer.body);
  return { status: answer.status, rawHeaders, body };
}

/** An answer of the API's minimum size or more, for a client that takes it. */
function compress(
  { deployment, request }: RestExchange,
  rawHeaders: string[],
  body: Uint8Array | string,
): Uint8Array | string {
  const { minimumCompressionSize: minimum } = deployment.definition.settings;
  if (minimum === undefined || body.length === 0 || Buffer.byteLength(body) < minimum) return body;
  const accepted = headerOf(request.request, "accept-encoding") ?? "";
  const encoding = /\bgzip\b/.test(accepted) ? "gzip" : /\bdeflate\b/.test(accepted) ? "deflate" : undefined;
  const isEncoded = rawHeaders.some((name, index) => index % 2 === 0 && name.toLowerCase() === "content-encoding");
  if (encoding === undefined || isEncoded) return body;
  rawHeaders.push("Content-Encoding", encoding);
  return encoding === "gzip" ? gzipSync(body) : deflateSync(body);
}
