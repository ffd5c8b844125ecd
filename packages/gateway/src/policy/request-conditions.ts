import { type GatewayRequest, headerOf } from "../gateway-request.ts";
import type { PolicyRequest } from "@tripline/kernel";

/** Condition keys that every request to an API has. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html */
export function requestConditions({ request }: GatewayRequest, nowMs: number): PolicyRequest["conditions"] {
  return {
    "aws:sourceip": request.sourceIp,
    "aws:useragent": headerOf(request, "user-agent"),
    "aws:referer": headerOf(request, "referer"),
    "aws:securetransport": String(request.endpoint.startsWith("https:")),
    "aws:currenttime": new Date(nowMs).toISOString(),
    "aws:epochtime": String(Math.floor(nowMs / 1000)),
  };
}
