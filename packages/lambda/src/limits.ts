/** Lambda's quotas. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const limits = {
  memoryMegabytesMin: 128,
  memoryMegabytesMax: 10_240,
  memoryMegabytesDefault: 128,
  timeoutSecondsMin: 1,
  timeoutSecondsMax: 900,
  timeoutSecondsDefault: 3,
  ephemeralStorageMegabytesMin: 512,
  ephemeralStorageMegabytesMax: 10_240,
  ephemeralStorageMegabytesDefault: 512,
  environmentBytesMax: 4096,
  /** An archive, uploaded directly. */
  zippedCodeBytesMax: 52_428_800,
  /** A function's code with its layers, unpacked. */
  unpackedCodeBytesMax: 262_144_000,
  /** Code of all functions, versions and layers of the account. */
  totalCodeBytesMax: 80_530_636_800,
  layersMax: 5,
  tagsMax: 50,
  descriptionMax: 256,
  handlerMax: 128,
  /** Characters of a function's name. */
  functionNameMax: 64,
  /** Entries of a page of functions, versions, aliases or layers. */
  pageMax: 50,
  /** What is left of the account's concurrency for functions that reserve none. */
  unreservedConcurrencyMin: 100,
  syncPayloadBytesMax: 6_291_456,
  asyncPayloadBytesMax: 1_048_576,
  clientContextBase64BytesMax: 3583,
} as const;

/** Environment keys that a function may not set. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
export const reservedEnvironmentKeys: ReadonlySet<string> = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);
