/**
 * Required parameters, and the body by its model. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 *
 * 1. Missing ones are named in the order header, path, query. A blank value is missing.
 * 2. The model is that of the request's content type; without one the body is not looked at. An empty body is `{}`.
 */
import { loadSchemaChecks } from "../compile-model.ts";
import { definitionOf, type Link, type RestExchange } from "../exchange.ts";
import { failures } from "../gateway-failure.ts";
import { headerIn } from "../request-maps.ts";

/** See the module's header. */
export const validateRequest: Link = async (exchange) => {
  const { requestValidatorId } = definitionOf(exchange);
  const validator =
    requestValidatorId === undefined ? undefined : exchange.deployment.definition.validators[requestValidatorId];
  if (validator?.validateRequestParameters === true) checkParameters(exchange);
  if (validator?.validateRequestBody !== true) return undefined;
  await loadSchemaChecks();
  checkBody(exchange);
  return undefined;
};

/** 1 */
function checkParameters(exchange: RestExchange): void {
  const { requestParameters = {} } = definitionOf(exchange);
  const given: Record<string, Readonly<Record<string, string>>> = {
    header: exchange.headers.single,
    path: exchange.pathParameters,
    querystring: exchange.query.single,
  };
  const missing: string[] = [];
  for (const [place, values] of Object.entries(given)) {
    const prefix = `method.request.${place}.`;
    for (const [expression, isRequired] of Object.entries(requestParameters)) {
      if (!isRequired || !expression.startsWith(prefix)) continue;
      const name = expression.slice(prefix.length);
      const value = place === "header" ? headerIn(values, name.toLowerCase()) : values[name];
      if ((value ?? "").trim() === "") missing.push(name);
    }
  }
  if (missing.length > 0) throw failures.missingParameters(missing);
}

/** 2 */
function checkBody(exchange: RestExchange): void {
  const { requestModels = {} } = definitionOf(exchange);
  const type = contentTypeOf(exchange);
  const name = Object.hasOwn(requestModels, type) ? requestModels[type] : requestModels["$default"];
  const model = name === undefined ? undefined : exchange.deployment.model(name);
  if (model === undefined) return;
  const text = Buffer.from(exchange.body).toString();
  let value: unknown = {};
  try {
    if (text.trim() !== "") value = JSON.parse(text);
  } catch {
    throw failures.invalidBody("[Unable to parse the request body as JSON]");
  }
  const fault = model(value);
  if (fault !== undefined) throw failures.invalidBody(fault);
}

/** The request's media type without parameters; JSON where none is given. */
export function contentTypeOf({ headers }: RestExchange): string {
  return (headerIn(headers.single, "content-type") ?? "application/json").split(";")[0]?.trim() ?? "";
}
