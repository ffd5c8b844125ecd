/**
 * AWS services behind a method: `arn:aws:apigateway:{region}:{service}:path/…` and `…:action/{Name}`.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
 *
 * 1. The request goes to the simulator's own endpoint, in the service's own protocol: the operations that SDKs call are called.
 * 2. `action/Name&p=v` is the query protocol's, or by `X-Amz-Target` that of a JSON service, whose prefix is known here.
 * 3. A bucket may stand before `s3` in the ARN, or in its path.
 * 4. What the endpoint does not simulate is no answer of the service: the client gets 500, and the user is told.
 */
import { jsonTargets } from "../../json-targets.ts";
import { withinLimit } from "../../within-limit.ts";
import type { RestIntegration } from "../definition/rest-api.ts";
import type { RestExchange } from "../serving/exchange.ts";
import { failures } from "../serving/gateway-failure.ts";
import type { IntegrationArn } from "../../integration-arn.ts";
import { backendHeaders } from "./backend-headers.ts";
import { headerOfFlat } from "../../gateway-request.ts";
import type { IntegrationAnswer } from "./integration-answer.ts";
import { type MappedParameters, toUrl } from "./request-parameters.ts";

/** See the module's header. */
export async function callAwsService(
  exchange: RestExchange,
  integration: RestIntegration,
  arn: IntegrationArn,
  mapped: MappedParameters,
  body: Uint8Array,
): Promise<IntegrationAnswer> {
  const { serving, log, integration: facts } = exchange;
  const headers = backendHeaders(exchange, mapped);
  const [action = "", parameters = ""] = arn.kind === "action" ? arn.target.split(/&(.*)/s) : [];
  const bucket = arn.service === "s3" && arn.subdomain !== undefined ? `/${arn.subdomain}` : ""; // 3
  let target = arn.kind === "path" ? `${bucket}/${arn.target.replace(/^\/+/, "")}` : "/";
  if (arn.kind === "action") {
    const known = jsonTargets[arn.service];
    if (known === undefined)
      target = `/?Action=${encodeURIComponent(action)}${parameters === "" ? "" : `&${parameters}`}`;
    else {
      if (headerOfFlat(headers, "x-amz-target") === undefined)
        headers.push("X-Amz-Target", `${known.prefix}.${action}`);
      if (!mapped.header.has("Content-Type"))
        replace(headers, "content-type", `application/x-amz-json-${known.version}`);
    }
  }
  const url = toUrl(target, mapped);
  log.step(() => `Sending request to https://${arn.service}.${arn.region}.amazonaws.com${url}`);
  const startedMs = serving.realTime.monotonicMs();
  const called = serving.callService({
    service: arn.service,
    method: integration.httpMethod === "ANY" ? exchange.request.method : (integration.httpMethod ?? "POST"),
    target: url,
    headers,
    body,
  });
  if (called === undefined)
    throw failures.configuration(`The endpoint does not listen: ${arn.service} cannot be called`);
  const answer = await withinLimit(serving.realTime, integration.timeoutInMillis, called);
  if (answer === "timeout") {
    facts.error = "Endpoint request timed out";
    throw failures.timeout();
  }
  facts.latencyMs = Math.round(serving.realTime.monotonicMs() - startedMs);
  facts.status = answer.status;
  if (answer.status === 501) throw notSimulated(exchange, arn, answer.body); // 4
  facts.integrationStatus = answer.status;
  const requestId =
    headerOfFlat(answer.headers, "x-amzn-requestid") ?? headerOfFlat(answer.headers, "x-amz-request-id");
  if (requestId !== undefined) facts.requestId = requestId;
  log.step(() => `Received response. Status: ${answer.status}, Integration latency: ${facts.latencyMs ?? 0} ms`);
  log.data(() => `Endpoint response body before transformations: ${Buffer.from(answer.body).toString()}`);
  return { selector: String(answer.status), headers: answer.headers, body: answer.body, isTraced: true };
}

function notSimulated({ serving, deployment }: RestExchange, arn: IntegrationArn, body: Uint8Array): Error {
  const text = Buffer.from(body).toString();
  const subject = deployment.definition.settings.name;
  serving.bus.emit("notice", {
    level: "warning",
    subject,
    message: `An integration calls ${arn.service}:${arn.target}. ${text}`,
  });
  return failures.configuration(`${arn.service}:${arn.target} is not simulated`);
}

function replace(headers: string[], name: string, value: string): void {
  for (let index = 0; index < headers.length; index += 2)
    if (headers[index]?.toLowerCase() === name) headers[index + 1] = value;
}
