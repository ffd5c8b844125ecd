/** `x-amazon-apigateway-documentation` of a document. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-documentation.html */
import { type DocumentationPart, isSameLocation, toLocation } from "../definition/documentation.ts";
import type { RestApi } from "../definition/rest-api.ts";
import { list, node, type Node } from "../../openapi/document-node.ts";

/** Its parts, each under the id of the part that the API has of the same; what cannot be is a warning. The version that an export has written is not read. */
export function readDocumentation(
  api: RestApi,
  document: Node,
  newPartId: () => string,
): { parts: DocumentationPart[]; warnings: string[] } {
  const parts: DocumentationPart[] = [];
  const warnings: string[] = [];
  for (const given of list(node(document["x-amazon-apigateway-documentation"])["documentationParts"])) {
    const location = toLocation(node(given["location"]));
    if (typeof location === "string") {
      warnings.push(`A documentation part was left out: ${location}`);
      continue;
    }
    const known = [...api.documentationParts.values()].find((one) => isSameLocation(one.location, location));
    parts.push({ id: known?.id ?? newPartId(), location, properties: JSON.stringify(node(given["properties"])) });
  }
  return { parts, warnings };
}
