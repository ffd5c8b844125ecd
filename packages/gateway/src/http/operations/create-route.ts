import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, noSuchPart } from "../../errors.ts";
import { type GatewayHouse, newId, refuse } from "../../house.ts";
import { httpApiOf } from "./http-api-of.ts";
import { saveHttpApi } from "./save-http-api.ts";

/** Input of CreateRoute. */
export interface CreateRouteInput {
  ApiId: string;
  RouteKey: string;
  Target?: string;
  AuthorizationType?: string;
}

const routeKeyPattern = /^(?:\$default|(?:ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \/\S*)$/;

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html */
export function createRouteOperation(house: GatewayHouse): Operation<CreateRouteInput, object> {
  return {
    name: "CreateRoute",
    honoured: ["ApiId", "RouteKey", "Target", "AuthorizationType"],
    refused: {
      ...refuse(["AuthorizationScopes", "AuthorizerId"], "authorizers are not simulated yet"),
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
      OperationName: "nothing reads it here",
    },
    async run({ ApiId, RouteKey, Target = "", AuthorizationType = "NONE" }, context) {
      const api = httpApiOf(house, ApiId);
      if (!routeKeyPattern.test(RouteKey) || !isPath(RouteKey.split(" ")[1] ?? "/"))
        throw badRequest(
          'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
        );
      if (AuthorizationType !== "NONE")
        throw badRequest(`Authorization type ${AuthorizationType} is not simulated yet`);
      const integrationId = /^integrations\/(.+)$/.exec(Target)?.[1];
      if (integrationId === undefined) throw badRequest("Target must be integrations/<integration id>");
      if (api.integrations[integrationId] === undefined)
        throw noSuchPart("Integration", "integration id", integrationId);
      if (RouteKey in api.routes && context.upsert !== true)
        throw conflict(`Route with key ${RouteKey} already exists for this API`);
      await saveHttpApi(house, { ...api, routes: { ...api.routes, [RouteKey]: integrationId } });
      return { ApiKeyRequired: false, AuthorizationType, RouteId: newId(house.rng, 7), RouteKey, Target };
    },
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
