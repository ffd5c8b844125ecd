/**
 * AWS_PROXY to an operation of an AWS service: `IntegrationSubtype`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services.html
 *
 * V1. Every parameter must lead somewhere: one that does not is 400, and nothing is called. (AWS documents neither; its log says
 *     `Unable to resolve property …`, as ours does.)
 * V2. The service's status, content type and body go to the client as they are.
 * V3. The call goes to the simulator's own endpoint, in one region; another that the request names is 500, as one that stands in the
 *     integration is refused when that is made. The role is not evaluated.
 */
import { withinLimit } from "../../within-limit.ts";
import { headerOfFlat } from "../../gateway-request.ts";
import type { HttpIntegration } from "../http-api.ts";
import type { HttpExchange } from "../http-exchange.ts";
import { httpFailures } from "../http-failure.ts";
import { requestSource } from "../mapping/map-exchange.ts";
import { compileSelection } from "../mapping/selection-expression.ts";
import type { HttpServing } from "../serve-http-api.ts";
import type { Integrate } from "./compile-integration.ts";
import { ParameterError, type ServiceCall } from "./service-call.ts";
import { serviceSubtypes } from "./service-subtypes.ts";

/** See the module's header. */
export function compileServiceIntegration(serving: HttpServing, integration: HttpIntegration): Integrate {
  const { subtype = "", requestParameters = {}, timeoutMs } = integration;
  const toCall = serviceSubtypes[subtype]?.toCall;
  const operation = subtype.slice(subtype.indexOf("-") + 1);
  const selections = Object.entries(requestParameters).map(
    ([name, source]) => [name, source, compileSelection("request", source)] as const,
  );
  const readValues = (exchange: HttpExchange): Record<string, string> => {
    const source = requestSource(exchange);
    return Object.fromEntries(
      selections.map(([name, expression, select]) => {
        const value = select(source);
        if (value === undefined) throw unresolved(exchange, name, expression); // V1
        return [name, value];
      }),
    );
  };
  return async (exchange) => {
    const { integration: facts } = exchange;
    const { Region = serving.scope.region, ...values } = readValues(exchange);
    if (toCall === undefined || Region !== serving.scope.region) {
      facts.error = `${subtype} in ${Region} is not simulated`;
      throw httpFailures.integration();
    }
    let call: ServiceCall;
    try {
      call = toCall(operation, values);
    } catch (error) {
      if (error instanceof ParameterError)
        throw unresolved(exchange, error.parameter, requestParameters[error.parameter] ?? "");
      throw error;
    }
    const startedMs = serving.realTime.monotonicMs();
    const called = serving.callService({ ...call, method: "POST", target: "/" });
    if (called === undefined) {
      facts.error = `The endpoint does not listen: ${call.service} cannot be called`;
      throw httpFailures.integration();
    }
    const answer = await withinLimit(serving.realTime, timeoutMs, called);
    facts.latencyMs = Math.round(serving.realTime.monotonicMs() - startedMs);
    if (answer === "timeout") {
      facts.error = "Endpoint request timed out";
      throw httpFailures.timeout();
    }
    facts.status = answer.status;
    facts.integrationStatus = answer.status;
    if (answer.status === 501) {
      facts.error = Buffer.from(answer.body).toString();
      serving.bus.emit("notice", {
        level: "warning",
        subject: exchange.apiId,
        message: `An integration calls ${subtype}. ${facts.error}`,
      });
      throw httpFailures.integration();
    }
    const requestId = headerOfFlat(answer.headers, "x-amzn-requestid");
    if (requestId !== undefined) facts.requestId = requestId;
    const type = headerOfFlat(answer.headers, "content-type");
    return { status: answer.status, headers: type === undefined ? [] : ["content-type", type], body: answer.body }; // V2
  };
}

function unresolved({ integration: facts }: HttpExchange, parameter: string, expression: string): Error {
  facts.error = `Unable to resolve property ${parameter} from source ${expression}`;
  return httpFailures.badRequest();
}
