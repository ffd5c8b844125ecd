/** Integrations, routes, deployments and stages of HTTP APIs. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGatewayV2.html */
import { list, map, object } from "../../shapes/collections.ts";
import { boolean, choice, integer, text } from "../../shapes/scalars.ts";
import { each, optional, required, unsupported } from "../../shapes/shape.ts";
import { httpApiPart } from "../api-part.ts";
import { reasons } from "../reasons.ts";
import type { ResourceType } from "../resource-type.ts";
import { httpCall } from "./http-call.ts";
import { httpStageSettings } from "./http-stage-settings.ts";

const responseMapping = object({
  ResponseParameters: optional(
    list(
      object({
        Destination: required(text("overwrite:statuscode")),
        Source: required(text(`"403"`)),
      }),
    ),
  ),
});

/** `Ref` is its id. */
export const gatewayV2Integration: ResourceType = httpApiPart({
  type: "AWS::ApiGatewayV2::Integration",
  properties: {
    IntegrationType: required(choice("AWS_PROXY", "HTTP_PROXY", "AWS", "HTTP", "MOCK")),
    IntegrationUri: optional(text("!GetAtt Function.Arn")),
    IntegrationSubtype: optional(text("SQS-SendMessage")),
    IntegrationMethod: optional(text("POST")),
    PayloadFormatVersion: optional(choice("2.0", "1.0")),
    TimeoutInMillis: optional(integer("30000")),
    Description: optional(text()),
    CredentialsArn: optional(text("!GetAtt Role.Arn")),
    ConnectionType: optional(choice("INTERNET", "VPC_LINK")),
    ConnectionId: optional(text("!Ref Link")),
    TlsConfig: optional(object({ ServerNameToVerify: optional(text("example.com")) })),
    RequestParameters: optional(map(text("$request.header.x"))),
    ResponseParameters: optional(map(responseMapping)),
    ...each(
      ["ContentHandlingStrategy", "PassthroughBehavior", "RequestTemplates", "TemplateSelectionExpression"],
      unsupported(reasons.webSocket),
    ),
  },
  attribute: "IntegrationId",
  calls: ({ ConnectionType, ResponseParameters, ...given }, { ref: IntegrationId }) => [
    httpCall("CreateIntegration", {
      ...given,
      IntegrationId,
      ConnectionType: ConnectionType === "INTERNET" ? undefined : ConnectionType,
      ResponseParameters:
        ResponseParameters === undefined
          ? undefined
          : Object.fromEntries(
              Object.entries(ResponseParameters).map(([status, { ResponseParameters: mappings = [] }]) => [
                status,
                Object.fromEntries(mappings.map(({ Destination, Source }) => [Destination, Source])),
              ]),
            ),
    }),
  ],
});

/** `Ref` is its id. */
export const gatewayV2Route: ResourceType = httpApiPart({
  type: "AWS::ApiGatewayV2::Route",
  properties: {
    RouteKey: required(text("GET /orders")),
    Target: optional(text("!Sub integrations/${Integration}")),
    AuthorizationType: optional(choice("NONE", "JWT", "CUSTOM", "AWS_IAM")),
    AuthorizerId: optional(text("!Ref Authorizer")),
    AuthorizationScopes: optional(list(text("shop/read"))),
    OperationName: optional(text("ListOrders")),
    ...each(
      [
        "ApiKeyRequired",
        "ModelSelectionExpression",
        "RequestModels",
        "RequestParameters",
        "RouteResponseSelectionExpression",
      ],
      unsupported(reasons.webSocket),
    ),
  },
  attribute: "RouteId",
  calls: (given, { ref: RouteId }) => [httpCall("CreateRoute", { ...given, RouteId })],
});

/** `Ref` is its id. It is made anew at each apply, after everything that it depends on: name the routes in DependsOn, as AWS wants it too. */
export const gatewayV2Deployment: ResourceType = httpApiPart({
  type: "AWS::ApiGatewayV2::Deployment",
  properties: { Description: optional(text()), StageName: optional(text("live")) },
  attribute: "DeploymentId",
  calls: (given, { ref: DeploymentId }) => [httpCall("CreateDeployment", { ...given, DeploymentId })],
});

/** `Ref` is its name. */
export const gatewayV2Stage: ResourceType = httpApiPart({
  type: "AWS::ApiGatewayV2::Stage",
  properties: {
    StageName: required(text("$default")),
    AutoDeploy: optional(boolean()),
    DeploymentId: optional(text("!Ref Deployment")),
    Description: optional(text()),
    ...httpStageSettings,
    Tags: optional(map(text("orders"))),
    ...each(["AccessPolicyId", "ClientCertificateId"], unsupported(reasons.webSocket)),
  },
  identify({ property }) {
    const name = property("StageName") ?? "";
    return { physicalId: `${property("ApiId") ?? ""}/${name}`, ref: name, attributes: {} };
  },
  calls: (given) => [httpCall("CreateStage", given)],
});
