/**
 * AWS lists the values of an enum in an order of its own. Where an answer of AWS is known we list them as it did, otherwise as the model
 * does.
 */
const seen: readonly (readonly string[])[] = [
  ["LATEST", "AT_TIMESTAMP", "TRIM_HORIZON"],
  ["B", "N", "S"],
  ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"],
  ["x86_64", "arm64"],
  ["Terminate", "Allow"],
  ["PublishedVersions", "None"],
  ["RESPONSE_STREAM", "BUFFERED"],
  ["add", "remove", "move", "test", "replace", "copy"],
  ["ipv4", "dualstack"],
  ["PRIVATE", "EDGE", "REGIONAL"],
  ["HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS"],
  [
    "RESPONSE_BODY",
    "RESPONSE",
    "METHOD",
    "MODEL",
    "AUTHORIZER",
    "RESPONSE_HEADER",
    "RESOURCE",
    "PATH_PARAMETER",
    "REQUEST_BODY",
    "QUERY_PARAMETER",
    "API",
    "REQUEST_HEADER",
  ],
  [
    "REQUEST_TOO_LARGE",
    "RESOURCE_NOT_FOUND",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "MISSING_AUTHENTICATION_TOKEN",
    "BAD_REQUEST_BODY",
    "INVALID_SIGNATURE",
    "INVALID_API_KEY",
    "BAD_REQUEST_PARAMETERS",
    "AUTHORIZER_FAILURE",
    "UNAUTHORIZED",
    "INTEGRATION_TIMEOUT",
    "ACCESS_DENIED",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "WAF_FILTERED",
    "QUOTA_EXCEEDED",
    "THROTTLED",
    "API_CONFIGURATION_ERROR",
    "UNSUPPORTED_MEDIA_TYPE",
    "INTEGRATION_FAILURE",
    "EXPIRED_TOKEN",
  ],
];

const bySortedValues = new Map(seen.map((values) => [values.toSorted().join(), values]));

/** `values` in AWS's order. */
export function listedEnum(values: readonly string[]): readonly string[] {
  return bySortedValues.get(values.toSorted().join()) ?? values;
}
