/**
 * The event of payload format 2.0. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * As recorded, `rawPath` of an HTTP API is decoded, whatever its name says; that of a function URL is not.
 */
import type { Scope } from "@tripline/kernel";
import {
  decodePath,
  type GatewayRequest,
  joinValues,
  lowerForwardedHeaders,
  newMap,
  parseQuery,
  toRequestTime,
} from "../gateway-request.ts";
import type { HttpAuthorization } from "./authorizers/http-authorizer.ts";
import { defaultStage } from "./http-api.ts";

/** What the event says of the API, the route and the request. */
export interface HttpEventFacts {
  request: GatewayRequest;
  scope: Scope;
  apiId: string;
  routeKey: string;
  requestId: string;
  /** Decoded; empty: none. */
  pathParameters: Readonly<Record<string, string>>;
  stageVariables: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** Where parameters are mapped: what the integration gets in place of the request's own. */
  mapped?: MappedRequest;
  /** What the route's authorizer found out; absent where the route has none. */
  authorizer?: HttpAuthorization;
  /** What is different for a function URL. */
  functionUrl?: { domainName: string; accountId: string; authorizer?: object };
}

/** What parameter mappings make of a request. */
export interface MappedRequest {
  /** Names and values alternating. */
  rawHeaders: readonly string[];
  /** Without `?`. */
  query: string;
  /** Absent: as it was, with its stage. */
  path?: string;
}

/** The event as JSON text. Empty optional members are left out. A mapped path is `rawPath`; `requestContext` has the client's. */
export function toEventV2(facts: HttpEventFacts): string {
  const { request, scope, apiId, routeKey, requestId, functionUrl } = facts;
  const { headers, cookies } = readHeaders(facts);
  const rawQueryString = facts.mapped?.query ?? request.query;
  const query = joinValues(parseQuery(rawQueryString));
  const path = functionUrl === undefined ? decodePath(stagePath(request)) : stagePath(request);
  const body = toEventBody(facts.body, headers["content-type"]);
  const domainPrefix = apiId;
  return JSON.stringify({
    version: "2.0",
    routeKey,
    rawPath: facts.mapped?.path ?? path,
    rawQueryString,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(isEmpty(query) ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: functionUrl?.accountId ?? scope.accountId,
      apiId,
      ...(functionUrl === undefined ? {} : { authentication: null }),
      ...toAuthorizerMember(facts),
      domainName: functionUrl?.domainName ?? `${domainPrefix}.execute-api.${scope.region}.amazonaws.com`,
      domainPrefix,
      http: {
        method: request.method,
        path,
        protocol: `HTTP/${request.request.httpVersion}`,
        sourceIp: request.request.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId,
      routeKey,
      stage: request.stage,
      time: toRequestTime(request.atMs),
      timeEpoch: Math.floor(request.atMs),
    },
    ...(isEmpty(facts.pathParameters) ? {} : { pathParameters: facts.pathParameters }),
    ...(isEmpty(facts.stageVariables) ? {} : { stageVariables: facts.stageVariables }),
    ...body,
  });
}

/** `{ jwt: … }`, `{ lambda: … }`, or of a signed call of a function URL `{ iam: … }`. */
function toAuthorizerMember({ authorizer, functionUrl }: HttpEventFacts): { authorizer?: object } {
  if (functionUrl?.authorizer !== undefined) return { authorizer: functionUrl.authorizer };
  if (authorizer === undefined) return {};
  return { authorizer: "jwt" in authorizer ? authorizer : { lambda: authorizer.lambda } };
}

/** The path with its stage, as both formats have it; `$default` has no segment of its own. */
export function stagePath({ path, stage }: GatewayRequest): string {
  return stage === defaultStage ? path : `/${stage}${path}`;
}

/** Headers that end at a gateway: RFC 9110, 7.6.1. It answers `Expect` itself. */
export const ofConnection: ReadonlySet<string> = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Lower-case names, values of one name joined by commas; cookies by themselves. */
export function readHeaders({ request, body, mapped }: Pick<HttpEventFacts, "request" | "body" | "mapped">): {
  headers: Record<string, string>;
  cookies: string[];
} {
  const headers = newMap<string>();
  const cookies: string[] = [];
  const { rawHeaders } = mapped ?? request.request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? "";
    const value = rawHeaders[index + 1] ?? "";
    if (name === "cookie") cookies.push(...value.split(";").map((one) => one.trim()));
    else if (!ofConnection.has(name)) headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  headers["content-length"] ??= String(body.length);
  Object.assign(headers, lowerForwardedHeaders(request));
  return { headers, cookies };
}

/** Text stays text; everything else is base64. A body without a type is taken for text; a form is not text to an HTTP API. */
export function toEventBody(
  body: Uint8Array,
  contentType: string | undefined,
): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const isText = contentType === undefined || isTextType(contentType);
  return { body: bytes.toString(isText ? "utf8" : "base64"), isBase64Encoded: !isText };
}

function isTextType(contentType: string): boolean {
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  return type.startsWith("text/") || /^application\/(?:json|xml|javascript|[\w.-]+\+(?:json|xml))$/.test(type);
}

function isEmpty(record: Readonly<Record<string, string>>): boolean {
  for (const _ in record) return false;
  return true;
}
