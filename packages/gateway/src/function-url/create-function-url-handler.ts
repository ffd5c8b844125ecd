/**
 * The front of function URLs: finds the URL of a request, and serves it.
 * Everything that arrives is in flight until it is answered, so that virtual time waits for it.
 */
import type { Activity, Clock, FunctionUrl, FunctionUrls, HttpRequest, HttpResponse } from "@tripline/kernel";
import { headerOf } from "../gateway-request.ts";
import { type FunctionUrlServing, serveFunctionUrl } from "./serve-function-url.ts";
import { isForFunctionUrl, parseFunctionUrlAddress, toBrowserUrl, toUrlName } from "./url-address.ts";

/** Options of {@link createFunctionUrlHandler}. */
export interface FunctionUrlHandlerOptions extends FunctionUrlServing {
  clock: Clock;
  activity: Activity;
  urls: FunctionUrls;
}

/** Answers requests to function URLs. */
export interface FunctionUrlHandler {
  /** Whether a request is for a function URL: by its path `/_url/…`, or by its host. */
  matches(request: HttpRequest): boolean;
  /** Answers it; never rejects. */
  handle(request: HttpRequest): Promise<HttpResponse>;
  /** Every URL, with the address that a browser can open. */
  list(endpoint: string): { url: FunctionUrl; address: string }[];
}

/** See the module's header. */
export function createFunctionUrlHandler(options: FunctionUrlHandlerOptions): FunctionUrlHandler {
  const { clock, rng, activity, urls, bus } = options;
  const serve = (request: HttpRequest): Promise<HttpResponse> | HttpResponse => {
    const { name, url, path, query } = parseFunctionUrlAddress(urls, request);
    if (url === undefined) return noSuchUrl(urls, name, request);
    const atMs = clock.now();
    const second = Math.floor(atMs / 1000).toString(16);
    const traceId = headerOf(request, "x-amzn-trace-id") ?? `Root=1-${second.padStart(8, "0")}-${rng.hex(12)}`;
    return serveFunctionUrl(options, url, {
      request,
      method: request.method,
      path,
      query,
      stage: "$default",
      atMs,
      traceId,
    });
  };
  return {
    matches: isForFunctionUrl,
    async handle(request) {
      const end = activity.begin("request to a function URL");
      try {
        return await serve(request);
      } catch (error) {
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        bus.emit("notice", {
          level: "warning",
          subject: request.target,
          message: `A request failed within Tripline. ${message}`,
        });
        return {
          status: 502,
          rawHeaders: ["content-type", "text/plain; charset=utf-8"],
          body: "Internal Server Error",
        };
      } finally {
        end();
      }
    },
    list: (endpoint) => urls.list().map((url) => ({ url, address: toBrowserUrl(url, endpoint) })),
  };
}

/** By host as AWS answers; by path with what there is. */
function noSuchUrl(urls: FunctionUrls, name: string, request: HttpRequest): HttpResponse {
  const names = urls.list().map(toUrlName);
  const there = names.length === 0 ? "No function has one." : `There are: ${names.join(", ")}.`;
  const isByPath = request.target.startsWith("/_url/");
  return {
    status: isByPath ? 404 : 403,
    rawHeaders: ["content-type", "application/json"],
    body: JSON.stringify({ Message: isByPath ? `There is no function URL "${name}". ${there}` : "Forbidden" }),
  };
}
