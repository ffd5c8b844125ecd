/**
 * Parameter mappings. https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 *
 * M1. A source that is missing maps nothing. A single-valued source is the last value.
 * M2. A body is read as JSON only where it begins as JSON; otherwise a path into it leads nowhere.
 */
import { toScalarText } from "../../access-log.ts";
import { contextVariable } from "../serving/context-variables.ts";
import type { RestExchange } from "../serving/exchange.ts";
import { failures } from "../serving/gateway-failure.ts";
import { headerIn } from "../serving/request-maps.ts";
import { printJava, toJson, JavaList, missing } from "../../velocity/java-value.ts";
import { JsonPathError, readJsonPath } from "../../velocity/json-path.ts";
import { JsonSyntaxError, parseJson } from "../../velocity/parse-json.ts";

/** `method.request.header.x`, `context.x`, `'static'`: the values, or undefined (M1). */
export function requestSource(exchange: RestExchange, expression: string): string[] | undefined {
  const [, place = "", name = ""] = /^method\.request\.(\w+)\.?(.*)$/s.exec(expression) ?? [];
  switch (place) {
    case "header":
      return one(exchange.headers.single[name] ?? headerIn(exchange.headers.single, name.toLowerCase()));
    case "multivalueheader":
      return exchange.headers.multi[name];
    case "querystring":
      return one(exchange.query.single[name]);
    case "multivaluequerystring":
      return exchange.query.multi[name];
    case "path":
      return one(exchange.pathParameters[name]);
    case "body":
      return bodySource(Buffer.from(exchange.body).toString(), expression.slice("method.request.body".length));
    default:
      return sharedSource(exchange, expression);
  }
}

/** `integration.response.header.x`, `integration.response.body.path`, and what requests have too. */
export function responseSource(
  exchange: RestExchange,
  expression: string,
  response: { headers: readonly string[]; body: () => string },
): string[] | undefined {
  const [, place = "", name = ""] = /^integration\.response\.(\w+)\.?(.*)$/s.exec(expression) ?? [];
  if (place === "body") return bodySource(response.body(), expression.slice("integration.response.body".length));
  if (place !== "header" && place !== "multivalueheader") return sharedSource(exchange, expression);
  const values: string[] = [];
  for (let index = 0; index < response.headers.length; index += 2)
    if (response.headers[index]?.toLowerCase() === name.toLowerCase()) values.push(response.headers[index + 1] ?? "");
  return place === "header" ? one(values.at(-1)) : values.length === 0 ? undefined : values;
}

function sharedSource(exchange: RestExchange, expression: string): string[] | undefined {
  if (expression.startsWith("'")) return [expression.slice(1, -1)];
  if (expression.startsWith("stageVariables."))
    return one(exchange.stageVariables[expression.slice("stageVariables.".length)]);
  if (!expression.startsWith("context.")) return undefined;
  return one(toScalarText(contextVariable(exchange, expression.slice("context.".length))));
}

/** M2 */
function bodySource(body: string, path: string): string[] | undefined {
  if (path === "") return [body];
  if (!/^\s*[{["']/.test(body)) return undefined;
  try {
    const value = readJsonPath(parseJson(body), `$${path}`);
    if (value === undefined || value === null || value === missing) return undefined;
    return [value instanceof JavaList || value instanceof Map ? toJson(value) : printJava(value)];
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw failures.invalidJson();
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

function one(value: string | undefined): string[] | undefined {
  return value === undefined ? undefined : [value];
}
