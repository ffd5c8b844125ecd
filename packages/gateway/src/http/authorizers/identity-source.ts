/**
 * Where authorizers of HTTP APIs find what they judge.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.identity-sources
 *
 * 1. Names of headers are read in any case; names in the query are not.
 * 2. Several values of a name are joined by commas, as events have them.
 */
import { parseQuery } from "../../gateway-request.ts";
import { httpContextVariable } from "../context-variables.ts";
import type { HttpEventFacts } from "../event-v2.ts";

const pattern = /^\$(request\.header|request\.querystring|context|stageVariables)\.([^\s,]+)$/;
const tokenPattern = /^\$request\.(?:header|querystring)\.[^\s,]+$/;

/** Whether a Lambda authorizer can read it. */
export function isIdentitySource(source: string): boolean {
  return pattern.test(source);
}

/** Whether a JWT authorizer can read it: a header or a query parameter. */
export function isTokenSource(source: string): boolean {
  return tokenPattern.test(source);
}

/** The value of `$request.header.x`, `$request.querystring.x`, `$context.x` or `$stageVariables.x`; undefined where it is missing. */
export function identityValue(facts: HttpEventFacts, source: string): string | undefined {
  const [, place, name = ""] = pattern.exec(source) ?? [];
  switch (place) {
    case "request.header":
      return headerValue(facts, name.toLowerCase());
    case "request.querystring":
      return joined(
        parseQuery(facts.request.query)
          .filter(([one]) => one === name)
          .map(([, value]) => value),
      );
    case "context": {
      const value = httpContextVariable(facts, name);
      return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
    }
    default:
      return facts.stageVariables[name];
  }
}

function headerValue({ request }: HttpEventFacts, name: string): string | undefined {
  const { rawHeaders } = request.request;
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.toLowerCase() === name) values.push(rawHeaders[index + 1] ?? "");
  return joined(values);
}

function joined(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(",");
}
