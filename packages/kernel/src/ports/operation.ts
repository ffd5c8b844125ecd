/**
 * One operation of one AWS service. Templates, the AWS API, the console and the library all call these: there is no second path.
 *
 * Every member of an operation's input in AWS's model is either in `honoured` or in `refused`. The endpoint answers a request
 * that sets a refused member (or one in neither list) with an error that names it: nothing is accepted and ignored.
 */

/** Who called, and how to answer. */
export interface CallContext {
  requestId: string;
  /** Where the caller reached us, without a trailing slash: `http://127.0.0.1:4566`. Queue URLs start with it. */
  endpoint: string;
  sourceIp: string;
  /** Aborted when the caller goes away. */
  signal: AbortSignal;
  /** The delivery, or the request, that this call is part of, for lineage. */
  parentId?: string;
  /** Set when a template is applied: a resource of the same name is updated to this input, as a stack update would, instead of refused; what is new can be used at once. */
  upsert?: boolean;
  /** Request headers, names in lower case; empty for calls that are not HTTP. */
  headers: Readonly<Record<string, string>>;
}

/**
 * One typed operation, named as AWS names it. Members have AWS's names and types (timestamps: `Date`; blobs: `Uint8Array`).
 *
 * Where AWS answers with an event stream, that member of the output is an `AsyncIterable` of events, each an object with one member of
 * the model's union: `{ EventStream: events() }` yielding `{ PayloadChunk: { Payload } }`. A `ServiceError` thrown by it is sent as an
 * exception of the stream, and ends it. While it waits for its next event nothing is in flight but what the operation itself began, so
 * that time passes; when the caller goes away `signal` is aborted and the iterable's `return` called.
 */
export interface Operation<Input = never, Output = unknown> {
  readonly name: string;
  readonly honoured: readonly string[];
  /** Member (dots for nested ones) -> why it is refused, one sentence. */
  readonly refused?: Readonly<Record<string, string>>;
  run(input: Input, context: CallContext): Promise<Output>;
}

/** A request that a browser makes, or is about to make, for a page of another origin. */
export interface CrossOriginRequest {
  /** `https://example.com`. */
  origin: string;
  /** What the page asks for, also in a preflight. */
  method: string;
  /** In a preflight: the headers that the page will send, in lower case. */
  requestHeaders?: readonly string[];
  /** What is asked for: S3's bucket. */
  resource: string;
}

/** Operations by name. */
export type Operations = ReadonlyMap<string, Operation>;

/** A service; `id` is the signing name (`s3`, `logs`, `events`), but `apigatewayv2` and `dynamodbstreams`, which sign as `apigateway` and `dynamodb`. */
export interface Service {
  readonly id: string;
  /** Its operations, once they are loaded. */
  readonly operations: Operations | undefined;
  /** Loads the operations at the first call: most runs need few services. In flight (see `Activity`) meanwhile. */
  load(): Promise<Operations>;
  /** What the support matrix says of the service as a whole, in whole sentences. */
  readonly note?: string;
  /** Operations that there are not, and why: one sentence, beginning small. Absent: there is no more to say than that. */
  readonly refusedOperations?: () => Promise<ReadonlyMap<string, string>>;
  /**
   * Response headers for a page of another origin, names and values alternating; none where the page may not read the answer.
   * Throws `ServiceError` for a preflight of what is not allowed. Absent where the service has no CORS rules of its own.
   */
  readonly crossOrigin?: (request: CrossOriginRequest) => string[];
}
