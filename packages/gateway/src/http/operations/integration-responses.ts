/**
 * Integration responses belong to WebSocket APIs; an HTTP API maps its answers by `ResponseParameters`. So there are none, and none can be
 * made. AWS's texts are not documented.
 * https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid-integrationresponses.html
 */
import type { Operation } from "@tripline/kernel";
import { badRequest, noSuchPart } from "../../errors.ts";
import { type GatewayHouse, refuse } from "../../house.ts";
import { httpApiOf } from "./http-api-of.ts";
import { integrationOf } from "./integrations.ts";
import { pageMembers, pageOf, type PageInput } from "./page.ts";

interface IntegrationResponseInput {
  ApiId: string;
  IntegrationId: string;
  IntegrationResponseId: string;
  IntegrationResponseKey: string;
}

const refused = refuse(
  ["ContentHandlingStrategy", "ResponseParameters", "ResponseTemplates", "TemplateSelectionExpression"],
  "HTTP APIs have no integration responses: give the integration ResponseParameters",
);

/** Create, get, list, update, delete. */
export function createIntegrationResponseOperations(house: GatewayHouse): Operation[] {
  const absent = async ({ ApiId, IntegrationId, IntegrationResponseId }: IntegrationResponseInput): Promise<never> => {
    integrationOf(httpApiOf(house, ApiId), IntegrationId);
    throw noSuchPart("Integration Response", "integration response id", IntegrationResponseId);
  };
  const one = ["ApiId", "IntegrationId", "IntegrationResponseId"];
  const create: Operation<IntegrationResponseInput, object> = {
    name: "CreateIntegrationResponse",
    honoured: ["ApiId", "IntegrationId", "IntegrationResponseKey"],
    refused,
    async run({ ApiId, IntegrationId, IntegrationResponseKey }) {
      integrationOf(httpApiOf(house, ApiId), IntegrationId);
      throw badRequest(
        `Integration response ${IntegrationResponseKey} cannot be made: integration responses are supported for WebSocket APIs only`,
      );
    },
  };
  const list: Operation<IntegrationResponseInput & PageInput, object> = {
    name: "GetIntegrationResponses",
    honoured: ["ApiId", "IntegrationId", ...pageMembers],
    async run(input) {
      integrationOf(httpApiOf(house, input.ApiId), input.IntegrationId);
      return pageOf([], input, () => ({}));
    },
  };
  const get: Operation<IntegrationResponseInput, object> = {
    name: "GetIntegrationResponse",
    honoured: one,
    run: absent,
  };
  const update: Operation<IntegrationResponseInput, object> = {
    name: "UpdateIntegrationResponse",
    honoured: one,
    refused: { ...refused, ...refuse(["IntegrationResponseKey"], "HTTP APIs have no integration responses") },
    run: absent,
  };
  const remove: Operation<IntegrationResponseInput, object> = {
    name: "DeleteIntegrationResponse",
    honoured: one,
    run: absent,
  };
  return [create, get, list, update, remove];
}
