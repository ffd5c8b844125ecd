/** What a REST API has beside its methods: models, validators, authorizers, gateway responses. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGateway.html */
import { list, map } from "../../shapes/collections.ts";
import { boolean, choice, integer, json, text } from "../../shapes/scalars.ts";
import { optional, required } from "../../shapes/shape.ts";
import type { ResourceType } from "../resource-type.ts";
import { restApiPart } from "../api-part.ts";
import { restCall } from "./rest-call.ts";

/** `Ref` is its name. */
export const gatewayModel: ResourceType = restApiPart({
  type: "AWS::ApiGateway::Model",
  properties: {
    Name: optional(text("Order")),
    ContentType: optional(text("application/json")),
    Description: optional(text()),
    Schema: required(json()),
  },
  identify({ logicalId, property }) {
    const name = property("Name") ?? logicalId;
    return { physicalId: `${property("RestApiId") ?? ""}/${name}`, ref: name, attributes: {} };
  },
  calls: (
    { RestApiId: restApiId, ContentType = "application/json", Description: description, Schema },
    { ref: name },
  ) => [
    restCall("CreateModel", {
      restApiId,
      name,
      contentType: ContentType,
      description,
      schema: typeof Schema === "string" ? Schema : JSON.stringify(Schema),
    }),
  ],
});

/** `Ref` is its id. */
export const gatewayRequestValidator: ResourceType = restApiPart({
  type: "AWS::ApiGateway::RequestValidator",
  properties: {
    Name: optional(text("all")),
    ValidateRequestBody: optional(boolean()),
    ValidateRequestParameters: optional(boolean()),
  },
  attribute: "RequestValidatorId",
  calls: (given, { ref: requestValidatorId }, { definition }) => [
    restCall("CreateRequestValidator", {
      restApiId: given.RestApiId,
      requestValidatorId,
      name: given.Name ?? definition.logicalId,
      validateRequestBody: given.ValidateRequestBody,
      validateRequestParameters: given.ValidateRequestParameters,
    }),
  ],
});

/** `Ref` is its id. */
export const gatewayAuthorizer: ResourceType = restApiPart({
  type: "AWS::ApiGateway::Authorizer",
  properties: {
    Name: required(text("guard")),
    Type: required(choice("TOKEN", "REQUEST", "COGNITO_USER_POOLS")),
    AuthType: optional(text("custom")),
    AuthorizerUri: optional(text("!Sub arn:aws:apigateway:…")),
    AuthorizerCredentials: optional(text("!GetAtt Role.Arn")),
    AuthorizerResultTtlInSeconds: optional(integer("300")),
    IdentitySource: optional(text("method.request.header.Authorization")),
    IdentityValidationExpression: optional(text()),
    ProviderARNs: optional(list(text("!GetAtt Pool.Arn"))),
  },
  attribute: "AuthorizerId",
  calls: (given, { ref: authorizerId }) => [
    restCall("CreateAuthorizer", {
      restApiId: given.RestApiId,
      authorizerId,
      name: given.Name,
      type: given.Type,
      authType: given.AuthType,
      authorizerUri: given.AuthorizerUri,
      authorizerCredentials: given.AuthorizerCredentials,
      authorizerResultTtlInSeconds: given.AuthorizerResultTtlInSeconds,
      identitySource: given.IdentitySource,
      identityValidationExpression: given.IdentityValidationExpression,
      providerARNs: given.ProviderARNs,
    }),
  ],
});

/** `Ref` is an id of its own. */
export const gatewayResponse: ResourceType = restApiPart({
  type: "AWS::ApiGateway::GatewayResponse",
  properties: {
    ResponseType: required(text("DEFAULT_4XX")),
    StatusCode: optional(text(`"404"`)),
    ResponseParameters: optional(map(text("'*'"))),
    ResponseTemplates: optional(map(text("$context.error.messageString"))),
  },
  attribute: "Id",
  calls: (given) => [
    restCall("PutGatewayResponse", {
      restApiId: given.RestApiId,
      responseType: given.ResponseType,
      statusCode: given.StatusCode,
      responseParameters: given.ResponseParameters,
      responseTemplates: given.ResponseTemplates,
    }),
  ],
});
