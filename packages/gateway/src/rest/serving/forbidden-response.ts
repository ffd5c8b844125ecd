import type { HttpResponse, Rng } from "@tripline/kernel";
import { newGatewayId } from "../../gateway-id.ts";

/** What a stage that serves nothing answers, or none at all. */
export function forbiddenResponse(rng: Rng): HttpResponse {
  return {
    status: 403,
    rawHeaders: [
      "content-type",
      "application/json",
      "x-amzn-ErrorType",
      "ForbiddenException",
      "x-amzn-RequestId",
      rng.uuid(),
      "x-amz-apigw-id",
      newGatewayId(rng),
    ],
    body: '{"message":"Forbidden"}',
  };
}
