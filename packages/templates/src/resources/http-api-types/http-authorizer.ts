/** AWS::ApiGatewayV2::Authorizer. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html */
import { list, object } from "../../shapes/collections.ts";
import { boolean, choice, integer, text } from "../../shapes/scalars.ts";
import { optional, required, unsupported } from "../../shapes/shape.ts";
import { httpApiPart } from "../api-part.ts";
import { reasons } from "../reasons.ts";
import type { ResourceType } from "../resource-type.ts";
import { httpCall } from "./http-call.ts";

/** `Ref` is its id. */
export const gatewayV2Authorizer: ResourceType = httpApiPart({
  type: "AWS::ApiGatewayV2::Authorizer",
  properties: {
    Name: required(text("guard")),
    AuthorizerType: required(choice("JWT", "REQUEST")),
    IdentitySource: optional(list(text("$request.header.Authorization"))),
    JwtConfiguration: optional(
      object({
        Issuer: optional(text("https://issuer.example")),
        Audience: optional(list(text("shop"))),
      }),
    ),
    AuthorizerUri: optional(text("!Sub arn:aws:apigateway:…")),
    AuthorizerCredentialsArn: optional(text("!GetAtt Role.Arn")),
    AuthorizerPayloadFormatVersion: optional(choice("2.0", "1.0")),
    AuthorizerResultTtlInSeconds: optional(integer("300")),
    EnableSimpleResponses: optional(boolean()),
    IdentityValidationExpression: unsupported(reasons.webSocket),
  },
  attribute: "AuthorizerId",
  calls: (given, { ref: AuthorizerId }) => [httpCall("CreateAuthorizer", { ...given, AuthorizerId })],
});
