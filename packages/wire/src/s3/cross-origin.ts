/** What of a browser's request is about its page's origin. https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html */
import { type CrossOriginRequest, type HttpResponse, ServiceError } from "@tripline/kernel";
import type { EndpointRequest } from "../endpoint-request.ts";
import { toBucketAddress } from "./bucket-address.ts";

/** The headers that a service answers a page of another origin with. */
export type CrossOrigin = (request: CrossOriginRequest) => string[];

/** Answers a preflight. Throws what S3 says where it lacks something, or is not allowed. */
export function answerPreflight(
  request: EndpointRequest,
  hostBucket: string | undefined,
  crossOrigin: CrossOrigin,
): HttpResponse {
  const { headers } = request;
  const origin = headers["origin"];
  const method = headers["access-control-request-method"];
  if (origin === undefined)
    throw new ServiceError("BadRequest", "Insufficient information. Origin request header needed.");
  if (method === undefined) throw new ServiceError("BadRequest", "Invalid Access-Control-Request-Method: null");
  const requestHeaders = (headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const resource = toBucketAddress(request.path, hostBucket).bucket ?? "";
  return { status: 200, rawHeaders: crossOrigin({ origin, method, requestHeaders, resource }), body: "" };
}

/** The headers for the answer to a page's own request. */
export function crossOriginHeaders(
  request: EndpointRequest,
  hostBucket: string | undefined,
  crossOrigin: CrossOrigin,
): string[] {
  const origin = request.headers["origin"];
  if (origin === undefined) return [];
  const resource = toBucketAddress(request.path, hostBucket).bucket ?? "";
  return crossOrigin({ origin, method: request.method, resource });
}
