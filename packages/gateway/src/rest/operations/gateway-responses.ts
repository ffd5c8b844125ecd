/** PutGatewayResponse, GetGatewayResponse(s), UpdateGatewayResponse, DeleteGatewayResponse. https://docs.aws.amazon.com/apigateway/latest/api/API_GatewayResponse.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, enumConstraint, notFound, validationError } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import {
  defaultTemplates,
  gatewayResponseFor,
  gatewayResponseStatuses,
  type GatewayResponseType,
} from "../definition/gateway-response-types.ts";
import type { GatewayResponse } from "../definition/rest-api.ts";
import { applyPatch, mapEntry, type PatchOperation } from "../patch/patch-operations.ts";
import { restApiOf } from "./find.ts";
import { page, type PageInput, pageMembers } from "../../page.ts";
import { restOperation } from "./rest-operation.ts";

interface ResponseInput {
  restApiId: string;
  responseType: string;
}

/** Input of PutGatewayResponse. */
export interface PutGatewayResponseInput extends ResponseInput {
  statusCode?: string;
  responseParameters?: Record<string, string>;
  responseTemplates?: Record<string, string>;
}

const members = ["restApiId", "responseType"];
/** The operations of gateway responses. */
export function gatewayResponseOperations(house: GatewayHouse): Operation[] {
  const { rest } = house;
  return [
    restOperation<PutGatewayResponseInput>(
      "PutGatewayResponse",
      [...members, "statusCode", "responseParameters", "responseTemplates"],
      async (input) => {
        const type = checkType(input.responseType);
        const api = restApiOf(house, input.restApiId);
        const response = toGatewayResponse(type, input);
        await rest.put(api, "gatewayResponses", type, response);
        return { defaultResponse: false, ...response };
      },
    ),
    restOperation<ResponseInput>("GetGatewayResponse", members, async ({ restApiId, responseType }) => {
      const type = checkType(responseType);
      const api = restApiOf(house, restApiId);
      return gatewayResponseFor((one) => api.gatewayResponses.get(one), type);
    }),
    restOperation<{ restApiId: string } & PageInput>(
      "GetGatewayResponses",
      ["restApiId", ...pageMembers],
      async ({ restApiId, ...which }) => {
        const api = restApiOf(house, restApiId);
        const types = Object.keys(gatewayResponseStatuses) as GatewayResponseType[];
        return page(
          types.map((type) => gatewayResponseFor((one) => api.gatewayResponses.get(one), type)),
          which,
        );
      },
    ),
    restOperation<ResponseInput & { patchOperations?: PatchOperation[] }>(
      "UpdateGatewayResponse",
      [...members, "patchOperations"],
      async ({ restApiId, responseType, patchOperations }) => {
        const type = checkType(responseType);
        const api = restApiOf(house, restApiId);
        const { defaultResponse: _made, ...known } = gatewayResponseFor((one) => api.gatewayResponses.get(one), type);
        const next = patchResponse(known, patchOperations);
        await rest.put(api, "gatewayResponses", type, next);
        return { defaultResponse: false, ...next };
      },
    ),
    restOperation<ResponseInput>("DeleteGatewayResponse", members, async ({ restApiId, responseType }) => {
      const type = checkType(responseType);
      const api = restApiOf(house, restApiId);
      if (!api.gatewayResponses.has(type)) throw notFound("Gateway response type not defined on api");
      await rest.remove(api, "gatewayResponses", type);
      return {};
    }),
  ];
}

/** Throws ValidationException for a type that there is not: of a template, or of a document. */
export function checkType(type: string): GatewayResponseType {
  if (!(type in gatewayResponseStatuses))
    throw validationError([
      { value: type, at: "responseType", constraint: enumConstraint(Object.keys(gatewayResponseStatuses)) },
    ]);
  return type as GatewayResponseType;
}

/** Checks and makes a gateway response. */
export function toGatewayResponse(
  type: GatewayResponseType,
  {
    statusCode,
    responseParameters = {},
    responseTemplates,
  }: Omit<PutGatewayResponseInput, "restApiId" | "responseType">,
): GatewayResponse {
  const status = statusCode ?? gatewayResponseStatuses[type]?.toString();
  if (status !== undefined && !/^[1-5]\d\d$/.test(status)) throw badRequest("Invalid status code specified");
  return {
    responseType: type,
    ...(status === undefined ? {} : { statusCode: status }),
    responseParameters,
    responseTemplates: responseTemplates ?? defaultTemplates,
  };
}

function patchResponse(response: GatewayResponse, operations: PatchOperation[] | undefined): GatewayResponse {
  const next: Partial<GatewayResponse> & Pick<GatewayResponse, "responseType"> = { ...response };
  const missing = "Invalid parameter name specified";
  const filled =
    (member: string) =>
    (value = ""): string => {
      if (value === "") throw badRequest(`Invalid null or empty value in ${member}`);
      return value;
    };
  applyPatch(
    "updateGatewayResponseInput",
    operations,
    [
      {
        path: "/statusCode",
        ops: {
          replace: ({ value = "" }) => {
            if (!/^[1-5]\d\d$/.test(value)) throw badRequest("Invalid status code specified");
            next.statusCode = value;
          },
        },
      },
      mapEntry(next, "responseParameters", filled("responseParameters"), missing),
      mapEntry(next, "responseTemplates", filled("responseTemplates"), missing),
    ],
    {
      unknownPath: ({ path }) => badRequest(`Invalid patch path ${path ?? "null"}`),
      unsupportedOp: ({ path }) => badRequest(`Invalid patch path ${path ?? "null"}`),
    },
  );
  const { responseParameters = {}, responseTemplates = {} } = next;
  return { ...next, responseParameters, responseTemplates };
}
