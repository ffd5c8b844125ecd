/**
 * Which API and stage a request is for.
 *
 * - `/_api/<api id or name>/<stage>/…` on any host: a URL that a browser can open.
 * - `<api id>.execute-api.…` as host, as on AWS: a REST API's stage is the first segment of the path; an HTTP API's too, where there
 *   is a stage of that name, and `$default` otherwise. Slashes before a REST API's stage count as one.
 *
 * A fragment, which no browser sends, is dropped.
 */
import type { HttpRequest } from "@tripline/kernel";
import type { ApiStore, ServedStage, StoredApi } from "./api-store.ts";
import { decodePath, headerOf } from "./gateway-request.ts";
import { defaultStage } from "./http/http-api.ts";

const prefix = "/_api/";

/** What an address says. `api` and `served` are absent where there is none. */
export interface ApiAddress {
  /** As the caller wrote it. */
  apiName: string;
  api?: StoredApi;
  stage: string;
  served?: ServedStage;
  /** Raw, below the stage, with a leading slash. */
  path: string;
  query: string;
}

/** The id in a host `<id>.execute-api.…`. */
function apiIdOfHost(request: HttpRequest): string | undefined {
  return /^([a-z0-9]+)\.execute-api\./i.exec(headerOf(request, "host") ?? "")?.[1]?.toLowerCase();
}

/** Whether the gateway answers this request at all. */
export function isForGateway(request: HttpRequest): boolean {
  return request.target.startsWith(prefix) || apiIdOfHost(request) !== undefined;
}

/** See the module's header. */
export function parseApiAddress(apis: ApiStore, request: HttpRequest): ApiAddress {
  const hash = request.target.indexOf("#");
  const target = hash < 0 ? request.target : request.target.slice(0, hash);
  const mark = target.indexOf("?");
  const whole = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark + 1);
  if (whole.startsWith(prefix)) {
    const [apiName, afterApi] = takeSegment(whole.slice(prefix.length - 1));
    const [stage, path] = takeSegment(apis.find(apiName)?.definition.type === "REST" ? collapse(afterApi) : afterApi);
    return toAddress(apis, apiName, stage, path, query);
  }
  const apiName = apiIdOfHost(request) ?? "";
  const api = apis.get(apiName);
  const [first, rest] = takeSegment(api?.definition.type === "REST" ? collapse(whole) : whole);
  if (api === undefined || api.definition.type === "REST" || api.stages.has(first))
    return toAddress(apis, apiName, first, rest, query);
  return toAddress(apis, apiName, defaultStage, whole === "" ? "/" : whole, query);
}

/** Slashes at the beginning count as one. */
function collapse(path: string): string {
  return path.replace(/^\/{2,}/, "/");
}

function toAddress(apis: ApiStore, apiName: string, stage: string, path: string, query: string): ApiAddress {
  const api = apis.find(apiName);
  const served = api?.stages.get(stage);
  return {
    apiName,
    stage,
    path,
    query,
    ...(api === undefined ? {} : { api }),
    ...(served === undefined ? {} : { served }),
  };
}

/** `/a/b/c` -> `a` (decoded), `/b/c`. */
function takeSegment(path: string): [string, string] {
  const end = path.indexOf("/", 1);
  const segment = path.slice(1, end < 0 ? undefined : end);
  return [decodePath(segment), end < 0 ? "/" : path.slice(end)];
}
