/** Routes. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, noSuchPart, notSimulated } from "../../errors.ts";
import { type GatewayHouse, newId, refuse } from "../../house.ts";
import type { HttpApi, RouteDefinition } from "../http-api.ts";
import { httpApiOf } from "./http-api-of.ts";
import { pageMembers, pageOf, type PageInput } from "./page.ts";
import { saveHttpApi } from "./save-http-api.ts";

/** `RouteId` of CreateRoute is for templates. */
interface RouteInput {
  ApiId: string;
  RouteId?: string;
  RouteKey?: string;
  Target?: string;
  AuthorizationType?: string;
  AuthorizerId?: string;
  AuthorizationScopes?: readonly string[];
  OperationName?: string;
}

const refused = {
  ...refuse(
    [
      "ApiKeyRequired",
      "ModelSelectionExpression",
      "RequestModels",
      "RequestParameters",
      "RouteResponseSelectionExpression",
    ],
    "WebSocket APIs are not simulated yet",
  ),
};

const honoured = [
  "ApiId",
  "RouteId",
  "RouteKey",
  "Target",
  "AuthorizationType",
  "AuthorizerId",
  "AuthorizationScopes",
  "OperationName",
];
const scopesMax = 10;

const routeKeyPattern = /^(?:\$default|(?:ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \/\S*)$/;

/** Create, get, list, update, delete. */
export function createRouteOperations(house: GatewayHouse): Operation[] {
  const find = (api: HttpApi, id = ""): RouteDefinition => {
    const route = api.routes[id];
    if (route === undefined) throw noSuchPart("Route", "id", id);
    return route;
  };
  const create: Operation<RouteInput, object> = {
    name: "CreateRoute",
    honoured,
    refused,
    async run(input, context) {
      if (input.RouteId !== undefined && context.upsert !== true) throw badRequest("RouteId cannot be chosen");
      const api = httpApiOf(house, input.ApiId);
      const same = Object.values(api.routes).find((route) => route.routeKey === input.RouteKey);
      const isUpsert = context.upsert === true && same !== undefined;
      const route = toRoute(api, input, {
        id: isUpsert ? same.id : (input.RouteId ?? newId(house.rng, 7)),
        routeKey: "",
      });
      if (!isUpsert) checkKeyIsFree(api, route);
      await saveHttpApi(house, { ...api, routes: { ...api.routes, [route.id]: route } });
      return toWire(api, route);
    },
  };
  const update: Operation<RouteInput, object> = {
    name: "UpdateRoute",
    honoured,
    refused,
    async run(input) {
      const api = httpApiOf(house, input.ApiId);
      const route = toRoute(api, input, find(api, input.RouteId));
      checkKeyIsFree(api, route);
      await saveHttpApi(house, { ...api, routes: { ...api.routes, [route.id]: route } });
      return toWire(api, route);
    },
  };
  const get: Operation<RouteInput, object> = {
    name: "GetRoute",
    honoured: ["ApiId", "RouteId"],
    async run({ ApiId, RouteId }) {
      const api = httpApiOf(house, ApiId);
      return toWire(api, find(api, RouteId));
    },
  };
  const list: Operation<RouteInput & PageInput, object> = {
    name: "GetRoutes",
    honoured: ["ApiId", ...pageMembers],
    async run(input) {
      const api = httpApiOf(house, input.ApiId);
      return pageOf(Object.values(api.routes), input, (route) => toWire(api, route));
    },
  };
  const remove: Operation<RouteInput, object> = {
    name: "DeleteRoute",
    honoured: ["ApiId", "RouteId"],
    async run({ ApiId, RouteId = "" }) {
      const api = httpApiOf(house, ApiId);
      find(api, RouteId);
      const { [RouteId]: _gone, ...routes } = api.routes;
      await saveHttpApi(house, { ...api, routes });
      return {};
    },
  };
  return [create, update, get, list, remove];
}

/** `known`, with what the input says. */
export function toRoute(api: HttpApi, input: RouteInput, known: RouteDefinition): RouteDefinition {
  const { RouteKey = known.routeKey, Target, OperationName } = input;
  if (!routeKeyPattern.test(RouteKey) || !isPath(RouteKey.split(" ")[1] ?? "/"))
    throw badRequest(
      'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
    );
  if (known.isManaged === true && RouteKey !== known.routeKey)
    throw badRequest("The key of a route that quick create made cannot be changed");
  const integrationId = Target === undefined ? known.integrationId : /^integrations\/(.+)$/.exec(Target)?.[1];
  if (Target !== undefined && integrationId === undefined)
    throw badRequest("Target must be integrations/<integration id>");
  if (integrationId !== undefined && api.integrations[integrationId] === undefined)
    throw noSuchPart("Integration", "integration id", integrationId);
  const { authorizerId: _authorizer, scopes: _scopes, ...kept } = known;
  return {
    ...kept,
    routeKey: RouteKey,
    ...toAuthorization(api, input, known),
    ...(integrationId === undefined ? {} : { integrationId }),
    ...(OperationName === undefined ? {} : { operationName: OperationName }),
  };
}

/** Who is let in, as the input says it, or as it was. */
function toAuthorization(
  api: HttpApi,
  input: RouteInput,
  known: RouteDefinition,
): Pick<RouteDefinition, "authorizerId" | "scopes"> {
  const { AuthorizationType: type = authorizationTypeOf(api, known), AuthorizationScopes: given } = input;
  if (type === "AWS_IAM")
    throw notSimulated("the authorization type AWS_IAM of HTTP APIs yet: use a JWT or a Lambda authorizer");
  if (type !== "NONE" && type !== "JWT" && type !== "CUSTOM")
    throw badRequest(`Invalid authorization type ${type} specified. An HTTP API has NONE, AWS_IAM, CUSTOM and JWT`);
  if (given !== undefined && given.length > 0 && type !== "JWT")
    throw badRequest(
      "Invalid Route authorization type specified. Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization types",
    );
  if (type === "NONE") {
    if (input.AuthorizerId !== undefined) throw badRequest("AuthorizerId needs the authorization type CUSTOM or JWT");
    return {};
  }
  const authorizerId = input.AuthorizerId ?? known.authorizerId ?? "";
  if (api.authorizers[authorizerId]?.type !== (type === "JWT" ? "JWT" : "REQUEST"))
    throw badRequest(
      `Invalid authorizer ID specified. Setting the authorization type to ${type === "JWT" ? "JWT requires a valid JWT" : "CUSTOM or COGNITO_USER_POOLS requires a valid"} authorizer.`,
    );
  const scopes = type === "JWT" ? (given ?? known.scopes ?? []) : [];
  if (scopes.length > scopesMax || scopes.includes(""))
    throw badRequest(`A route has up to ${scopesMax} authorization scopes, none of them empty`);
  return { authorizerId, ...(scopes.length === 0 ? {} : { scopes }) };
}

function authorizationTypeOf(api: HttpApi, { authorizerId = "" }: RouteDefinition): "NONE" | "JWT" | "CUSTOM" {
  const type = api.authorizers[authorizerId]?.type;
  return type === undefined ? "NONE" : type === "JWT" ? "JWT" : "CUSTOM";
}

/** Throws ConflictException where another route has that key. */
export function checkKeyIsFree(api: HttpApi, { id, routeKey }: RouteDefinition): void {
  if (Object.values(api.routes).some((one) => one.routeKey === routeKey && one.id !== id))
    throw conflict(`Route with key ${routeKey} already exists for this API`);
}

function toWire(api: HttpApi, route: RouteDefinition): object {
  const { id, routeKey, integrationId, operationName, authorizerId, scopes, isManaged } = route;
  return {
    ApiKeyRequired: false,
    AuthorizationType: authorizationTypeOf(api, route),
    ...(authorizerId === undefined ? {} : { AuthorizerId: authorizerId }),
    ...(scopes === undefined ? {} : { AuthorizationScopes: scopes }),
    RouteId: id,
    RouteKey: routeKey,
    ...(isManaged === true ? { ApiGatewayManaged: true } : {}),
    ...(integrationId === undefined ? {} : { Target: `integrations/${integrationId}` }),
    ...(operationName === undefined ? {} : { OperationName: operationName }),
  };
}

/** Variables are whole segments, a greedy one the last. */
function isPath(path: string): boolean {
  const segments = path.split("/").slice(1);
  return segments.every((segment, index) => {
    if (!/[{}]/.test(segment)) return true;
    if (/^\{[\w.:-]+\}$/.test(segment)) return true;
    return index === segments.length - 1 && /^\{[\w.:-]+\+\}$/.test(segment);
  });
}
