/**
 * DefinitionBody of AWS::Serverless::HttpApi, with what SAM writes into it: the authorizers, the routes of events, and who is let in.
 * https://github.com/aws/serverless-application-model/blob/develop/samtranslator/open_api/open_api.py
 *
 * 1. Authorizers become security schemes, in place of those of the same name.
 * 2. An operation that the document integrates itself keeps that, and an event's route adds its authorizer to it.
 * 3. The default guards every operation that has an integration and no security, but OPTIONS.
 * 4. The scheme NONE lets everyone in, where the document has no scheme of that name.
 */
import type { Scope } from "@tripline/kernel";
import {
  anyMethod,
  type DocumentMap,
  integratedOperations,
  integrationKey,
  isMap,
  mapAt,
  securityOf,
} from "../api-document.ts";
import type { Route } from "../route.ts";
import type { Guard, PlannedHttpAuth } from "./sam-http-auth.ts";

/** A new document. */
export function toHttpDocument(
  given: DocumentMap,
  routes: readonly Route[],
  auth: PlannedHttpAuth,
  scope: Scope,
): DocumentMap {
  const document = structuredClone(given);
  if (Object.keys(auth.schemes).length > 0)
    Object.assign(mapAt(mapAt(document, "components"), "securitySchemes"), auth.schemes); // 1
  for (const route of routes) addRoute(document, route, auth, scope);
  const isNoneAScheme =
    isMap(document["components"]) && "NONE" in mapAt(mapAt(document, "components"), "securitySchemes");
  for (const { method, operation } of integratedOperations(document)) {
    const security = securityOf(operation);
    if (security.length === 0 && method !== "options" && auth.defaultGuard !== undefined)
      operation["security"] = [toRequirement(auth.defaultGuard)]; // 3
    if (!isNoneAScheme && security.some((one) => "NONE" in one)) operation["security"] = []; // 4
  }
  return document;
}

function addRoute(document: DocumentMap, route: Route, auth: PlannedHttpAuth, { region }: Scope): void {
  const isDefault = route.path === "$default";
  const path = mapAt(mapAt(document, "paths"), isDefault ? "/$default" : route.path);
  const method = isDefault || route.method === "ANY" ? anyMethod : route.method.toLowerCase();
  const operation = mapAt(path, method);
  if (isDefault) operation["isDefaultRoute"] = true;
  operation[integrationKey] ??= {
    type: "aws_proxy",
    httpMethod: "POST",
    payloadFormatVersion: route.payloadFormatVersion,
    uri: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${route.functionArn}/invocations`,
    timeoutInMillis: route.timeoutMs,
  }; // 2
  const guard = auth.guardOf(route);
  const isOwn = (route.auth?.Authorizer ?? route.auth?.AuthorizationScopes) !== undefined;
  if (isOwn)
    operation["security"] = [...securityOf(operation), guard === undefined ? { NONE: [] } : toRequirement(guard)];
}

function toRequirement({ name, scopes = [] }: Guard): DocumentMap {
  return { [name]: scopes };
}
