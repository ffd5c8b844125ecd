/** PutIntegrationResponse, GetIntegrationResponse, UpdateIntegrationResponse, DeleteIntegrationResponse. https://docs.aws.amazon.com/apigateway/latest/api/API_IntegrationResponse.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, notFound } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import type { ContentHandling, IntegrationResponse, RestMethod } from "../definition/rest-api.ts";
import { checkDeclared, checkExpression } from "../mapping/mapping-expression.ts";
import {
  applyPatch,
  checkOps,
  mapEntry,
  type PatchOperation,
  setMember,
  withEntry,
} from "../patch/patch-operations.ts";
import {
  type FoundMethod,
  integrationOf,
  methodMembers,
  methodOf,
  type MethodInput,
  resourceOf,
  responseOf,
  saveMethod,
} from "./find.ts";
import { toTemplate, toTemplates } from "./integrations.ts";
import { restOperation } from "./rest-operation.ts";
import { checkStatusCode, statusCodeFaults } from "./status-code.ts";

interface ResponseInput extends MethodInput {
  statusCode: string;
}

/** Input of PutIntegrationResponse. */
export interface PutIntegrationResponseInput extends ResponseInput {
  selectionPattern?: string;
  responseParameters?: Record<string, string>;
  responseTemplates?: Record<string, string | null>;
  contentHandling?: string;
}

const members = [...methodMembers, "statusCode"];

/** The operations of integration responses. */
export function integrationResponseOperations(house: GatewayHouse): Operation[] {
  const save = async (
    found: ReturnType<typeof integrationOf>,
    statusCode: string,
    response: IntegrationResponse | undefined,
  ): Promise<void> => {
    const integration = { ...found.integration };
    setMember(integration, "integrationResponses", withEntry(integration.integrationResponses, statusCode, response));
    await saveMethod(house, found, found.method.httpMethod, { ...found.method, methodIntegration: integration });
  };
  return [
    restOperation<PutIntegrationResponseInput>(
      "PutIntegrationResponse",
      [...members, "selectionPattern", "responseParameters", "responseTemplates", "contentHandling"],
      async (input) => {
        checkStatusCode(input.statusCode);
        methodOf(house, input);
        const found = integrationOf(house, input);
        const response = toIntegrationResponse(found.method, input);
        await save(found, input.statusCode, response);
        return response;
      },
    ),
    restOperation<ResponseInput>("GetIntegrationResponse", members, async (input) => {
      checkStatusCode(input.statusCode);
      return responseOf(integrationOf(house, input).integration.integrationResponses, input.statusCode);
    }),
    restOperation<ResponseInput & { patchOperations?: PatchOperation[] }>(
      "UpdateIntegrationResponse",
      [...members, "patchOperations"],
      async (input) => {
        checkOps("updateIntegrationResponseInput", input.patchOperations, statusCodeFaults(input.statusCode));
        const found = integrationOf(house, input);
        const response = responseOf(found.integration.integrationResponses, input.statusCode);
        const next = patchResponse(found, response, input.patchOperations);
        await save(found, input.statusCode, next);
        return next;
      },
    ),
    restOperation<ResponseInput>("DeleteIntegrationResponse", members, async (input) => {
      checkStatusCode(input.statusCode);
      const { resource } = resourceOf(house, input.restApiId, input.resourceId);
      // AWS words a missing method so here, and nowhere else.
      if (resource.methods[input.httpMethod] === undefined) throw notFound("Invalid Integration identifier specified");
      const found = integrationOf(house, input);
      responseOf(found.integration.integrationResponses, input.statusCode);
      await save(found, input.statusCode, undefined);
      return {};
    }),
  ];
}

/** Checks and makes an integration response. */
export function toIntegrationResponse(
  method: RestMethod,
  input: Omit<PutIntegrationResponseInput, keyof MethodInput>,
): IntegrationResponse {
  const response: IntegrationResponse = { statusCode: input.statusCode };
  setMember(response, "selectionPattern", input.selectionPattern);
  setMember(response, "responseParameters", input.responseParameters);
  setMember(
    response,
    "responseTemplates",
    input.responseTemplates === undefined ? undefined : toTemplates(input.responseTemplates),
  );
  setMember(response, "contentHandling", input.contentHandling as ContentHandling | undefined);
  return checkResponse(method, response);
}

function checkResponse(method: RestMethod, response: IntegrationResponse): IntegrationResponse {
  const { selectionPattern = "", contentHandling } = response;
  try {
    void new RegExp(selectionPattern);
  } catch {
    throw badRequest("Invalid selection pattern specified");
  }
  if (contentHandling !== undefined && !/^CONVERT_TO_(?:TEXT|BINARY)$/.test(contentHandling))
    throw badRequest(`Invalid content handling specified: ${contentHandling}`);
  const declared = method.methodResponses?.[response.statusCode]?.responseParameters;
  for (const [target, source] of Object.entries(response.responseParameters ?? {})) {
    checkExpression("methodResponse", target);
    checkExpression("responseSource", source);
    checkDeclared(target, declared);
  }
  return response;
}

function patchResponse(
  { method }: FoundMethod,
  response: IntegrationResponse,
  operations: PatchOperation[] | undefined,
): IntegrationResponse {
  const next = { ...response };
  applyPatch("updateIntegrationResponseInput", operations, [
    {
      path: "/selectionPattern",
      ops: {
        replace: ({ value = "" }) => {
          next.selectionPattern = value;
        },
      },
    },
    {
      path: "/contentHandling",
      ops: {
        replace: ({ value }) => {
          setMember(
            next,
            "contentHandling",
            value === undefined || value === "" ? undefined : (value as ContentHandling),
          );
        },
        remove: () => {
          delete next.contentHandling;
        },
      },
    },
    mapEntry(next, "responseParameters", (value = "") => value, "Invalid parameter name specified"),
    mapEntry(next, "responseTemplates", toTemplate, "Content-Type specified was not found"),
  ]);
  return checkResponse(method, next);
}
