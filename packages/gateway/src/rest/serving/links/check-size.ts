/**
 * Sizes of what stands before the body. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 *
 * 1. Headers over the limit are answered as a body over its limit is, in plain text. The text is AWS's, the status a choice: 431.
 * 2. A URL over the limit, which is lower for an edge-optimized API, is 414. AWS does not say how it answers that: as an ARN that is too
 *    long (see `route`) here.
 */
import { headerBytes } from "../../../gateway-request.ts";
import { gatewayLimits } from "../../../limits.ts";
import { BareAnswer } from "../bare-answer.ts";
import type { Link } from "../exchange.ts";
import { failures } from "../gateway-failure.ts";

/** See the module's header. */
export const checkSize: Link = ({ request: { request }, deployment, isTest }) => {
  if (isTest) return undefined;
  const { headerBytesMax, urlBytesMax, edgeUrlBytesMax } = gatewayLimits;
  if (headerBytes(request) > headerBytesMax)
    throw new BareAnswer(431, `HTTP header is larger than ${headerBytesMax} bytes.`); // 1
  const isEdge = deployment.definition.settings.endpointType === "EDGE";
  if (request.target.length > (isEdge ? edgeUrlBytesMax : urlBytesMax)) throw failures.uriTooLong(); // 2
  return undefined;
};
