/** Routes. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, noSuchPart } from "../../errors.ts";
import { type GatewayHouse, newId, refuse } from "../../house.ts";
import type { HttpApi, RouteDefinition } from "../http-api.ts";
import { httpApiOf } from "./http-api-of.ts";
import { pageMembers, pageOf, type PageInput } from "./page.ts";
import { saveHttpApi } from "./save-http-api.ts";

interface RouteInput {
  ApiId: string;
  RouteId: string;
  RouteKey?: string;
  Target?: string;
  AuthorizationType?: string;
  OperationName?: string;
}

const refused = {
  ...refuse(["AuthorizationScopes", "AuthorizerId"], "authorizers of HTTP APIs are not simulated yet"),
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

const routeKeyPattern = /^(?:\$default|(?:ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \/\S*)$/;

/** Create, get, list, update, delete. */
export function createRouteOperations(house: GatewayHouse): Operation[] {
  const find = (api: HttpApi, id: string): RouteDefinition => {
    const route = api.routes[id];
    if (route === undefined) throw noSuchPart("Route", "id", id);
    return route;
  };
  const create: Operation<RouteInput, object> = {
    name: "CreateRoute",
    honoured: ["ApiId", "RouteKey", "Target", "AuthorizationType", "OperationName"],
    refused,
    async run(input, context) {
      const api = httpApiOf(house, input.ApiId);
      const same = Object.values(api.routes).find((route) => route.routeKey === input.RouteKey);
      const isUpsert = context.upsert === true && same !== undefined;
      const route = toRoute(api, input, { id: isUpsert ? same.id : newId(house.rng, 7), routeKey: "" });
      if (!isUpsert) checkKeyIsFree(api, route);
      await saveHttpApi(house, { ...api, routes: { ...api.routes, [route.id]: route } });
      return toWire(route);
    },
  };
  const update: Operation<RouteInput, object> = {
    name: "UpdateRoute",
    honoured: ["ApiId", "RouteId", "RouteKey", "Target", "AuthorizationType", "OperationName"],
    refused,
    async run(input) {
      const api = httpApiOf(house, input.ApiId);
      const route = toRoute(api, input, find(api, input.RouteId));
      checkKeyIsFree(api, route);
      await saveHttpApi(house, { ...api, routes: { ...api.routes, [route.id]: route } });
      return toWire(route);
    },
  };
  const get: Operation<RouteInput, object> = {
    name: "GetRoute",
    honoured: ["ApiId", "RouteId"],
    run: async ({ ApiId, RouteId }) => toWire(find(httpApiOf(house, ApiId), RouteId)),
  };
  const list: Operation<RouteInput & PageInput, object> = {
    name: "GetRoutes",
    honoured: ["ApiId", ...pageMembers],
    run: async (input) => pageOf(Object.values(httpApiOf(house, input.ApiId).routes), input, toWire),
  };
  const remove: Operation<RouteInput, object> = {
    name: "DeleteRoute",
    honoured: ["ApiId", "RouteId"],
    async run({ ApiId, RouteId }) {
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
  const { RouteKey = known.routeKey, Target, AuthorizationType = "NONE", OperationName } = input;
  if (!routeKeyPattern.test(RouteKey) || !isPath(RouteKey.split(" ")[1] ?? "/"))
    throw badRequest(
      'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
    );
  if (known.isManaged === true && RouteKey !== known.routeKey)
    throw badRequest("The key of a route that quick create made cannot be changed");
  if (AuthorizationType !== "NONE") throw badRequest(`Authorization type ${AuthorizationType} is not simulated yet`);
  const integrationId = Target === undefined ? known.integrationId : /^integrations\/(.+)$/.exec(Target)?.[1];
  if (Target !== undefined && integrationId === undefined)
    throw badRequest("Target must be integrations/<integration id>");
  if (integrationId !== undefined && api.integrations[integrationId] === undefined)
    throw noSuchPart("Integration", "integration id", integrationId);
  return {
    ...known,
    routeKey: RouteKey,
    ...(integrationId === undefined ? {} : { integrationId }),
    ...(OperationName === undefined ? {} : { operationName: OperationName }),
  };
}

function checkKeyIsFree(api: HttpApi, { id, routeKey }: RouteDefinition): void {
  if (Object.values(api.routes).some((one) => one.routeKey === routeKey && one.id !== id))
    throw conflict(`Route with key ${routeKey} already exists for this API`);
}

function toWire({ id, routeKey, integrationId, operationName, isManaged }: RouteDefinition): object {
  return {
    ApiKeyRequired: false,
    AuthorizationType: "NONE",
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
