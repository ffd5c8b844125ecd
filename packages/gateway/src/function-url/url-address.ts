/**
 * Which function URL a request is for.
 *
 * - `<id>.lambda-url.<region>.on.aws` as host, as on AWS, or `<id>.lambda-url.<region>.localhost`, which leads to this machine.
 * - `/_url/<function>/…` or `/_url/<function>:<alias>/…` on any host: a URL that a browser can open everywhere. The id will do as well.
 */
import type { FunctionUrl, FunctionUrls, HttpRequest } from "@tripline/kernel";
import { headerOf } from "../gateway-request.ts";

const prefix = "/_url/";

/** What an address says. `url` is absent where there is none. */
export interface FunctionUrlAddress {
  /** As the caller wrote it. */
  name: string;
  url?: FunctionUrl;
  /** Raw, with a leading slash. */
  path: string;
  query: string;
}

/** The id in a host `<id>.lambda-url.…`. */
function urlIdOfHost(request: HttpRequest): string | undefined {
  const host = headerOf(request, "host") ?? headerOf(request, ":authority") ?? "";
  return /^([a-z0-9]+)\.lambda-url\./i.exec(host)?.[1]?.toLowerCase();
}

/** Whether a request is for a function URL at all. */
export function isForFunctionUrl(request: HttpRequest): boolean {
  return request.target.startsWith(prefix) || urlIdOfHost(request) !== undefined;
}

/** See the module's header. */
export function parseFunctionUrlAddress(urls: FunctionUrls, request: HttpRequest): FunctionUrlAddress {
  const mark = request.target.indexOf("?");
  const whole = mark < 0 ? request.target : request.target.slice(0, mark);
  const query = mark < 0 ? "" : request.target.slice(mark + 1);
  if (!whole.startsWith(prefix)) {
    const id = urlIdOfHost(request) ?? "";
    return toAddress(id, urls.find(id), whole === "" ? "/" : whole, query);
  }
  const rest = whole.slice(prefix.length);
  const end = rest.indexOf("/");
  const name = decode(end < 0 ? rest : rest.slice(0, end));
  const url = urls.find(name) ?? urls.list().find((one) => toUrlName(one) === name);
  return toAddress(name, url, end < 0 ? "/" : rest.slice(end), query);
}

/** `orders`, `orders:live`. */
export function toUrlName({ functionName, qualifier }: FunctionUrl): string {
  return qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
}

/** Where a browser opens it: `<endpoint>/_url/<name>/`. */
export function toBrowserUrl(url: FunctionUrl, endpoint: string): string {
  return `${endpoint}${prefix}${toUrlName(url)}/`;
}

function toAddress(name: string, url: FunctionUrl | undefined, path: string, query: string): FunctionUrlAddress {
  return { name, path, query, ...(url === undefined ? {} : { url }) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no encoding: a name that does not exist
  }
}
