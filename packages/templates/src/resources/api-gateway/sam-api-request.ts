/** `RequestModel` and `RequestParameters` of Api events. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-requestmodel.html */
import { list, map, object } from "../../shapes/collections.ts";
import { boolean, text } from "../../shapes/scalars.ts";
import { optional, required, type Shape } from "../../shapes/shape.ts";
import type { PlannedCall } from "../../template-plan.ts";
import { deterministicId } from "../deterministic-id.ts";
import { restCall } from "./rest-call.ts";

/** Of an event. */
export interface RequestModel {
  Model: string;
  Required?: boolean;
  ValidateBody?: boolean;
  ValidateParameters?: boolean;
}

/** See {@link RequestModel}. */
export const requestModel: Shape<RequestModel> = object({
  Model: required(text("Order")),
  Required: optional(boolean()),
  ValidateBody: optional(boolean()),
  ValidateParameters: optional(boolean()),
});

/** One parameter: `method.request.querystring.q`. */
export interface RequestParameter {
  name: string;
  isRequired: boolean;
  isCached: boolean;
}

const settings = map(object({ Required: optional(boolean()), Caching: optional(boolean()) }));
/** A text alone is a parameter that need not be there. */
const parameters: Shape<RequestParameter[]> = {
  noun: "a text or a map",
  example: "method.request.querystring.q",
  read: (node, path, context) =>
    node.kind === "scalar"
      ? [{ name: text().read(node, path, context), isRequired: false, isCached: false }]
      : Object.entries(settings.read(node, path, context)).map(([name, { Required = false, Caching = false }]) => ({
          name,
          isRequired: Required,
          isCached: Caching,
        })),
};

/** See {@link RequestParameter}. */
export const requestParameters: Shape<RequestParameter[][]> = list(parameters);

/** What an event asks of a request. */
export interface RouteRequestSettings {
  model?: RequestModel;
  parameters: readonly RequestParameter[];
}

/** Members of PutMethod and PutIntegration for it, and the validator that SAM makes for its flags. */
export function planRequest(
  restApiId: string,
  given: RouteRequestSettings | undefined,
): { calls: PlannedCall[]; method: Record<string, unknown>; integration: Record<string, unknown> } {
  const { model, parameters: named = [] } = given ?? {};
  const { ValidateBody: body = false, ValidateParameters: checked = false } = model ?? {};
  const name = body && checked ? "body-and-parameters" : body ? "body-only" : checked ? "parameters-only" : undefined;
  const requestValidatorId = name === undefined ? undefined : deterministicId(6, restApiId, "validator", name);
  const cached = named.filter((one) => one.isCached).map((one) => one.name);
  return {
    calls:
      name === undefined
        ? []
        : [
            restCall("CreateRequestValidator", {
              restApiId,
              requestValidatorId,
              name,
              validateRequestBody: body,
              validateRequestParameters: checked,
            }),
          ],
    method: {
      requestValidatorId,
      requestModels: model === undefined ? undefined : { "application/json": model.Model },
      requestParameters:
        named.length === 0 ? undefined : Object.fromEntries(named.map((one) => [one.name, one.isRequired])),
    },
    integration: { cacheKeyParameters: cached.length === 0 ? undefined : cached },
  };
}
