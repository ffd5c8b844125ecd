import type { GatewayResponse } from "./rest-api.ts";

/** Types of gateway responses -> their status; none for the two that others fall back to. In AWS's order of listing. */
export const gatewayResponseStatuses = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
  AUTHORIZER_FAILURE: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  QUOTA_EXCEEDED: 429,
  REQUEST_TOO_LARGE: 413,
  RESOURCE_NOT_FOUND: 404,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
  WAF_FILTERED: 403,
} as const;

/** One of them. */
export type GatewayResponseType = keyof typeof gatewayResponseStatuses;

/** The type that `type` falls back to. */
export function fallbackOf(type: GatewayResponseType): "DEFAULT_4XX" | "DEFAULT_5XX" {
  return (gatewayResponseStatuses[type] ?? (type === "DEFAULT_5XX" ? 500 : 400)) >= 500 ? "DEFAULT_5XX" : "DEFAULT_4XX";
}

/** The template that AWS has for every type. */
export const defaultTemplates: Readonly<Record<string, string>> = {
  "application/json": '{"message":$context.error.messageString}',
};

/** What a type answers with: set for it, set for what it falls back to, or AWS's own. */
export function gatewayResponseFor(
  find: (type: string) => GatewayResponse | undefined,
  type: GatewayResponseType,
): GatewayResponse & { defaultResponse: boolean } {
  const own = find(type);
  if (own !== undefined) return { defaultResponse: false, ...own };
  const fallback = find(fallbackOf(type));
  const status = gatewayResponseStatuses[type];
  const statusCode = fallback?.statusCode ?? (status === undefined ? undefined : String(status));
  return {
    defaultResponse: true,
    responseType: type,
    ...(statusCode === undefined ? {} : { statusCode }),
    responseParameters: fallback?.responseParameters ?? {},
    responseTemplates: fallback?.responseTemplates ?? defaultTemplates,
  };
}
