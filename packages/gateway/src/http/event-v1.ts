/**
 * The event of payload format 1.0 for HTTP APIs: a REST API's, with lower-case headers and the route's own identity. As recorded, `path` is
 * what was sent, and that of `requestContext` is decoded.
 */
import { decodePath, lowerForwardedHeaders, newMap, parseQuery, toRequestTime } from "../gateway-request.ts";
import { type HttpEventFacts, ofConnection, stagePath, toEventBody } from "./event-v2.ts";

/** The event as JSON text. Empty optional members are null. A mapped path is `path`; `requestContext` has the client's. */
export function toEventV1(facts: HttpEventFacts): string {
  const { request, scope, apiId, routeKey, requestId } = facts;
  const path = stagePath(request);
  const [verb, routePath] = routeKey === "$default" ? ["$default", "$default"] : routeKey.split(" ", 2);
  const { single, multi } = collectHeaders(facts);
  const query = collect(parseQuery(facts.mapped?.query ?? request.query));
  const body = toEventBody(facts.body, single["content-type"]);
  return JSON.stringify({
    version: "1.0",
    resource: routePath ?? verb,
    path: facts.mapped?.path ?? path,
    httpMethod: request.method,
    headers: single,
    multiValueHeaders: multi,
    queryStringParameters: query.single,
    multiValueQueryStringParameters: query.multi,
    requestContext: {
      accountId: scope.accountId,
      apiId,
      authorizer: toAuthorizerMember(facts.authorizer),
      domainName: `${apiId}.execute-api.${scope.region}.amazonaws.com`,
      domainPrefix: apiId,
      extendedRequestId: requestId,
      httpMethod: request.method,
      identity: {
        accessKey: null,
        accountId: null,
        caller: null,
        cognitoAmr: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: request.request.sourceIp,
        user: null,
        userAgent: single["user-agent"] ?? "",
        userArn: null,
      },
      path: decodePath(path),
      protocol: `HTTP/${request.request.httpVersion}`,
      requestId,
      requestTime: toRequestTime(request.atMs),
      requestTimeEpoch: Math.floor(request.atMs),
      resourceId: routeKey,
      resourcePath: routePath ?? verb,
      stage: request.stage,
    },
    pathParameters: orNull(facts.pathParameters),
    stageVariables: orNull(facts.stageVariables),
    body: body.body ?? null,
    isBase64Encoded: body.isBase64Encoded,
  });
}

/** A token's claims and scopes; of a function its principal and what it gave as context. */
function toAuthorizerMember(authorizer: HttpEventFacts["authorizer"]): object {
  if (authorizer === undefined) return { claims: null, scopes: null };
  if ("jwt" in authorizer) return authorizer.jwt;
  const { principalId, lambda } = authorizer;
  return { claims: null, scopes: null, ...(principalId === undefined ? {} : { principalId }), ...lambda };
}

function collectHeaders({ request, body, mapped }: HttpEventFacts): ReturnType<typeof collectInto> {
  const pairs: [string, string][] = [];
  const added = lowerForwardedHeaders(request);
  const { rawHeaders } = mapped ?? request.request;
  let hasLength = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? "";
    if (ofConnection.has(name) || Object.hasOwn(added, name)) continue;
    hasLength ||= name === "content-length";
    pairs.push([name, rawHeaders[index + 1] ?? ""]);
  }
  if (!hasLength) pairs.push(["content-length", String(body.length)]);
  pairs.push(...Object.entries(added));
  return collectInto(pairs);
}

/** Single values keep the last of a name; both are null where there is none. */
export function collect(pairs: readonly [string, string][]): {
  single: Record<string, string> | null;
  multi: Record<string, string[]> | null;
} {
  return pairs.length === 0 ? { single: null, multi: null } : collectInto(pairs);
}

/** As {@link collect}, never null. */
export function collectInto(pairs: readonly [string, string][]): {
  single: Record<string, string>;
  multi: Record<string, string[]>;
} {
  const single = newMap<string>();
  const multi = newMap<string[]>();
  for (const [name, value] of pairs) {
    single[name] = value;
    (multi[name] ??= []).push(value);
  }
  return { single, multi };
}

/** The record, or null where it is empty. */
export function orNull<Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> | null {
  return Object.keys(record).length === 0 ? null : record;
}
