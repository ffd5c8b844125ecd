/**
 * DefinitionBody of AWS::Serverless::Api, with what SAM writes into it: preflights of Cors, and then Auth.
 * https://github.com/aws/serverless-application-model/blob/develop/samtranslator/swagger/swagger.py
 *
 * 1. Authorizers become security schemes, in place of those of the same name. SAM drops the other schemes of an OpenAPI 3 document, and
 *    guards an operation twice that asks for an authorizer of the document's own: here the document keeps them, and they decide alone.
 * 2. The default guards every operation that has an integration, and neither an authorizer nor the scheme NONE. OPTIONS too, unless
 *    AddDefaultAuthorizerToCorsPreflight is false.
 * 3. ApiKeyRequired asks a key of each of them but those that ask for `api_key_false`. OPTIONS too, unless
 *    AddApiKeyRequiredToCorsPreflight is false.
 */
import { type DocumentMap, integratedOperations, isMap, mapAt, securityOf } from "../api-document.ts";
import { type CorsConfiguration, writePreflights } from "./sam-api-cors.ts";
import type { ApiAuth, PlannedAuth } from "./sam-api-auth.ts";

/** A new document. */
export function toRestDocument(
  given: DocumentMap,
  auth: PlannedAuth,
  { Auth = {}, Cors }: { Auth?: ApiAuth; Cors?: CorsConfiguration },
): DocumentMap {
  const document = structuredClone(given);
  if (Cors !== undefined) writePreflights(document, Cors);
  writeAuth(document, auth, Auth);
  return document;
}

function writeAuth(document: DocumentMap, auth: PlannedAuth, settings: ApiAuth): void {
  const { ApiKeyRequired, AddDefaultAuthorizerToCorsPreflight, AddApiKeyRequiredToCorsPreflight } = settings;
  const { schemes, defaultRequirement } = auth;
  if (Object.keys(schemes).length === 0 && ApiKeyRequired !== true) return;
  const written =
    document["swagger"] === undefined
      ? mapAt(mapAt(document, "components"), "securitySchemes")
      : mapAt(document, "securityDefinitions");
  if (ApiKeyRequired === true) written["api_key"] ??= { type: "apiKey", name: "x-api-key", in: "header" };
  Object.assign(written, schemes); // 1
  const guards = Object.entries(written).flatMap(([name, scheme]) => (isGuard(scheme) ? [name] : []));
  for (const { method, operation } of integratedOperations(document)) {
    const isPreflight = method === "options";
    const security = securityOf(operation);
    const guarded =
      defaultRequirement === undefined || (isPreflight && AddDefaultAuthorizerToCorsPreflight === false)
        ? security
        : withDefault(security, guards, defaultRequirement);
    const keyed =
      ApiKeyRequired !== true || (isPreflight && AddApiKeyRequiredToCorsPreflight === false)
        ? guarded
        : withKey(guarded);
    if (keyed !== security) operation["security"] = keyed;
  }
}

function isGuard(scheme: unknown): boolean {
  return isMap(scheme) && ("x-amazon-apigateway-authorizer" in scheme || "x-amazon-apigateway-authtype" in scheme);
}

/** 2 */
function withDefault(
  security: DocumentMap[],
  guards: readonly string[],
  defaultRequirement: DocumentMap,
): DocumentMap[] {
  const isDecided = security.some((one) => "NONE" in one || guards.some((name) => name in one));
  return isDecided ? security : [...security, defaultRequirement];
}

/** 3 */
function withKey(security: DocumentMap[]): DocumentMap[] {
  const isDecided = security.some((one) => "api_key" in one || "api_key_false" in one);
  return isDecided ? security : [...security, { api_key: [] }];
}
