/**
 * OpenAPI 2 and 3 documents as REST APIs. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
 *
 * I1. A document is read whole before anything is changed: what cannot be is an error, what is left out a warning.
 * I2. Merging sets what the document has and keeps the rest; overwriting keeps nothing but the API's id, stages and deployments.
 * I3. `basepath`: ignored, put before every path, or all but its first segment put before them.
 * I4. Path parameters are required of every method below them, declared or not.
 */
import { badRequest } from "../../errors.ts";
import { warningsFound } from "../../openapi/warnings-found.ts";
import type { GatewayHouse } from "../../house.ts";
import { isNode, list, node, type Node, strings, text } from "../../openapi/document-node.ts";
import { parseDocumentText } from "../../openapi/parse-document.ts";
import { definedParts } from "../definition/rest-api-store.ts";
import type { RestApi, RestApiSettings } from "../definition/rest-api.ts";
import { setMember } from "../patch/patch-operations.ts";
import { type DocumentParts, DocumentReader, type ImportOptions } from "./read-document.ts";

/** Throws BadRequestException for a text that is no document of OpenAPI. */
export function parseDocument(body: Uint8Array, house: GatewayHouse, fault = "Invalid OpenAPI input."): Node {
  const document = parseDocumentText(Buffer.from(body).toString(), house.scope);
  if (document === undefined) throw badRequest(fault);
  const isOpenApi =
    document["swagger"] === "2.0" || document["swagger"] === 2 || text(document["openapi"])?.startsWith("3.0") === true;
  if (!isOpenApi) throw badRequest(fault);
  return document;
}

/** What a document says of the API's settings; members that it does not have are absent. */
export function toDocumentSettings(document: Node): Partial<RestApiSettings> {
  const info = node(document["info"]);
  const settings: Partial<RestApiSettings> = {};
  setMember(settings, "name", text(info["title"]));
  setMember(settings, "description", text(info["description"]));
  setMember(settings, "version", text(info["version"]));
  const binary = document["x-amazon-apigateway-binary-media-types"];
  if (Array.isArray(binary)) settings.binaryMediaTypes = binary.map(String);
  const minimum = document["x-amazon-apigateway-minimum-compression-size"];
  if (typeof minimum === "number") settings.minimumCompressionSize = minimum;
  const source = document["x-amazon-apigateway-api-key-source"];
  if (source === "HEADER" || source === "AUTHORIZER") settings.apiKeySource = source;
  const policy = document["x-amazon-apigateway-policy"];
  if (isNode(policy)) settings.policy = JSON.stringify(policy);
  const configuration =
    [document, ...list(document["servers"])]
      .map((one) => node(one["x-amazon-apigateway-endpoint-configuration"]))
      .find((one) => Object.keys(one).length > 0) ?? {};
  if (typeof configuration["disableExecuteApiEndpoint"] === "boolean")
    settings.disableExecuteApiEndpoint = configuration["disableExecuteApiEndpoint"];
  const [type] = strings(configuration["types"]);
  if (type === "EDGE" || type === "REGIONAL" || type === "PRIVATE") settings.endpointType = type;
  return settings;
}

/** What a document makes of an API, whose settings are its own already. Nothing is changed (I1). */
export function readDocument(house: GatewayHouse, api: RestApi, document: Node, options: ImportOptions): DocumentParts {
  const parts = new DocumentReader(house, api, document, options).read();
  if (options.failOnWarnings && parts.warnings.length > 0) throw warningsFound(parts.warnings);
  return parts;
}

/** Keeps it (I2). */
export async function applyDocument(
  { rest }: GatewayHouse,
  api: RestApi,
  parts: DocumentParts,
  mode: ImportOptions["mode"],
): Promise<void> {
  if (mode === "overwrite") await rest.clear(api, definedParts);
  await Promise.all([
    ...parts.resources.map((one) => rest.put(api, "resources", one.id, one)),
    ...parts.models.map((one) => rest.put(api, "models", one.name, one)),
    ...parts.validators.map((one) => rest.put(api, "validators", one.id, one)),
    ...parts.authorizers.map((one) => rest.put(api, "authorizers", one.id, one)),
    ...parts.gatewayResponses.map((one) => rest.put(api, "gatewayResponses", one.responseType, one)),
    ...parts.documentationParts.map((one) => rest.put(api, "documentationParts", one.id, one)),
  ]);
}
