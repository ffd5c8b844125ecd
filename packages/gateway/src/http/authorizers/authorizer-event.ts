/**
 * The event of a Lambda authorizer: an integration's, without its body.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.payload-format
 *
 * The body is not read for it: one of unknown length has no `content-length`.
 * In format 1.0 maps are never null, and single values alone are there; without identity sources `identitySource` is null in both.
 */
import { headerOf } from "../../gateway-request.ts";
import { toEventV1 } from "../event-v1.ts";
import { type HttpEventFacts, toEventV2 } from "../event-v2.ts";

/** The event as JSON text. `values`: of the identity sources. */
export function toAuthorizerEvent(
  format: "1.0" | "2.0",
  facts: HttpEventFacts,
  routeArn: string,
  values: readonly string[],
): string {
  const text = format === "1.0" ? toEventV1(facts) : toEventV2(facts);
  const { version, body: _body, isBase64Encoded: _flag, ...event } = JSON.parse(text) as Record<string, unknown>;
  if (headerOf(facts.request.request, "transfer-encoding") !== undefined)
    delete (event["headers"] as Record<string, string>)["content-length"];
  if (format === "2.0") {
    const identitySource = values.length === 0 ? null : values;
    return JSON.stringify({ version, type: "REQUEST", routeArn, identitySource, ...event });
  }
  const { multiValueHeaders: _headers, multiValueQueryStringParameters: _query, ...single } = event;
  const { authorizer: _authorizer, ...requestContext } = single["requestContext"] as Record<string, unknown>;
  const joined = values.length === 0 ? null : values.join(",");
  return JSON.stringify({
    version,
    type: "REQUEST",
    methodArn: routeArn,
    identitySource: joined,
    authorizationToken: joined,
    ...single,
    queryStringParameters: single["queryStringParameters"] ?? {},
    pathParameters: single["pathParameters"] ?? {},
    stageVariables: single["stageVariables"] ?? {},
    requestContext,
  });
}
