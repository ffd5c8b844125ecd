/** AWS::ApiGateway::Resource and AWS::ApiGateway::Method. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html */
import { list, map, object } from "../../shapes/collections.ts";
import { boolean, choice, integer, text } from "../../shapes/scalars.ts";
import { each, optional, required, unsupported } from "../../shapes/shape.ts";
import type { PlannedCall } from "../../template-plan.ts";
import { reasons } from "../reasons.ts";
import type { ResourceType } from "../resource-type.ts";
import { restApiPart } from "../api-part.ts";
import { restCall } from "./rest-call.ts";

/** `Ref` is its id. */
export const gatewayResource: ResourceType = restApiPart({
  type: "AWS::ApiGateway::Resource",
  properties: { ParentId: required(text("!GetAtt ShopApi.RootResourceId")), PathPart: required(text("orders")) },
  attribute: "ResourceId",
  calls: ({ RestApiId: restApiId, ParentId: parentId, PathPart: pathPart }, { ref: resourceId }) => [
    restCall("CreateResource", { restApiId, parentId, pathPart, resourceId }),
  ],
});

const handling = choice("CONVERT_TO_TEXT", "CONVERT_TO_BINARY");
const integrationResponse = object({
  StatusCode: required(text(`"200"`)),
  SelectionPattern: optional(text(`".*Bad.*"`)),
  ContentHandling: optional(handling),
  ResponseParameters: optional(map(text("integration.response.header.x"))),
  ResponseTemplates: optional(map(text("$input.json('$')"))),
});
const integration = object({
  Type: required(choice("AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK")),
  Uri: optional(text("https://example.com")),
  IntegrationHttpMethod: optional(text("POST")),
  Credentials: optional(text("!GetAtt Role.Arn")),
  ConnectionType: optional(text("INTERNET")),
  CacheKeyParameters: optional(list(text("method.request.querystring.q"))),
  CacheNamespace: optional(text()),
  ContentHandling: optional(handling),
  PassthroughBehavior: optional(choice("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")),
  RequestParameters: optional(map(text("method.request.querystring.q"))),
  RequestTemplates: optional(map(text("$input.json('$')"))),
  TimeoutInMillis: optional(integer("29000")),
  ResponseTransferMode: optional(text("BUFFERED")),
  IntegrationResponses: optional(list(integrationResponse)),
  ...each(["ConnectionId", "IntegrationTarget"], unsupported(reasons.network)),
});
const methodResponse = object({
  StatusCode: required(text(`"200"`)),
  ResponseModels: optional(map(text("Empty"))),
  ResponseParameters: optional(map(boolean())),
});

/** `Ref` is an id of its own, as on AWS. */
export const gatewayMethod: ResourceType = restApiPart({
  type: "AWS::ApiGateway::Method",
  properties: {
    ResourceId: required(text("!Ref OrdersResource")),
    HttpMethod: required(text("GET")),
    AuthorizationType: optional(text("NONE")),
    AuthorizerId: optional(text("!Ref Authorizer")),
    AuthorizationScopes: optional(list(text("shop/read"))),
    ApiKeyRequired: optional(boolean()),
    OperationName: optional(text("ListOrders")),
    RequestModels: optional(map(text("Order"))),
    RequestParameters: optional(map(boolean())),
    RequestValidatorId: optional(text("!Ref Validator")),
    MethodResponses: optional(list(methodResponse)),
    Integration: optional(integration),
  },
  calls(given) {
    const method = { restApiId: given.RestApiId, resourceId: given.ResourceId, httpMethod: given.HttpMethod };
    const calls: PlannedCall[] = [
      restCall("PutMethod", {
        ...method,
        authorizationType: given.AuthorizationType ?? "NONE",
        authorizerId: given.AuthorizerId,
        authorizationScopes: given.AuthorizationScopes,
        apiKeyRequired: given.ApiKeyRequired,
        operationName: given.OperationName,
        requestModels: given.RequestModels,
        requestParameters: given.RequestParameters,
        requestValidatorId: given.RequestValidatorId,
      }),
    ];
    for (const one of given.MethodResponses ?? [])
      calls.push(
        restCall("PutMethodResponse", {
          ...method,
          statusCode: one.StatusCode,
          responseModels: one.ResponseModels,
          responseParameters: one.ResponseParameters,
        }),
      );
    const to = given.Integration;
    if (to === undefined) return calls;
    calls.push(
      restCall("PutIntegration", {
        ...method,
        type: to.Type,
        uri: to.Uri,
        integrationHttpMethod: to.IntegrationHttpMethod,
        credentials: to.Credentials,
        connectionType: to.ConnectionType,
        cacheKeyParameters: to.CacheKeyParameters,
        cacheNamespace: to.CacheNamespace,
        contentHandling: to.ContentHandling,
        passthroughBehavior: to.PassthroughBehavior,
        requestParameters: to.RequestParameters,
        requestTemplates: to.RequestTemplates,
        timeoutInMillis: to.TimeoutInMillis,
        responseTransferMode: to.ResponseTransferMode,
      }),
    );
    for (const one of to.IntegrationResponses ?? [])
      calls.push(
        restCall("PutIntegrationResponse", {
          ...method,
          statusCode: one.StatusCode,
          selectionPattern: one.SelectionPattern,
          contentHandling: one.ContentHandling,
          responseParameters: one.ResponseParameters,
          responseTemplates: one.ResponseTemplates,
        }),
      );
    return calls;
  },
});
