/** AWS::ApiGatewayV2::Api. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-api.html */
import { map, readProperties } from "../../shapes/collections.ts";
import { boolean, choice, json, text } from "../../shapes/scalars.ts";
import { each, optional, type PropertyTable, unsupported, withoutEffect } from "../../shapes/shape.ts";
import type { PlannedCall } from "../../template-plan.ts";
import { deterministicId } from "../deterministic-id.ts";
import { reasons } from "../reasons.ts";
import { type Identity, type IdentityContext, placeOfProperty, planned, type ResourceType } from "../resource-type.ts";
import { httpCall } from "./http-call.ts";
import { httpCors } from "./http-cors.ts";

const properties = {
  Name: optional(text("shop")),
  ProtocolType: optional(choice("HTTP", "WEBSOCKET")),
  Description: optional(text()),
  Version: optional(text(`"1"`)),
  CorsConfiguration: optional(httpCors),
  DisableExecuteApiEndpoint: optional(boolean()),
  RouteSelectionExpression: optional(choice("${request.method} ${request.path}", "$request.method $request.path")),
  Tags: optional(map(text("orders"))),
  Target: optional(text("!GetAtt Function.Arn")),
  RouteKey: optional(text("GET /orders")),
  CredentialsArn: optional(text("!GetAtt Role.Arn")),
  Body: optional(json()),
  BasePath: optional(choice("ignore", "prepend", "split")),
  FailOnWarnings: optional(boolean()),
  IpAddressType: withoutEffect("The gateway listens where it is told to."),
  ...each(["ApiKeySelectionExpression", "DisableSchemaValidation"], unsupported(reasons.webSocket)),
  BodyS3Location: unsupported(reasons.notYet),
} satisfies PropertyTable;

/** The id that an API keeps, and what it is called by. */
export function identifyHttpApi({ scope, stackName, logicalId }: IdentityContext): Identity {
  const id = deterministicId(10, stackName, logicalId);
  return {
    physicalId: id,
    ref: id,
    attributes: { ApiId: id, ApiEndpoint: `https://${id}.execute-api.${scope.region}.amazonaws.com` },
  };
}

/** `Ref` is its id. Every apply makes it anew with its parts; what stages serve stays until they are made again. */
export const gatewayV2Api: ResourceType = {
  type: "AWS::ApiGatewayV2::Api",
  properties,
  identify: identifyHttpApi,
  plan(context) {
    const { definition, identity } = context;
    const given = readProperties(definition.properties, properties, "", context.read);
    if (given.ProtocolType === "WEBSOCKET") {
      context.skip(reasons.webSocket, "ProtocolType", placeOfProperty(definition, "ProtocolType"));
      return [];
    }
    const ApiId = identity.physicalId;
    const calls: PlannedCall[] = [
      httpCall("CreateApi", {
        Name: given.Name ?? titleOf(given.Body) ?? definition.logicalId,
        ProtocolType: "HTTP",
        Description: given.Description,
        Version: given.Version,
        CorsConfiguration: given.CorsConfiguration,
        DisableExecuteApiEndpoint: given.DisableExecuteApiEndpoint,
        Target: given.Target,
        RouteKey: given.RouteKey,
        CredentialsArn: given.CredentialsArn,
        Tags: { ...given.Tags, "tripline:id": ApiId },
      }),
    ];
    if (given.Body !== undefined) calls.push(...reimport(ApiId, given.Body, given));
    return [planned(context, { calls, removal: [httpCall("DeleteApi", { ApiId })] })];
  },
};

/** What a template says of an API beside its document. */
export interface BesideDocument {
  Name?: string;
  Description?: string;
  CorsConfiguration?: object | undefined;
  DisableExecuteApiEndpoint?: boolean;
  BasePath?: string;
  FailOnWarnings?: boolean;
}

/** The document, put into the API that was made before, and then what the template says beside it, which outranks it. */
export function reimport(ApiId: string, body: unknown, given: BesideDocument): PlannedCall[] {
  const { Name, Description, CorsConfiguration, DisableExecuteApiEndpoint, BasePath, FailOnWarnings } = given;
  const outranking = { Name, Description, CorsConfiguration, DisableExecuteApiEndpoint };
  const isAny = Object.values(outranking).some((value) => value !== undefined);
  return [
    httpCall("ReimportApi", {
      ApiId,
      Body: typeof body === "string" ? body : JSON.stringify(body),
      Basepath: BasePath,
      FailOnWarnings,
    }),
    ...(isAny ? [httpCall("UpdateApi", { ApiId, ...outranking })] : []),
  ];
}

/** The title of a document. */
export function titleOf(body: unknown): string | undefined {
  const { info } = (typeof body === "object" && body !== null ? body : {}) as { info?: { title?: unknown } };
  return typeof info?.title === "string" ? info.title : undefined;
}
