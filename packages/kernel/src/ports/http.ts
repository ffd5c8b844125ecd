/** HTTP as the gateway and the endpoint see it, free of node:http. */

/** A request as it arrived. */
export interface HttpRequest {
  method: string;
  /** Path and query exactly as sent: `/a%2Fb?x=1+2`. */
  target: string;
  httpVersion: string;
  /** Names and values alternating, as sent, in order: node's `rawHeaders`. */
  rawHeaders: readonly string[];
  sourceIp: string;
  /** `http://host:port` by which the caller reached us. */
  endpoint: string;
  signal: AbortSignal;
  /** The whole body, read once. Rejects with `ServiceError` 413 over `limitBytes`. */
  body(limitBytes: number): Promise<Uint8Array>;
}

/** What is sent back. */
export interface HttpResponse {
  status: number;
  /** Names and values alternating; a name may appear twice. Content-Length is set by the server for a body that is not a stream. */
  rawHeaders: string[];
  body: Uint8Array | string | AsyncIterable<Uint8Array>;
}

/** Answers requests; never rejects. */
export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;
