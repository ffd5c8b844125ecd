/**
 * Which service a request is for, and what it is spoken in. The first of these that tells:
 *
 * 0. A host that is an API's or a function URL's: handlers take those (see EndpointHandler), and no service does.
 * 1. `Smithy-Protocol` and the service in the path; `X-Amz-Target`.
 * 2. The signing name: in the credential scope of Authorization, or of a presigned URL. Signatures are not verified: any key will do.
 *    API Gateway's two APIs share one: the second one's paths begin with `/v2/`.
 * 3. The host name (host-name.ts): `sqs.us-east-1.amazonaws.com`, `photos.s3.localhost`.
 * 4. The path of a dated API (`/2015-03-31/…`: Lambda), or the query protocol's `Version` (STS's AssumeRoleWithWebIdentity is not signed).
 * 5. Otherwise S3, unsigned.
 */
import { Buffer } from "node:buffer";
import type { EndpointRequest } from "./endpoint-request.ts";
import { parseHost } from "./host-name.ts";
import type { ProtocolName, ServiceFacts } from "./model/service-model.ts";

/** Where a request goes. */
export interface RequestTarget {
  /** A service's id, or the signing name of one that Tripline does not have. */
  service: string;
  protocol: ProtocolName;
  /** S3's bucket, where the host name carries it. */
  hostBucket: string | undefined;
}

/** Routes requests; a promise where only the body tells. */
export type RequestRouter = (request: EndpointRequest) => RequestTarget | Promise<RequestTarget>;

/** Routes requests among `services`, by id. */
export function createRequestRouter(services: ReadonlyMap<string, ServiceFacts>): RequestRouter {
  const byTarget = new Map<string, string>();
  const byVersion = new Map<string, string>();
  for (const { target, version, id } of services.values()) {
    if (target !== undefined) byTarget.set(target, id);
    if (version !== undefined) byVersion.set(version, id);
  }
  const protocolOf = (service: string): ProtocolName => services.get(service)?.protocol ?? "restJson1";
  const byQueryVersion = async (request: EndpointRequest): Promise<RequestTarget> => {
    const version = versionOf(request.query) ?? versionOf(await formOf(request)) ?? "";
    return { service: byVersion.get(version) ?? "sqs", protocol: "awsQuery", hostBucket: undefined };
  };

  return (request) => {
    const { headers } = request;
    const host = parseHost(headers["host"] ?? "");
    if (host.service === "execute-api" || host.service === "lambda-url") {
      return { service: host.service, protocol: "restJson1", hostBucket: undefined };
    }
    if (headers["smithy-protocol"] === "rpc-v2-cbor") {
      const named = /^\/service\/([^/]+)\/operation\//.exec(request.path)?.[1] ?? "";
      const service = byTarget.get(named) ?? signingName(request) ?? named;
      return { service, protocol: "rpcV2Cbor", hostBucket: undefined };
    }
    const target = headers["x-amz-target"];
    if (target !== undefined) {
      const prefix = target.slice(0, Math.max(0, target.lastIndexOf(".")));
      const service = byTarget.get(prefix) ?? signingName(request) ?? prefix;
      return { service, protocol: targetProtocol(headers["content-type"] ?? ""), hostBucket: undefined };
    }
    const signed = signingName(request);
    const named = toServiceId(signed ?? host.service, request.path);
    if (named !== undefined) {
      const isQuery = !services.has(named) && isQueryProtocol(request);
      const hostBucket = named === "s3" ? host.bucket : undefined;
      return { service: named, protocol: isQuery ? "awsQuery" : protocolOf(named), hostBucket };
    }
    if (/^\/20\d\d-\d\d-\d\d\//.test(request.path)) {
      return { service: "lambda", protocol: "restJson1", hostBucket: undefined };
    }
    if (isQueryProtocol(request)) return byQueryVersion(request);
    return { service: "s3", protocol: "restXml", hostBucket: host.bucket };
  };
}

function targetProtocol(contentType: string): ProtocolName {
  if (contentType.includes("x-amz-cbor")) return "awsCbor1_1";
  return contentType.includes("json-1.1") ? "awsJson1_1" : "awsJson1_0";
}

/** The body of a form whose service is not known yet; empty where it cannot be read, which is for its protocol to say. */
async function formOf(request: EndpointRequest): Promise<string> {
  if (request.method !== "POST") return "";
  const body = await request.body(formBytesMax).catch(() => new Uint8Array(0));
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1");
}

const formBytesMax = 8 * 1024 * 1024;

function versionOf(fields: string): string | undefined {
  return /(?:^|&)Version=([\d-]+)/.exec(fields)?.[1];
}

/** What a signing name stands for: two services share one, and their paths tell. */
function toServiceId(name: string | undefined, path: string): string | undefined {
  return name === "apigateway" && path.startsWith("/v2/") ? "apigatewayv2" : name;
}

/** From `Credential=AKID/20260101/us-east-1/sqs/aws4_request`; `AWS AKID:signature` is S3's older form. */
function signingName(request: EndpointRequest): string | undefined {
  const authorization = request.headers["authorization"];
  if (authorization !== undefined) {
    const scope = /Credential=[^/,\s]+\/\d+\/[^/,\s]*\/([^/,\s]+)\//.exec(authorization)?.[1];
    if (scope !== undefined) return withoutExpress(scope);
    if (authorization.startsWith("AWS ")) return "s3";
  }
  if (!request.query.includes("X-Amz-Credential=")) {
    return /(^|&)AWSAccessKeyId=/.test(request.query) &&
      request.query.includes("Expires=") &&
      !request.query.includes("Action=")
      ? "s3"
      : undefined;
  }
  const scope = new URLSearchParams(request.query).get("X-Amz-Credential")?.split("/")[3];
  return scope === undefined || scope === "" ? undefined : withoutExpress(scope);
}

function withoutExpress(scope: string): string {
  return scope === "s3express" ? "s3" : scope;
}

function isQueryProtocol(request: EndpointRequest): boolean {
  if (/(^|&)Action=/.test(request.query)) return true;
  const type = request.headers["content-type"] ?? "";
  return request.method === "POST" && type.startsWith("application/x-www-form-urlencoded");
}
