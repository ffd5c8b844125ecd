import { badRequest } from "../../errors.ts";
import { gatewayLimits } from "../../limits.ts";
import type { CorsConfiguration } from "../http-api.ts";

/**
 * Throws BadRequestException. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html
 *
 * The text about credentials is AWS's; AWS documents the range of MaxAge (-1: preflights are not kept), and its text is ours.
 */
export function checkCors(cors: CorsConfiguration | undefined): void {
  if (cors === undefined) return;
  const { AllowCredentials, AllowOrigins, MaxAge } = cors;
  if (AllowCredentials === true && AllowOrigins?.includes("*") === true)
    throw badRequest("allow-credentials is not supported if 'allow-origin' is *");
  const { corsMaxAgeMin: min, corsMaxAgeMax: max } = gatewayLimits;
  if (MaxAge !== undefined && (!Number.isInteger(MaxAge) || MaxAge < min || MaxAge > max))
    throw badRequest(`max-age should be between ${min} and ${max}`);
}
