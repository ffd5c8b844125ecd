/** Integrations. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, noSuchPart } from "../../errors.ts";
import { type GatewayHouse, newId, refuse } from "../../house.ts";
import type { HttpApi, HttpIntegration } from "../http-api.ts";
import { httpApiOf } from "./http-api-of.ts";
import { pageMembers, pageOf, type PageInput } from "./page.ts";
import { checkServiceRegion } from "./service-parameters.ts";
import { type IntegrationMembers, toIntegration } from "./to-integration.ts";
import { saveHttpApi } from "./save-http-api.ts";

/** `IntegrationId` of CreateIntegration is for templates. */
interface IntegrationInput extends IntegrationMembers {
  ApiId: string;
  IntegrationId?: string;
}

const honoured = [
  "ApiId",
  "IntegrationId",
  "IntegrationType",
  "IntegrationSubtype",
  "IntegrationUri",
  "IntegrationMethod",
  "ConnectionType",
  "CredentialsArn",
  "PayloadFormatVersion",
  "TimeoutInMillis",
  "Description",
  "RequestParameters",
  "ResponseParameters",
];
const refused = {
  ...refuse(["ConnectionId", "TlsConfig"], "private integrations are not simulated yet"),
  ...refuse(
    ["ContentHandlingStrategy", "PassthroughBehavior", "RequestTemplates", "TemplateSelectionExpression"],
    "WebSocket APIs are not simulated yet",
  ),
};

/** Create, get, list, update, delete. */
export function createIntegrationOperations(house: GatewayHouse): Operation[] {
  const save = async (api: HttpApi, id: string, integration: HttpIntegration): Promise<object> => {
    checkServiceRegion(integration, house.scope.region);
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
      const known = integrationOf(api, input.IntegrationId);
      return save(api, input.IntegrationId ?? "", toIntegration(input, known));
    },
  };
  const get: Operation<IntegrationInput, object> = {
    name: "GetIntegration",
    honoured: ["ApiId", "IntegrationId"],
    run: async ({ ApiId, IntegrationId = "" }) =>
      toWire(IntegrationId, integrationOf(httpApiOf(house, ApiId), IntegrationId)),
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
      integrationOf(api, IntegrationId);
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

/** Throws NotFoundException. */
export function integrationOf(api: HttpApi, id = ""): HttpIntegration {
  const integration = api.integrations[id];
  if (integration === undefined) throw noSuchPart("Integration", "integration id", id);
  return integration;
}

function toWire(id: string, integration: HttpIntegration): object {
  const { type, subtype, uri, method, payloadFormatVersion, timeoutMs, description, isManaged } = integration;
  const { credentialsArn, requestParameters, responseParameters } = integration;
  return {
    ConnectionType: "INTERNET",
    IntegrationId: id,
    IntegrationType: type,
    PayloadFormatVersion: payloadFormatVersion,
    TimeoutInMillis: timeoutMs,
    ...(subtype === undefined ? { IntegrationMethod: method ?? "POST" } : { IntegrationSubtype: subtype }),
    ...(uri === undefined ? {} : { IntegrationUri: uri }),
    ...(credentialsArn === undefined ? {} : { CredentialsArn: credentialsArn }),
    ...(requestParameters === undefined ? {} : { RequestParameters: requestParameters }),
    ...(responseParameters === undefined ? {} : { ResponseParameters: responseParameters }),
    ...(description === undefined ? {} : { Description: description }),
    ...(isManaged === true ? { ApiGatewayManaged: true } : {}),
  };
}
