import type { Operation } from "@tripline/kernel";
import { badRequest } from "../../errors.ts";
import { type GatewayHouse, newId, refuse } from "../../house.ts";
import { functionOfUri } from "../../integration-uri.ts";
import { gatewayLimits } from "../../limits.ts";
import { httpApiOf } from "./http-api-of.ts";
import { saveHttpApi } from "./save-http-api.ts";

/** Input of CreateIntegration. `IntegrationId` is for templates. */
export interface CreateIntegrationInput {
  ApiId: string;
  IntegrationType: string;
  IntegrationUri?: string;
  PayloadFormatVersion?: string;
  TimeoutInMillis?: number;
  IntegrationMethod?: string;
  Description?: string;
  IntegrationId?: string;
}

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html */
export function createIntegrationOperation(house: GatewayHouse): Operation<CreateIntegrationInput, object> {
  return {
    name: "CreateIntegration",
    honoured: [
      "ApiId",
      "IntegrationType",
      "IntegrationUri",
      "PayloadFormatVersion",
      "TimeoutInMillis",
      "IntegrationMethod",
      "IntegrationId",
    ],
    refused: {
      ...refuse(["ConnectionId", "ConnectionType", "TlsConfig"], "private integrations are not simulated yet"),
      ...refuse(["RequestParameters", "ResponseParameters"], "parameter mapping is not simulated yet"),
      ...refuse(
        ["ContentHandlingStrategy", "PassthroughBehavior", "RequestTemplates", "TemplateSelectionExpression"],
        "WebSocket APIs are not simulated yet",
      ),
      IntegrationSubtype: "integrations with AWS services are not simulated yet",
      CredentialsArn: "functions are called without a role here",
      Description: "nothing reads it here",
    },
    async run(input, context) {
      const api = httpApiOf(house, input.ApiId);
      if (input.IntegrationType !== "AWS_PROXY")
        throw badRequest(
          `Integration type ${input.IntegrationType} is not simulated yet: only AWS_PROXY to a function is`,
        );
      const functionArn = functionOfUri(input.IntegrationUri ?? "");
      if (functionArn === undefined) throw badRequest("The integration uri must be the ARN of a Lambda function");
      const {
        PayloadFormatVersion: format = "",
        TimeoutInMillis: timeoutMs = gatewayLimits.httpIntegrationTimeoutMaxMs,
      } = input;
      if (format !== "1.0" && format !== "2.0") throw badRequest("PayloadFormatVersion must be either 1.0 or 2.0");
      if ((input.IntegrationMethod ?? "POST") !== "POST") throw badRequest("Lambda integrations are called by POST");
      if (
        !Number.isInteger(timeoutMs) ||
        timeoutMs < gatewayLimits.integrationTimeoutMinMs ||
        timeoutMs > gatewayLimits.httpIntegrationTimeoutMaxMs
      )
        throw badRequest("Timeout should be between 50 ms and 30000 ms");
      if (input.IntegrationId !== undefined && context.upsert !== true)
        throw badRequest("IntegrationId cannot be chosen");
      const id = input.IntegrationId ?? newId(house.rng, 7);
      const integrations = {
        ...api.integrations,
        [id]: { functionArn, payloadFormatVersion: format, timeoutMs } as const,
      };
      await saveHttpApi(house, { ...api, integrations });
      return {
        ConnectionType: "INTERNET",
        IntegrationId: id,
        IntegrationMethod: "POST",
        IntegrationType: "AWS_PROXY",
        IntegrationUri: input.IntegrationUri,
        PayloadFormatVersion: format,
        TimeoutInMillis: timeoutMs,
      };
    },
  };
}
