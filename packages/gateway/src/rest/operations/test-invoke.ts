/**
 * TestInvokeMethod and TestInvokeAuthorizer: the API as it is now, without a deployment.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-test-method.html
 *
 * 1. No authorizer, key, throttle or cache stands before a method that is tested.
 * 2. A path that does not match gives no path parameters; without a path they are their own names in braces.
 */
import type { CallContext, HttpRequest, Operation } from "@tripline/kernel";
import type { GatewayHouse } from "../../house.ts";
import type { GatewayRequest } from "../../gateway-request.ts";
import { createRouteTable, parameterNames } from "../../routing/route-table.ts";
import { type RestApi, type RestStage, toDefinition } from "../definition/rest-api.ts";
import { createExecutionLog, toLogDate } from "../logs/execution-log.ts";
import { compileDeployment } from "../serving/compile-deployment.ts";
import type { RestExchange } from "../serving/exchange.ts";
import { GatewayFailure } from "../serving/gateway-failure.ts";
import { callAuthorizer } from "../serving/links/authorize.ts";
import { verifyUserPoolToken } from "../serving/links/authorize-user-pool.ts";
import { methodFor } from "../serving/links/route.ts";
import { toValueMap } from "../serving/request-maps.ts";
import { newExchange, runChain, testLinks } from "../serving/serve-rest-stage.ts";
import { authorizerOf } from "./authorizers.ts";
import { type FoundMethod, methodMembers, methodOf, type MethodInput, resourceOf } from "./find.ts";
import { newStage } from "./stages.ts";
import { restOperation } from "./rest-operation.ts";
import { badRequest } from "../../errors.ts";

interface TestInput {
  pathWithQueryString?: string;
  body?: string;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  stageVariables?: Record<string, string>;
  additionalContext?: Record<string, string>;
}

const testMembers = ["pathWithQueryString", "body", "headers", "multiValueHeaders", "stageVariables"];

/** See the module's header. */
export function testInvokeOperations(house: GatewayHouse): Operation[] {
  return [
    restOperation<MethodInput & TestInput>(
      "TestInvokeMethod",
      [...methodMembers, ...testMembers],
      async (input, context) => {
        const { api } = testedMethodOf(house, input);
        const { exchange, lines } = begin(house, api, input, context, input.httpMethod);
        const resource = exchange.deployment.resources.get(input.resourceId);
        const method = resource === undefined ? undefined : methodFor(resource, input.httpMethod);
        if (resource === undefined || method === undefined) throw badRequest("No integration defined for method");
        exchange.resource = resource;
        exchange.method = method;
        exchange.pathParameters = toPathParameters(resource.path, input.pathWithQueryString); // 2
        const path = input.pathWithQueryString?.split("?")[0] ?? resource.path;
        const given: RestExchange = { ...exchange, request: { ...exchange.request, path } };
        const startedMs = house.restServing.realTime.monotonicMs();
        const answer = await runChain(given, testLinks);
        const headers = toValueMap(
          pairs(answer.headers).filter(([name]) => !(answer.status >= 400 && name === "content-type")),
        );
        if (answer.isTraced) Object.assign(headers.single, { "X-Amzn-Trace-Id": given.request.traceId });
        if (answer.isTraced) Object.assign(headers.multi, { "X-Amzn-Trace-Id": [given.request.traceId] });
        return {
          status: answer.status,
          body: Buffer.from(answer.body).toString(),
          headers: headers.single,
          multiValueHeaders: headers.multi,
          log: toLog(given, lines),
          latency: Math.round(house.restServing.realTime.monotonicMs() - startedMs),
        };
      },
      { clientCertificateId: "client certificates are not simulated" },
    ),
    restOperation<{ restApiId: string; authorizerId: string } & TestInput>(
      "TestInvokeAuthorizer",
      ["restApiId", "authorizerId", ...testMembers, "additionalContext"],
      async (input, context) => {
        const { api, authorizer } = authorizerOf(house, input);
        const { exchange, lines } = begin(house, api, input, context, "GET");
        const startedMs = house.restServing.realTime.monotonicMs();
        const done = (): object => ({
          log: toLog(exchange, lines),
          latency: Math.round(house.restServing.realTime.monotonicMs() - startedMs),
        });
        try {
          if (authorizer.type === "COGNITO_USER_POOLS") {
            const { claims } = await verifyUserPoolToken(exchange, authorizer);
            return { clientStatus: 0, claims, ...done() };
          }
          const result = await callAuthorizer(exchange, authorizer);
          return {
            clientStatus: 0,
            principalId: result.principalId,
            policy: JSON.stringify(result.policy),
            authorization: {},
            claims: {},
            ...done(),
          };
        } catch (error) {
          if (!(error instanceof GatewayFailure)) throw error;
          if (error.cause !== undefined)
            exchange.log.error(`Execution failed due to configuration error: ${error.cause}`);
          return { clientStatus: error.type === "UNAUTHORIZED" ? 401 : 500, ...done() };
        }
      },
    ),
  ];
}

/** The method, or the `ANY` of its resource. */
function testedMethodOf(house: GatewayHouse, input: MethodInput): FoundMethod {
  const { methods } = resourceOf(house, input.restApiId, input.resourceId).resource;
  const isAny = methods[input.httpMethod] === undefined && methods["ANY"] !== undefined;
  return methodOf(house, isAny ? { ...input, httpMethod: "ANY" } : input);
}

function begin(
  house: GatewayHouse,
  api: RestApi,
  input: TestInput,
  context: CallContext,
  verb: string,
): { exchange: RestExchange; lines: string[] } {
  const serving = house.restServing;
  const nowMs = serving.clock.now();
  const lines: string[] = [];
  const log = createExecutionLog({
    setting: () => ({ loggingLevel: "INFO", dataTraceEnabled: true }),
    write: (line) => lines.push(`${toLogDate(serving.clock.now())} : ${line}`),
  });
  const stage: RestStage = newStage(house, "test-invoke-stage", "");
  const [, query = ""] = input.pathWithQueryString?.split("?") ?? [];
  const headerPairs: [string, string][] = [
    ...Object.entries(input.headers ?? {}),
    ...Object.entries(input.multiValueHeaders ?? {}).flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  ];
  const request: GatewayRequest = {
    request: toHttpRequest(context, verb, headerPairs),
    method: verb === "ANY" ? "GET" : verb,
    path: input.pathWithQueryString?.split("?")[0] ?? "/",
    query,
    stage: "test-invoke-stage",
    atMs: nowMs,
    traceId: `Root=1-${Math.floor(nowMs / 1000)
      .toString(16)
      .padStart(8, "0")}-${serving.rng.hex(12)}`,
  };
  const deployment = compileDeployment("", toDefinition(api));
  const exchange = newExchange(serving, deployment, {
    stage,
    stageVariables: input.stageVariables ?? {},
    isCanary: undefined,
    request,
    isTest: true,
    log,
    ...(input.additionalContext === undefined ? {} : { additionalContext: input.additionalContext }),
  });
  return { exchange: { ...exchange, headers: toValueMap(headerPairs), body: Buffer.from(input.body ?? "") }, lines };
}

function toHttpRequest(context: CallContext, method: string, headers: readonly [string, string][]): HttpRequest {
  return {
    method,
    target: "/",
    httpVersion: "1.1",
    rawHeaders: headers.flat(),
    sourceIp: context.sourceIp,
    endpoint: context.endpoint,
    signal: context.signal,
    body: () => Promise.resolve(new Uint8Array()),
  };
}

/** 2 */
function toPathParameters(path: string, given: string | undefined): Record<string, string> {
  const names = parameterNames(path);
  if (given === undefined) return Object.fromEntries(names.map((name) => [name, `{${name}}`]));
  const table = createRouteTable([path], (one) => one, { fullFirst: false });
  const match = table.find(given.split("?")[0] ?? "", ([one]) => one);
  return match === undefined ? {} : Object.fromEntries(names.map((name, index) => [name, match.values[index] ?? ""]));
}

function toLog({ requestId }: RestExchange, lines: readonly string[]): string {
  return `Execution log for request ${requestId}\n${lines.map((line) => `${line}\n`).join("")}`;
}

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ""] as [string, string]] : []));
}
