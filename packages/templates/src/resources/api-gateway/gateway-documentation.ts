/** AWS::ApiGateway::DocumentationPart and DocumentationVersion. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-documentationpart.html */
import { object } from "../../shapes/collections.ts";
import { choice, text } from "../../shapes/scalars.ts";
import { optional, required } from "../../shapes/shape.ts";
import type { ResourceType } from "../resource-type.ts";
import { restApiPart } from "../api-part.ts";
import { restCall } from "./rest-call.ts";

const location = object({
  Type: optional(
    choice(
      "API",
      "AUTHORIZER",
      "MODEL",
      "RESOURCE",
      "METHOD",
      "PATH_PARAMETER",
      "QUERY_PARAMETER",
      "REQUEST_HEADER",
      "REQUEST_BODY",
      "RESPONSE",
      "RESPONSE_HEADER",
      "RESPONSE_BODY",
    ),
  ),
  Path: optional(text("/orders")),
  Method: optional(text("GET")),
  StatusCode: optional(text(`"200"`)),
  Name: optional(text("q")),
});

/** `Ref` is its id. */
export const gatewayDocumentationPart: ResourceType = restApiPart({
  type: "AWS::ApiGateway::DocumentationPart",
  properties: { Location: required(location), Properties: required(text(`'{"description":"Orders"}'`)) },
  attribute: "DocumentationPartId",
  calls: ({ RestApiId: restApiId, Location: given, Properties: properties }, { ref: documentationPartId }) => {
    const members = { type: given.Type, path: given.Path, method: given.Method, statusCode: given.StatusCode };
    const named = Object.entries({ ...members, name: given.Name }).filter(([, value]) => value !== undefined);
    return [
      restCall("CreateDocumentationPart", {
        restApiId,
        documentationPartId,
        properties,
        location: Object.fromEntries(named),
      }),
    ];
  },
});

/** `Ref` is the version. It holds the parts that were made before it: name them in DependsOn, as AWS wants it too. */
export const gatewayDocumentationVersion: ResourceType = restApiPart({
  type: "AWS::ApiGateway::DocumentationVersion",
  properties: { DocumentationVersion: required(text(`"1.0"`)), Description: optional(text()) },
  identify({ property }) {
    const version = property("DocumentationVersion") ?? "";
    return { physicalId: `${property("RestApiId") ?? ""}/${version}`, ref: version, attributes: {} };
  },
  calls: ({ RestApiId: restApiId, DocumentationVersion: documentationVersion, Description: description }) => [
    restCall("CreateDocumentationVersion", { restApiId, documentationVersion, description }),
  ],
});
