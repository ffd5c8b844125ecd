/** Integrations. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, noSuchPart } from "../../errors.ts";
import { type GatewayHouse, newId, refuse } from "../../house.ts";
import { functionOfUri } from "../../integration-uri.ts";
import { gatewayLimits } from "../../limits.ts";
import type { HttpApi, HttpIntegration } from "../http-api.ts";
import {
  checkParameterMapping,
  checkResponseParameters,
  mergeMapping,
  type ParameterMapping,
} from "../mapping/parameter-mapping.ts";
import { httpApiOf } from "./http-api-of.ts";
import { pageMembers, pageOf, type PageInput } from "./page.ts";
import { saveHttpApi } from "./save-http-api.ts";

/** `IntegrationId` of CreateIntegration is for templates. */
interface IntegrationInput {
  ApiId: string;
  IntegrationId?: string;
  IntegrationType?: string;
  IntegrationUri?: string;
  PayloadFormatVersion?: string;
  TimeoutInMillis?: number;
  IntegrationMethod?: string;
  Description?: string;
  CredentialsArn?: string;
  RequestParameters?: ParameterMapping;
  ResponseParameters?: Readonly<Record<string, ParameterMapping>>;
}

const honoured = [
  "ApiId",
  "IntegrationType",
  "IntegrationUri",
  "PayloadFormatVersion",
  "TimeoutInMillis",
  "IntegrationMethod",
  "IntegrationId",
  "Description",
  "CredentialsArn",
  "RequestParameters",
  "ResponseParameters",
];
const refused = {
  ...refuse(["ConnectionId", "ConnectionType", "TlsConfig"], "private integrations are not simulated yet"),
  ...refuse(
    ["ContentHandlingStrategy", "PassthroughBehavior", "RequestTemplates", "TemplateSelectionExpression"],
    "WebSocket APIs are not simulated yet",
  ),
  IntegrationSubtype: "integrations of HTTP APIs with AWS services are not simulated yet",
};

/** Create, get, list, update, delete. */
export function createIntegrationOperations(house: GatewayHouse): Operation[] {
  const find = (api: HttpApi, id = ""): HttpIntegration => {
    const integration = api.integrations[id];
    if (integration === undefined) throw noSuchPart("Integration", "integration id", id);
    return integration;
  };
  const save = async (api: HttpApi, id: string, integration: HttpIntegration): Promise<object> => {
    await saveHttpApi(house, { ...api, integrations: { ...api.integrations, [id]: integration } });
    return toWire(id, integration);
  };
  const create: Operation<IntegrationInput, object> = {
    name: "CreateIntegration",
    honoured,
    refused,
    async run(input, context) {
      const api = httpApiOf(house, input.ApiId);
      if (input.IntegrationId !== undefined && context.upsert !== true)
        throw badRequest("IntegrationId cannot be chosen");
      return save(api, input.IntegrationId ?? newId(house.rng, 7), toIntegration(input));
    },
  };
  const update: Operation<IntegrationInput, object> = {
    name: "UpdateIntegration",
    honoured,
    refused,
    async run(input) {
      const api = httpApiOf(house, input.ApiId);
      const known = find(api, input.IntegrationId);
      return save(api, input.IntegrationId ?? "", toIntegration(input, known));
    },
  };
  const get: Operation<IntegrationInput, object> = {
    name: "GetIntegration",
    honoured: ["ApiId", "IntegrationId"],
    run: async ({ ApiId, IntegrationId = "" }) => toWire(IntegrationId, find(httpApiOf(house, ApiId), IntegrationId)),
  };
  const list: Operation<IntegrationInput & PageInput, object> = {
    name: "GetIntegrations",
    honoured: ["ApiId", ...pageMembers],
    run: async (input) =>
      pageOf(Object.entries(httpApiOf(house, input.ApiId).integrations), input, ([id, one]) => toWire(id, one)),
  };
  const remove: Operation<IntegrationInput, object> = {
    name: "DeleteIntegration",
    honoured: ["ApiId", "IntegrationId"],
    async run({ ApiId, IntegrationId = "" }) {
      const api = httpApiOf(house, ApiId);
      find(api, IntegrationId);
      const user = Object.values(api.routes).find((route) => route.integrationId === IntegrationId);
      if (user !== undefined)
        throw conflict(
          `Cannot delete Integration '${IntegrationId}'. Integration is referenced by route: '${user.routeKey}'.`,
        );
      const { [IntegrationId]: _gone, ...integrations } = api.integrations;
      await saveHttpApi(house, { ...api, integrations });
      return {};
    },
  };
  return [create, update, get, list, remove];
}

/** `known`, with what the input says. An empty value deletes a mapping, an empty map those of a status. */
export function toIntegration(input: IntegrationInput, known?: HttpIntegration): HttpIntegration {
  const type = input.IntegrationType ?? known?.type;
  if (type !== "AWS_PROXY")
    throw badRequest(`Integration type ${type ?? ""} is not simulated yet: only AWS_PROXY to a function is`);
  const uri = input.IntegrationUri ?? known?.uri;
  if (uri === undefined || functionOfUri(uri) === undefined)
    throw badRequest("The integration uri must be the ARN of a Lambda function");
  const format = input.PayloadFormatVersion ?? known?.payloadFormatVersion;
  const timeoutMs = input.TimeoutInMillis ?? known?.timeoutMs ?? gatewayLimits.httpIntegrationTimeoutMaxMs;
  if (format !== "1.0" && format !== "2.0") throw badRequest("PayloadFormatVersion must be either 1.0 or 2.0");
  if ((input.IntegrationMethod ?? "POST") !== "POST") throw badRequest("Lambda integrations are called by POST");
  if (
    !Number.isInteger(timeoutMs) ||
    timeoutMs < gatewayLimits.integrationTimeoutMinMs ||
    timeoutMs > gatewayLimits.httpIntegrationTimeoutMaxMs
  )
    throw badRequest("Timeout should be between 50 ms and 30000 ms");
  const requestParameters = mergeMapping(known?.requestParameters, input.RequestParameters ?? {});
  checkParameterMapping("request", requestParameters ?? {});
  const responseParameters = mergeResponses(known?.responseParameters, input.ResponseParameters);
  checkResponseParameters(responseParameters ?? {});
  const description = input.Description ?? known?.description;
  const credentialsArn = input.CredentialsArn ?? known?.credentialsArn;
  return {
    type,
    uri,
    payloadFormatVersion: format,
    timeoutMs,
    ...(credentialsArn === undefined ? {} : { credentialsArn }),
    ...(requestParameters === undefined ? {} : { requestParameters }),
    ...(responseParameters === undefined ? {} : { responseParameters }),
    ...(description === undefined ? {} : { description }),
    ...(known?.isManaged === true ? { isManaged: true } : {}),
  };
}

function mergeResponses(
  known: HttpIntegration["responseParameters"] = {},
  given: HttpIntegration["responseParameters"] = {},
): HttpIntegration["responseParameters"] {
  const merged = Object.entries({ ...known, ...given }).flatMap(([status, mapping]) => {
    const isDeleted = Object.keys(mapping).length === 0;
    const next = isDeleted ? undefined : mergeMapping(known[status], mapping);
    return next === undefined ? [] : [[status, next] as const];
  });
  return merged.length === 0 ? undefined : Object.fromEntries(merged);
}

function toWire(id: string, integration: HttpIntegration): object {
  const { type, uri, payloadFormatVersion, timeoutMs, description, isManaged } = integration;
  const { credentialsArn, requestParameters, responseParameters } = integration;
  return {
    ConnectionType: "INTERNET",
    IntegrationId: id,
    IntegrationMethod: "POST",
    IntegrationType: type,
    PayloadFormatVersion: payloadFormatVersion,
    TimeoutInMillis: timeoutMs,
    ...(uri === undefined ? {} : { IntegrationUri: uri }),
    ...(credentialsArn === undefined ? {} : { CredentialsArn: credentialsArn }),
    ...(requestParameters === undefined ? {} : { RequestParameters: requestParameters }),
    ...(responseParameters === undefined ? {} : { ResponseParameters: responseParameters }),
    ...(description === undefined ? {} : { Description: description }),
    ...(isManaged === true ? { ApiGatewayManaged: true } : {}),
  };
}
