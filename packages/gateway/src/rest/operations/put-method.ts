import type { Operation } from "@tripline/kernel";
import { badRequest, conflict } from "../../errors.ts";
import { type GatewayHouse, refuse } from "../../house.ts";
import type { RestApi } from "../rest-api.ts";
import { resourceOf, restApiOf } from "./rest-api-of.ts";

/** Input of PutMethod. */
export interface PutMethodInput {
  restApiId: string;
  resourceId: string;
  httpMethod: string;
  authorizationType: string;
  apiKeyRequired?: boolean;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html */
export function putMethodOperation(house: GatewayHouse): Operation<PutMethodInput, object> {
  return {
    name: "PutMethod",
    honoured: ["restApiId", "resourceId", "httpMethod", "authorizationType", "apiKeyRequired"],
    refused: {
      ...refuse(["authorizerId", "authorizationScopes"], "authorizers are not simulated yet"),
      ...refuse(
        ["requestParameters", "requestModels", "requestValidatorId"],
        "request validation is not simulated yet",
      ),
      operationName: "nothing reads it here",
    },
    async run({ restApiId, resourceId, httpMethod, authorizationType, apiKeyRequired = false }, context) {
      const api = restApiOf(house, restApiId);
      const resource = resourceOf(api, resourceId);
      if (!/^(?:ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT)$/.test(httpMethod))
        throw badRequest("Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY");
      if (authorizationType !== "NONE")
        throw badRequest(`Authorization type ${authorizationType} is not simulated yet`);
      if (apiKeyRequired) throw badRequest("API keys are not simulated yet");
      if (httpMethod in resource.methods && context.upsert !== true)
        throw conflict("Method already exists for this resource");
      await house.apis.put(withMethod(api, resourceId, httpMethod, {}));
      return { httpMethod, authorizationType, apiKeyRequired };
    },
  };
}

/** `api` with that method of that resource. */
export function withMethod(
  api: RestApi,
  resourceId: string,
  httpMethod: string,
  method: { functionArn?: string; timeoutMs?: number },
): RestApi {
  const resource = resourceOf(api, resourceId);
  const methods = { ...resource.methods, [httpMethod]: method };
  return { ...api, resources: { ...api.resources, [resourceId]: { ...resource, methods } } };
}
