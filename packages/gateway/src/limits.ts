/** Limits of API Gateway. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const gatewayLimits = {
  payloadBytesMax: 10_485_760,
  /** All headers; of an HTTP API with the request line. */
  headerBytesMax: 10_240,
  urlBytesMax: 10_240,
  edgeUrlBytesMax: 8192,
  integrationTimeoutMinMs: 50,
  httpIntegrationTimeoutMaxMs: 30_000,
  restIntegrationTimeoutMaxMs: 29_000,
  accountRatePerSecond: 10_000,
  accountBurst: 5000,
  authorizerTimeoutMs: 10_000,
  authorizedArnBytesMax: 1600,
  cachedBytesMax: 1_048_576,
  logEventBytesMax: 1024,
  accessLogFormatBytesMax: 3072,
  /** Seconds. */
  corsMaxAgeMin: -1,
  /** Seconds. */
  corsMaxAgeMax: 86_400,
} as const;
