import type { Operation } from "@tripline/kernel";
import { badRequest, noSuchPart } from "../../errors.ts";
import { type GatewayHouse, refuse } from "../../house.ts";
import { functionOfUri } from "../../integration-uri.ts";
import { gatewayLimits } from "../../limits.ts";
import { withMethod } from "./put-method.ts";
import { resourceOf, restApiOf } from "./rest-api-of.ts";

/** Input of PutIntegration. */
export interface PutIntegrationInput {
  restApiId: string;
  resourceId: string;
  httpMethod: string;
  type: string;
  integrationHttpMethod?: string;
  uri?: string;
  timeoutInMillis?: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html */
export function putIntegrationOperation(house: GatewayHouse): Operation<PutIntegrationInput, object> {
  return {
    name: "PutIntegration",
    honoured: ["restApiId", "resourceId", "httpMethod", "type", "integrationHttpMethod", "uri", "timeoutInMillis"],
    refused: {
      ...refuse(
        ["connectionId", "connectionType", "tlsConfig", "integrationTarget"],
        "private integrations are not simulated yet",
      ),
      ...refuse(["cacheKeyParameters", "cacheNamespace"], "caching is not simulated yet"),
      ...refuse(
        ["requestParameters", "requestTemplates", "passthroughBehavior", "contentHandling"],
        "a proxy integration maps nothing",
      ),
      credentials: "functions are called without a role here",
      responseTransferMode: "streamed responses are not simulated yet",
    },
    async run(input) {
      const api = restApiOf(house, input.restApiId);
      const { resourceId, httpMethod, timeoutInMillis: timeoutMs = gatewayLimits.restIntegrationTimeoutMaxMs } = input;
      if (resourceOf(api, resourceId).methods[httpMethod] === undefined)
        throw noSuchPart("Method", "http method", httpMethod);
      if (input.type !== "AWS_PROXY")
        throw badRequest(`Integration type ${input.type} is not simulated yet: only AWS_PROXY to a function is`);
      if (input.integrationHttpMethod === undefined)
        throw badRequest("Enumeration value for HttpMethod must be non-empty");
      if (input.integrationHttpMethod !== "POST") throw badRequest("Lambda integrations are called by POST");
      const functionArn = functionOfUri(input.uri ?? "");
      if (functionArn === undefined) throw badRequest("Invalid ARN specified in the request");
      if (
        !Number.isInteger(timeoutMs) ||
        timeoutMs < gatewayLimits.integrationTimeoutMinMs ||
        timeoutMs > gatewayLimits.restIntegrationTimeoutMaxMs
      )
        throw badRequest("Timeout should be between 50 ms and 29000 ms");
      await house.apis.put(withMethod(api, resourceId, httpMethod, { functionArn, timeoutMs }));
      return { type: "AWS_PROXY", httpMethod: "POST", uri: input.uri, timeoutInMillis: timeoutMs };
    },
  };
}
