/** The event of a REST API's Lambda proxy integration, member by member in AWS's order. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
import type { Scope } from "@tripline/kernel";
import { forwardedHeaders, type GatewayRequest, parseQuery, toRequestTime } from "../gateway-request.ts";
import { collect, orNull } from "../http/event-v1.ts";
import type { RestRoute, RestStage } from "./rest-api.ts";

/** What the event says. */
export interface RestEventFacts {
  request: GatewayRequest;
  scope: Scope;
  apiId: string;
  stage: RestStage;
  route: RestRoute;
  requestId: string;
  extendedRequestId: string;
  /** Raw. */
  pathParameters: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** Headers that a REST API keeps for itself. */
const dropped: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-md5",
  "expect",
  "max-forwards",
  "proxy-authenticate",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "www-authenticate",
]);

/** The event as JSON text. Header names as they were sent. */
export function toRestEvent(facts: RestEventFacts): string {
  const { request, scope, apiId, stage, route } = facts;
  const headers = collect(headerPairs(request));
  const query = collect(parseQuery(request.query));
  const contentType = valueOf(headers.single, "content-type");
  const isBinary = facts.body.length > 0 && matchesMediaType(stage.binaryMediaTypes, contentType);
  const bytes = Buffer.from(facts.body.buffer, facts.body.byteOffset, facts.body.byteLength);
  return JSON.stringify({
    resource: route.path,
    path: request.path.replace(/^\/{2,}/, "/"),
    httpMethod: request.method,
    headers: headers.single,
    multiValueHeaders: headers.multi,
    queryStringParameters: query.single,
    multiValueQueryStringParameters: query.multi,
    pathParameters: orNull(facts.pathParameters),
    stageVariables: orNull(stage.variables),
    requestContext: {
      accountId: scope.accountId,
      apiId,
      deploymentId: stage.deploymentId,
      domainName: `${apiId}.execute-api.${scope.region}.amazonaws.com`,
      domainPrefix: apiId,
      extendedRequestId: facts.extendedRequestId,
      httpMethod: request.method,
      identity: {
        accessKey: null,
        accountId: null,
        caller: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: request.request.sourceIp,
        user: null,
        userAgent: valueOf(headers.single, "user-agent") ?? null,
        userArn: null,
      },
      path: `/${request.stage}${request.path}`,
      protocol: `HTTP/${request.request.httpVersion}`,
      requestId: facts.requestId,
      requestTime: toRequestTime(request.atMs),
      requestTimeEpoch: Math.floor(request.atMs),
      resourceId: route.resourceId,
      resourcePath: route.path,
      stage: request.stage,
    },
    body: facts.body.length === 0 ? null : bytes.toString(isBinary ? "base64" : "utf8"),
    isBase64Encoded: isBinary,
  });
}

/** Whether one of `types` matches a content type; any type, and any subtype (`image/` and a star), may be asked for. */
export function matchesMediaType(types: readonly string[], contentType: string | undefined): boolean {
  if (types.length === 0 || contentType === undefined) return false;
  const type = contentType.split(/[;,]/)[0]?.trim().toLowerCase() ?? "";
  return types.some((one) => {
    const wanted = one.toLowerCase();
    return wanted === "*/*" || wanted === type || (wanted.endsWith("/*") && type.startsWith(wanted.slice(0, -1)));
  });
}

function headerPairs(request: GatewayRequest): [string, string][] {
  const pairs: [string, string][] = [];
  const { rawHeaders } = request.request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (!dropped.has(name.toLowerCase())) pairs.push([name, rawHeaders[index + 1] ?? ""]);
  }
  const added = forwardedHeaders(request);
  const known = new Set(Object.keys(added).map((name) => name.toLowerCase()));
  return [...pairs.filter(([name]) => !known.has(name.toLowerCase())), ...Object.entries(added)];
}

function valueOf(headers: Readonly<Record<string, string>> | null, name: string): string | undefined {
  for (const [key, value] of Object.entries(headers ?? {})) if (key.toLowerCase() === name) return value;
  return undefined;
}
