/** AWS::ApiGateway::RestApi. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html */
import { list, map, object, readProperties } from "../../shapes/collections.ts";
import { boolean, choice, integer, json, text } from "../../shapes/scalars.ts";
import { each, optional, type PropertyTable, required, unsupported } from "../../shapes/shape.ts";
import type { PlannedCall } from "../../template-plan.ts";
import { deterministicId } from "../deterministic-id.ts";
import { reasons } from "../reasons.ts";
import { planned, type ResourceType } from "../resource-type.ts";
import { restCall } from "./rest-call.ts";

const properties = {
  Name: optional(text("shop")),
  Description: optional(text()),
  ApiKeySourceType: optional(choice("HEADER", "AUTHORIZER")),
  BinaryMediaTypes: optional(list(text("image/png"))),
  MinimumCompressionSize: optional(integer("1024")),
  DisableExecuteApiEndpoint: optional(boolean()),
  EndpointConfiguration: optional(
    object({
      Types: optional(list(choice("REGIONAL", "EDGE", "PRIVATE"))),
      IpAddressType: optional(choice("ipv4", "dualstack")),
      VpcEndpointIds: unsupported(reasons.network),
    }),
  ),
  Policy: optional(json()),
  Tags: optional(list(object({ Key: required(text("team")), Value: required(text("orders")) }))),
  Body: optional(json()),
  FailOnWarnings: optional(boolean()),
  Mode: optional(choice("overwrite", "merge")),
  Parameters: optional(map(text("prepend"))),
  CloneFrom: optional(text("!Ref OtherApi")),
  ...each(["BodyS3Location", "EndpointAccessMode", "SecurityPolicy"], unsupported(reasons.notYet)),
} satisfies PropertyTable;

/** `Ref` is the id; the id of its root resource is that with `0`. Every apply makes it anew with its parts; what stages serve stays until they are deployed. */
export const gatewayRestApi: ResourceType = {
  type: "AWS::ApiGateway::RestApi",
  properties,
  identify({ stackName, logicalId }) {
    const id = deterministicId(10, stackName, logicalId);
    return { physicalId: id, ref: id, attributes: { RestApiId: id, RootResourceId: `${id}0` } };
  },
  plan(context) {
    const { definition, identity } = context;
    const given = readProperties(definition.properties, properties, "", context.read);
    const restApiId = identity.physicalId;
    const { Body, EndpointConfiguration } = given;
    const tags = Object.fromEntries((given.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
    const create = restCall("CreateRestApi", {
      name: given.Name ?? titleOf(Body) ?? definition.logicalId,
      description: given.Description,
      cloneFrom: given.CloneFrom,
      apiKeySource: given.ApiKeySourceType,
      binaryMediaTypes: given.BinaryMediaTypes,
      minimumCompressionSize: given.MinimumCompressionSize,
      disableExecuteApiEndpoint: given.DisableExecuteApiEndpoint,
      endpointConfiguration:
        EndpointConfiguration === undefined
          ? undefined
          : { types: EndpointConfiguration.Types, ipAddressType: EndpointConfiguration.IpAddressType },
      policy: given.Policy === undefined ? undefined : JSON.stringify(given.Policy),
      tags: { ...tags, "tripline:id": restApiId },
    });
    const calls: PlannedCall[] = [create];
    if (Body !== undefined) calls.push(putBody(restApiId, Body, given));
    return [planned(context, { calls, removal: [restCall("DeleteRestApi", { restApiId })] })];
  },
};

/** The document, put into the API that was made before: what the template says of it beside the document holds where the document says nothing. */
export function putBody(
  restApiId: string,
  body: unknown,
  options: { Name?: string; FailOnWarnings?: boolean; Parameters?: Record<string, string> },
): PlannedCall {
  const { Name: title } = options;
  const named = title !== undefined && isDocument(body) ? { ...body, info: { ...body.info, title } } : body;
  return restCall("PutRestApi", {
    restApiId,
    mode: "merge",
    failOnWarnings: options.FailOnWarnings,
    parameters: options.Parameters,
    body: Buffer.from(typeof named === "string" ? named : JSON.stringify(named)),
  });
}

function isDocument(body: unknown): body is { info?: { title?: unknown } } {
  return typeof body === "object" && body !== null;
}

function titleOf(body: unknown): string | undefined {
  const title = isDocument(body) ? body.info?.title : undefined;
  return typeof title === "string" ? title : undefined;
}
