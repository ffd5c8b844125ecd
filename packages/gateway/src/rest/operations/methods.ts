/** PutMethod, GetMethod, UpdateMethod, DeleteMethod. https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, notSimulated } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import type { RestApi, RestMethod } from "../definition/rest-api.ts";
import { checkExpression } from "../mapping/mapping-expression.ts";
import { applyPatch, mapEntry, type PatchOperation, setMember, toBoolean } from "../patch/patch-operations.ts";
import { methodMembers, methodOf, type MethodInput, resourceOf, saveMethod } from "./find.ts";
import { restOperation } from "./rest-operation.ts";

/** Input of PutMethod. */
export interface PutMethodInput extends MethodInput {
  authorizationType: string;
  authorizerId?: string;
  authorizationScopes?: string[];
  apiKeyRequired?: boolean;
  operationName?: string;
  requestParameters?: Record<string, boolean>;
  requestModels?: Record<string, string>;
  requestValidatorId?: string;
}

/** The operations of methods. */
export function methodOperations(house: GatewayHouse): Operation[] {
  return [
    restOperation<PutMethodInput>(
      "PutMethod",
      [
        ...methodMembers,
        "authorizationType",
        "authorizerId",
        "authorizationScopes",
        "apiKeyRequired",
        "operationName",
        "requestParameters",
        "requestModels",
        "requestValidatorId",
      ],
      async (input, context) => {
        const found = resourceOf(house, input.restApiId, input.resourceId);
        const { httpMethod } = input;
        if (!/^(?:ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT)$/.test(httpMethod))
          throw badRequest(
            "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY",
          );
        const method = toMethod(found.api, input);
        if (httpMethod in found.resource.methods && context.upsert !== true)
          throw conflict("Method already exists for this resource");
        await saveMethod(house, found, httpMethod, method);
        return toWireMethod(method);
      },
    ),
    restOperation<MethodInput>("GetMethod", methodMembers, async (input) =>
      toWireMethod(methodOf(house, input).method),
    ),
    restOperation<MethodInput & { patchOperations?: PatchOperation[] }>(
      "UpdateMethod",
      [...methodMembers, "patchOperations"],
      async (input) => {
        const found = methodOf(house, input);
        const method = patchMethod(found.api, found.method, input.patchOperations);
        await saveMethod(house, found, input.httpMethod, method);
        return toWireMethod(method);
      },
    ),
    restOperation<MethodInput>("DeleteMethod", methodMembers, async (input) => {
      await saveMethod(house, methodOf(house, input), input.httpMethod, undefined);
      return {};
    }),
  ];
}

/** Checks and makes a method, as PutMethod and an import do. */
export function toMethod(api: RestApi, input: Omit<PutMethodInput, "restApiId" | "resourceId">): RestMethod {
  const { httpMethod, authorizerId, authorizationScopes, apiKeyRequired = false } = input;
  // AWS takes `none` too.
  const method: RestMethod = { httpMethod, authorizationType: input.authorizationType.toUpperCase(), apiKeyRequired };
  setMember(method, "authorizerId", authorizerId);
  setMember(method, "authorizationScopes", authorizationScopes);
  setMember(method, "operationName", input.operationName);
  setMember(method, "requestParameters", input.requestParameters);
  setMember(method, "requestModels", input.requestModels);
  setMember(method, "requestValidatorId", input.requestValidatorId);
  return checkMethod(api, method);
}

/** Throws what AWS answers to a method that cannot be; an authorizer that the type of authorization does not take is dropped. */
function checkMethod(api: RestApi, method: RestMethod): RestMethod {
  const { authorizationType: type, authorizerId, requestValidatorId } = method;
  if (type === "AWS_IAM") throw notSimulated("AWS_IAM authorization: signatures are not verified yet");
  if (type !== "NONE" && type !== "CUSTOM" && type !== "COGNITO_USER_POOLS")
    throw badRequest(`Invalid authorization type specified: ${type}`);
  const authorizer = authorizerId === undefined ? undefined : api.authorizers.get(authorizerId);
  if (
    type !== "NONE" &&
    (authorizer === undefined || (authorizer.type === "COGNITO_USER_POOLS") !== (type === "COGNITO_USER_POOLS"))
  )
    throw badRequest(
      "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
    );
  if (requestValidatorId !== undefined && !api.validators.has(requestValidatorId))
    throw badRequest("Invalid Request Validator identifier specified");
  for (const model of Object.values(method.requestModels ?? {}))
    if (!api.models.has(model)) throw badRequest(`Invalid model identifier specified: ${model}`);
  checkParameterNames(Object.keys(method.requestParameters ?? {}));
  if (type !== "NONE") return method;
  const { authorizerId: _unused, ...rest } = method;
  return rest;
}

function checkParameterNames(expressions: readonly string[]): void {
  for (const expression of expressions) checkExpression("methodRequest", expression);
  const names = expressions.map((one) => one.split(".").slice(3).join("."));
  if (new Set(names).size < names.length)
    throw badRequest("Parameter names must be unique across querystring, header and path");
}

function patchMethod(api: RestApi, method: RestMethod, patchOperations: PatchOperation[] | undefined): RestMethod {
  const next = { ...method };
  const scopes = (): readonly string[] => next.authorizationScopes ?? [];
  applyPatch("updateMethodInput", patchOperations, [
    {
      path: "/authorizationType",
      ops: {
        replace: ({ value = "" }) => {
          next.authorizationType = value;
        },
      },
    },
    {
      path: "/authorizerId",
      ops: {
        replace: ({ value }) => {
          setMember(next, "authorizerId", value);
        },
      },
    },
    {
      path: "/authorizationScopes",
      ops: {
        add: ({ value = "" }) => {
          next.authorizationScopes = [...scopes().filter((one) => one !== value), value];
        },
        remove: ({ value }) => {
          const kept = value === undefined ? [] : scopes().filter((one) => one !== value);
          setMember(next, "authorizationScopes", kept.length === 0 ? undefined : kept);
        },
      },
    },
    {
      path: "/apiKeyRequired",
      ops: {
        replace: ({ value }) => {
          next.apiKeyRequired = toBoolean(value);
        },
      },
    },
    {
      path: "/operationName",
      ops: {
        replace: ({ value }) => {
          setMember(next, "operationName", value);
        },
      },
    },
    {
      path: "/requestValidatorId",
      ops: {
        replace: ({ value }) => {
          setMember(next, "requestValidatorId", value === "" ? undefined : value);
        },
      },
    },
    mapEntry(next, "requestParameters", toBoolean),
    mapEntry(next, "requestModels", (value = "") => value),
  ]);
  return checkMethod(api, next);
}

/** A method as the API answers it: as it is kept. */
export function toWireMethod(method: RestMethod): object {
  return method;
}
