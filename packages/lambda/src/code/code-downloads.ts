/**
 * `/_tripline/code/…`: where GetFunction's `Code.Location` and GetLayerVersion's `Content.Location` lead. As on AWS the URL works for ten
 * minutes of the clock; it is not signed, as nothing here is.
 */
import type { Clock, HttpHandler, HttpRequest, HttpResponse } from "@tripline/kernel";
import type { FunctionRegistry } from "../function-registry.ts";
import type { LayerRegistry } from "../layers/layer-registry.ts";
import type { CodeStore } from "./code-store.ts";
import { packFolder } from "./pack-archive.ts";

/** Whose code. */
export interface CodeAddress {
  kind: "functions" | "layers";
  name: string;
  /** `$LATEST` or a number. */
  version: string;
}

const prefix = "/_tripline/code/";
const expiresSeconds = 600;

/** A URL that answers with the archive. */
export function codeLocation(endpoint: string, clock: Clock, { kind, name, version }: CodeAddress): string {
  const date = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, "");
  return `${endpoint}${prefix}${kind}/${name}/${encodeURIComponent(version)}?X-Amz-Date=${date}&X-Amz-Expires=${expiresSeconds}`;
}

/** Answers those URLs. */
export function createCodeDownloads(options: {
  clock: Clock;
  registry: FunctionRegistry;
  layers: LayerRegistry;
  store: CodeStore;
}): { matches(request: HttpRequest): boolean; handle: HttpHandler } {
  const { clock, registry, layers, store } = options;
  const find = (kind: string, name: string, version: string): AsyncIterable<Uint8Array> | undefined => {
    if (kind === "layers") {
      const layer = layers.get(name, Number(version));
      return layer === undefined ? undefined : store.read(layer.content.sha256);
    }
    const definition = [registry.get(name), ...registry.versions(name)].find((one) => one?.version === version);
    if (kind !== "functions" || definition === undefined) return undefined;
    const { code } = definition;
    return code.kind === "archive" ? store.read(code.sha256) : packFolder(code.folder);
  };
  return {
    matches: (request) => request.target.startsWith(prefix),
    async handle(request) {
      const url = new URL(request.target, "http://localhost");
      const [kind = "", name = "", version = ""] = url.pathname.slice(prefix.length).split("/").map(decodeURIComponent);
      if (isExpired(url.searchParams, clock.now())) return refuse(403, "AccessDenied", "Request has expired");
      const body = find(kind, name, version);
      if (body === undefined) return refuse(404, "NoSuchKey", "The specified key does not exist.");
      return { status: 200, rawHeaders: ["content-type", "application/zip"], body };
    },
  };
}

function isExpired(query: URLSearchParams, nowMs: number): boolean {
  const [, year, month, day, hours, minutes, seconds] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get("X-Amz-Date") ?? "") ?? [];
  if (year === undefined) return true;
  const issuedMs = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  return nowMs > issuedMs + (expiresSeconds + 1) * 1000;
}

/** As S3 answers, which serves these URLs on AWS. */
function refuse(status: number, code: string, message: string): HttpResponse {
  return {
    status,
    rawHeaders: ["content-type", "application/xml"],
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  };
}
