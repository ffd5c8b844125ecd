/** CreateRequestValidator, GetRequestValidator(s), UpdateRequestValidator, DeleteRequestValidator. https://docs.aws.amazon.com/apigateway/latest/api/API_RequestValidator.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, notFound } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import type { RequestValidator, RestApi } from "../definition/rest-api.ts";
import { applyPatch, listedErrors, type PatchOperation, toBoolean } from "../patch/patch-operations.ts";
import { restApiOf } from "./find.ts";
import { page, type PageInput, pageMembers } from "../../page.ts";
import { restOperation } from "./rest-operation.ts";

interface ValidatorInput {
  restApiId: string;
  requestValidatorId: string;
}

const members = ["restApiId", "requestValidatorId"];

/** The operations of request validators. `requestValidatorId` of CreateRequestValidator is for templates. */
export function requestValidatorOperations(house: GatewayHouse): Operation[] {
  const { rest, rng } = house;
  const validatorOf = ({
    restApiId,
    requestValidatorId,
  }: ValidatorInput): { api: RestApi; validator: RequestValidator } => {
    const api = rest.get(restApiId);
    const validator = api?.validators.get(requestValidatorId);
    if (api === undefined || validator === undefined) throw notFound("Invalid Request Validator identifier specified");
    return { api, validator };
  };
  return [
    restOperation<{
      restApiId: string;
      name?: string;
      validateRequestBody?: boolean;
      validateRequestParameters?: boolean;
      requestValidatorId?: string;
    }>(
      "CreateRequestValidator",
      ["restApiId", "name", "validateRequestBody", "validateRequestParameters", "requestValidatorId"],
      async (
        { restApiId, name, validateRequestBody = false, validateRequestParameters = false, requestValidatorId },
        context,
      ) => {
        const api = rest.get(restApiId);
        if (api === undefined) throw badRequest("Invalid REST API identifier specified");
        if (requestValidatorId !== undefined && context.upsert !== true)
          throw badRequest("requestValidatorId cannot be chosen");
        if (name === undefined || name === "") throw badRequest("Request Validator name cannot be blank");
        const validator = {
          id: requestValidatorId ?? newId(rng, 6),
          name,
          validateRequestBody,
          validateRequestParameters,
        };
        await rest.put(api, "validators", validator.id, validator);
        return validator;
      },
    ),
    restOperation<ValidatorInput>("GetRequestValidator", members, async (input) => validatorOf(input).validator),
    restOperation<{ restApiId: string } & PageInput>(
      "GetRequestValidators",
      ["restApiId", ...pageMembers],
      async ({ restApiId, ...which }) => page([...restApiOf(house, restApiId).validators.values()], which),
    ),
    restOperation<ValidatorInput & { patchOperations?: PatchOperation[] }>(
      "UpdateRequestValidator",
      [...members, "patchOperations"],
      async ({ patchOperations, ...input }) => {
        const { api, validator } = validatorOf(input);
        const next = { ...validator };
        applyPatch(
          "updateRequestValidatorInput",
          patchOperations,
          [
            {
              path: "/name",
              ops: {
                replace: ({ value = "" }) => {
                  if (value === "") throw badRequest("Request Validator name cannot be blank");
                  next.name = value;
                },
              },
            },
            {
              path: "/validateRequestParameters",
              ops: {
                replace: ({ value }) => {
                  next.validateRequestParameters = toBoolean(value);
                },
              },
            },
            {
              path: "/validateRequestBody",
              ops: {
                replace: ({ value }) => {
                  next.validateRequestBody = toBoolean(value);
                },
              },
            },
          ],
          listedErrors,
        );
        await rest.put(api, "validators", validator.id, next);
        return next;
      },
    ),
    restOperation<ValidatorInput>("DeleteRequestValidator", members, async (input) => {
      const { api, validator } = validatorOf(input);
      await rest.remove(api, "validators", validator.id);
      return {};
    }),
  ];
}
