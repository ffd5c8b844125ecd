import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { EndpointRequest } from "../endpoint-request.ts";
import { bodyTooLarge } from "../wire-errors.ts";

/** The caller went away before it had sent, or been answered, everything. Nobody is left to tell. */
export class CallerGone extends Error {
  constructor() {
    super("The caller closed the connection.");
    this.name = "CallerGone";
  }
}

/** A request of node:http or node:http2 as the endpoint sees it. What is seldom asked for is worked out when it is. */
export class NodeRequest implements EndpointRequest {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly #incoming: IncomingMessage | Http2ServerRequest;
  readonly #outgoing: ServerResponse | Http2ServerResponse;
  #body: Promise<Uint8Array> | undefined;
  #abort: AbortController | undefined;
  #isGone = false;

  constructor(incoming: IncomingMessage | Http2ServerRequest, outgoing: ServerResponse | Http2ServerResponse) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.method = incoming.method ?? "GET";
    this.target = toTarget(incoming.url ?? "/");
    this.httpVersion = incoming.httpVersion;
    const mark = this.target.indexOf("?");
    this.path = mark === -1 ? this.target : this.target.slice(0, mark);
    this.query = mark === -1 ? "" : this.target.slice(mark + 1);
    this.headers = toHeaders(incoming);
    outgoing.on("close", () => {
      if (outgoing.writableFinished) return;
      this.#isGone = true;
      this.#abort?.abort();
    });
  }

  get rawHeaders(): readonly string[] {
    const raw = this.#incoming.rawHeaders;
    if (this.httpVersion !== "2.0") return raw;
    const kept: string[] = ["host", this.headers["host"] ?? ""];
    for (let at = 0; at + 1 < raw.length; at += 2) {
      const name = raw[at] ?? "";
      if (!name.startsWith(":") && name !== "host") kept.push(name, raw[at + 1] ?? "");
    }
    return kept;
  }

  get sourceIp(): string {
    const address = this.#incoming.socket.remoteAddress ?? "127.0.0.1";
    return address.startsWith("::ffff:") ? address.slice(7) : address;
  }

  get endpoint(): string {
    return `http://${this.headers["host"] ?? "localhost"}`;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#isGone) this.#abort.abort();
    return this.#abort.signal;
  }

  body(limitBytes: number): Promise<Uint8Array> {
    return (this.#body ??= this.#readBody(limitBytes));
  }

  #readBody(limitBytes: number): Promise<Uint8Array> {
    const incoming = this.#incoming;
    return new Promise((resolve, reject) => {
      if (Number(this.headers["content-length"] ?? 0) > limitBytes) {
        incoming.resume();
        reject(bodyTooLarge(limitBytes));
        return;
      }
      let pieces: Buffer[] = [];
      let bytes = 0;
      incoming.on("data", (piece: Buffer) => {
        bytes += piece.byteLength;
        if (bytes <= limitBytes) {
          pieces.push(piece);
        } else {
          pieces = [];
          reject(bodyTooLarge(limitBytes)); // what still comes is read and dropped
        }
      });
      incoming.on("end", () => {
        resolve(pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces));
      });
      const gone = (): void => {
        if (!incoming.readableEnded) reject(new CallerGone());
      };
      incoming.on("error", gone);
      incoming.on("close", gone);
    });
  }

  async *stream(): AsyncGenerator<Uint8Array, void, undefined> {
    const incoming = this.#incoming;
    try {
      for await (const piece of incoming.iterator({ destroyOnReturn: false })) yield piece as Buffer;
    } catch (error) {
      throw this.#outgoing.destroyed || incoming.destroyed ? new CallerGone() : error;
    } finally {
      incoming.resume(); // what nobody wants is read and dropped, so that the answer gets through
    }
    if (!incoming.readableEnded) throw new CallerGone();
  }
}

/** A proxy's absolute target is cut to its path. */
function toTarget(url: string): string {
  const absolute = /^https?:\/\/[^/?]*(.*)$/i.exec(url)?.[1];
  const target = absolute ?? url;
  return target.startsWith("/") ? target : `/${target}`;
}

function toHeaders(incoming: IncomingMessage | Http2ServerRequest): Readonly<Record<string, string>> {
  const { headers } = incoming;
  const isPlain = headers["set-cookie"] === undefined && incoming.httpVersion !== "2.0";
  if (isPlain) return headers as Readonly<Record<string, string>>; // node joins every other name's values
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !name.startsWith(":")) plain[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const authority: unknown = headers[":authority"];
  if (typeof authority === "string") plain["host"] ??= authority;
  return plain;
}
