import type { ServerResponse } from "node:http";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import type { Http2ServerResponse } from "node:http2";
import type { Writable } from "node:stream";
import type { HttpResponse } from "@tripline/kernel";
import { CallerGone } from "./node-request.ts";

/**
 * Writes `response`. A whole body is handed over at once and undefined is returned; a stream resolves when its end was written, and
 * throws CallerGone where nobody reads on, having ended the stream.
 */
export function sendResponse(
  outgoing: ServerResponse | Http2ServerResponse,
  response: HttpResponse,
  method: string,
): Promise<void> | undefined {
  const { status, rawHeaders, body } = response;
  const isGone = outgoing.destroyed || outgoing.writableFinished;
  if (typeof body !== "string" && !(body instanceof Uint8Array))
    return isGone ? discard(body) : sendStream(outgoing, response, body, method);
  if (isGone) return undefined;
  const hasNoBody = method === "HEAD" || status === 204 || status === 304;
  if (!hasNoBody && !hasHeader(rawHeaders, "content-length")) {
    rawHeaders.push("content-length", String(typeof body === "string" ? Buffer.byteLength(body) : body.byteLength));
  }
  writeHead(outgoing, status, rawHeaders);
  if (hasNoBody) outgoing.end();
  else outgoing.end(body);
  return undefined;
}

async function sendStream(
  outgoing: ServerResponse | Http2ServerResponse,
  { status, rawHeaders }: HttpResponse,
  body: AsyncIterable<Uint8Array>,
  method: string,
): Promise<void> {
  writeHead(outgoing, status, rawHeaders);
  if (method === "HEAD" || status === 204 || status === 304) {
    await discard(body);
    outgoing.end();
    return;
  }
  const pieces = body[Symbol.asyncIterator]();
  const wait = new WaitWhileOpen(outgoing);
  try {
    for (;;) {
      const next = await wait.for(pieces.next());
      if (next.done === true) break;
      if (!(outgoing as Writable).write(next.value)) await wait.for(once(outgoing, "drain"));
    }
  } catch (error) {
    outgoing.destroy(); // a body cut short must not look whole
    void pieces.return?.().catch(() => undefined); // it may still be waiting for what nobody will read
    throw error;
  }
  outgoing.end();
}

/** Waits for one thing after the other; throws CallerGone as soon as nobody reads on. */
class WaitWhileOpen {
  readonly #outgoing: ServerResponse | Http2ServerResponse;
  #leave: (() => void) | undefined;

  constructor(outgoing: ServerResponse | Http2ServerResponse) {
    this.#outgoing = outgoing;
    outgoing.on("close", () => this.#leave?.());
  }

  for<T>(work: Promise<T>): Promise<T> {
    if (this.#outgoing.destroyed) {
      work.catch(() => undefined);
      return Promise.reject(new CallerGone());
    }
    return new Promise((resolve, reject) => {
      this.#leave = () => {
        reject(new CallerGone());
      };
      work.then(resolve, reject);
    });
  }
}

/** Ends a stream that nobody will read: begun and left, so that whatever is open behind it is closed. */
async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _piece of body) return;
}

function writeHead(outgoing: ServerResponse | Http2ServerResponse, status: number, rawHeaders: string[]): void {
  if (!("createPushResponse" in outgoing)) {
    outgoing.writeHead(status, rawHeaders);
    return;
  }
  const headers: Record<string, string | string[]> = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    const value = rawHeaders[at + 1] ?? "";
    if (hopByHop.has(name)) continue;
    const earlier = headers[name];
    headers[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  outgoing.writeHead(status, headers);
}

/** HTTP/2 does not carry them. */
const hopByHop: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);

function hasHeader(rawHeaders: readonly string[], name: string): boolean {
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === name) return true;
  return false;
}
