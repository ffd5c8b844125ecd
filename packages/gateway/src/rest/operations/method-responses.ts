/** PutMethodResponse, GetMethodResponse, UpdateMethodResponse, DeleteMethodResponse. https://docs.aws.amazon.com/apigateway/latest/api/API_MethodResponse.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import type { MethodResponse, RestApi } from "../definition/rest-api.ts";
import { checkExpression } from "../mapping/mapping-expression.ts";
import {
  applyPatch,
  checkOps,
  mapEntry,
  type PatchOperation,
  setMember,
  toBoolean,
  withEntry,
} from "../patch/patch-operations.ts";
import { methodMembers, methodOf, type MethodInput, responseOf, saveMethod } from "./find.ts";
import { restOperation } from "./rest-operation.ts";
import { checkStatusCode, statusCodeFaults } from "./status-code.ts";

interface ResponseInput extends MethodInput {
  statusCode: string;
}

/** Input of PutMethodResponse. */
export interface PutMethodResponseInput extends ResponseInput {
  responseParameters?: Record<string, boolean>;
  responseModels?: Record<string, string>;
}

const members = [...methodMembers, "statusCode"];

/** The operations of method responses. */
export function methodResponseOperations(house: GatewayHouse): Operation[] {
  const save = async (input: ResponseInput, response: MethodResponse | undefined): Promise<void> => {
    const found = methodOf(house, input);
    const next = { ...found.method };
    setMember(next, "methodResponses", withEntry(next.methodResponses, input.statusCode, response));
    await saveMethod(house, found, input.httpMethod, next);
  };
  return [
    restOperation<PutMethodResponseInput>(
      "PutMethodResponse",
      [...members, "responseParameters", "responseModels"],
      async (input, context) => {
        checkStatusCode(input.statusCode);
        const { api, method } = methodOf(house, input);
        if (method.methodResponses?.[input.statusCode] !== undefined && context.upsert !== true)
          throw conflict("Response already exists for this resource");
        const response = toMethodResponse(api, input);
        await save(input, response);
        return response;
      },
    ),
    restOperation<ResponseInput>("GetMethodResponse", members, async (input) => {
      checkStatusCode(input.statusCode);
      return responseOf(methodOf(house, input).method.methodResponses, input.statusCode);
    }),
    restOperation<ResponseInput & { patchOperations?: PatchOperation[] }>(
      "UpdateMethodResponse",
      [...members, "patchOperations"],
      async (input) => {
        checkOps("updateMethodResponseInput", input.patchOperations, statusCodeFaults(input.statusCode));
        const { api, method } = methodOf(house, input);
        const response = responseOf(method.methodResponses, input.statusCode);
        const next = patchResponse(api, response, input.patchOperations);
        await save(input, next);
        return next;
      },
    ),
    restOperation<ResponseInput>("DeleteMethodResponse", members, async (input) => {
      checkStatusCode(input.statusCode);
      responseOf(methodOf(house, input).method.methodResponses, input.statusCode);
      await save(input, undefined);
      return {};
    }),
  ];
}

/** Checks and makes a method response. */
export function toMethodResponse(
  api: RestApi,
  { statusCode, responseParameters, responseModels }: Omit<PutMethodResponseInput, keyof MethodInput>,
): MethodResponse {
  const response: MethodResponse = { statusCode };
  setMember(response, "responseParameters", responseParameters);
  setMember(response, "responseModels", responseModels);
  return checkResponse(api, response);
}

function checkResponse(api: RestApi, response: MethodResponse): MethodResponse {
  for (const name of Object.keys(response.responseParameters ?? {})) checkExpression("methodResponse", name);
  for (const model of Object.values(response.responseModels ?? {}))
    if (!api.models.has(model)) throw badRequest(`Invalid model identifier specified: ${model}`);
  return response;
}

function patchResponse(
  api: RestApi,
  response: MethodResponse,
  operations: PatchOperation[] | undefined,
): MethodResponse {
  const next = { ...response };
  applyPatch("updateMethodResponseInput", operations, [
    mapEntry(next, "responseParameters", toBoolean, "Invalid parameter name specified"),
    mapEntry(next, "responseModels", (value = "") => value, "Content-Type specified was not found"),
  ]);
  return checkResponse(api, next);
}
