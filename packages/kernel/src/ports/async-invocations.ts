import type { ServiceCaller } from "./function-access.ts";

/** Lambda's asynchronous queue, as the Invoke API and push sources see it: accepted means durable. */
export interface AsyncInvocationRequest {
  /** Name, `name:qualifier`, partial or full ARN. */
  functionName: string;
  qualifier?: string;
  payload: Uint8Array;
  source: string;
  sourceArn?: string;
  /** See `Delivery.caller`. */
  caller?: ServiceCaller;
  /** Becomes the request id of every attempt. Default: a new one. */
  requestId?: string;
  /** The delivery that this event is; default: the request id. */
  deliveryId?: string;
  parentId?: string;
  traceId?: string;
}

/** Accepts events for later invocation. Rejects where the function does not exist, its policy does not let the caller in, or the payload is over 1 MB. */
export interface AsyncInvocations {
  accept(request: AsyncInvocationRequest): Promise<{ requestId: string }>;
  /** Several with one commit; each settles by itself, in order. */
  acceptAll(requests: readonly AsyncInvocationRequest[]): Promise<PromiseSettledResult<{ requestId: string }>[]>;
}
