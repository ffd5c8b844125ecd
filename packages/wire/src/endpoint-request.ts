import type { HttpRequest } from "@tripline/kernel";

/** A request to the endpoint: what handlers see, and what the protocols need besides. */
export interface EndpointRequest extends HttpRequest {
  /** Names in lower case; values of a name that came twice joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The target up to `?`, not decoded: `/bucket/a%2Fb`. */
  readonly path: string;
  /** The target after `?`, not decoded; empty without one. */
  readonly query: string;
  /** The body as it comes, read once. Throws where the caller goes away before its end. */
  stream(): AsyncIterable<Uint8Array>;
}
