/**
 * Reads HTTP/1.1 requests from the bytes of one connection: just what Runtime API clients send, and no more.
 *
 * H1. Bytes are consumed in order; while `pause`d (an answer is outstanding) further requests wait unread.
 * H2. A body is handed on in the pieces in which it came, without a copy.
 * H3. Anything that is not HTTP/1.1 as the Runtime API uses it ends the connection through `onMalformed`.
 */

/** The request line and the headers of a request. Header names are in lower case; repeated headers are joined by `, `. */
export interface RequestHead {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
}

/** Told as a request comes in: head, pieces of the body, end. */
export interface RequestSink {
  onHead(head: RequestHead): void;
  onBody(piece: Buffer): void;
  onEnd(trailers: Readonly<Record<string, string>>): void;
  onMalformed(reason: string): void;
}

const headBytesMax = 1_048_576;
const empty = Buffer.alloc(0);
const noTrailers: Readonly<Record<string, string>> = Object.freeze({});

type State = "head" | "body" | "chunk-size" | "chunk" | "chunk-end" | "trailers" | "failed";

/** One connection's reader. */
export class HttpRequestReader {
  readonly #sink: RequestSink;
  #held: Buffer = empty;
  #state: State = "head";
  #leftBytes = 0;
  #paused = false;

  constructor(sink: RequestSink) {
    this.#sink = sink;
  }

  /** Whether a request has begun and not ended: a connection that closes now was truncated. */
  get isInsideRequest(): boolean {
    return this.#state !== "head" && this.#state !== "failed";
  }

  push(bytes: Buffer): void {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    this.#read();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#read();
  }

  #read(): void {
    while (!this.#paused && this.#held.length > 0 && this.#step());
  }

  /** Whether there may be more to do with what is held. */
  #step(): boolean {
    switch (this.#state) {
      case "head":
        return this.#readHead();
      case "body":
      case "chunk":
        return this.#readBody();
      case "chunk-size":
        return this.#readChunkSize();
      case "chunk-end":
        if (this.#held.length < 2) return false;
        this.#held = this.#held.subarray(2);
        this.#state = "chunk-size";
        return true;
      case "trailers":
        return this.#readTrailers();
      case "failed":
        this.#held = empty;
        return false;
    }
  }

  #readHead(): boolean {
    const end = this.#held.indexOf("\r\n\r\n");
    if (end < 0) return this.#held.length > headBytesMax ? this.#fail("The head is over 1 MB.") : false;
    const lines = this.#held.toString("latin1", 0, end).split("\r\n");
    this.#held = this.#held.subarray(end + 4);
    const [method, path, version] = (lines[0] ?? "").split(" ");
    if (method === undefined || path === undefined || version?.startsWith("HTTP/1.") !== true) {
      return this.#fail("The request line is malformed.");
    }
    const headers = toHeaders(lines, 1);
    const length = headers["content-length"];
    const isChunked = headers["transfer-encoding"]?.toLowerCase().includes("chunked") === true;
    if (length !== undefined && !/^\d+$/.test(length)) return this.#fail("The Content-Length is malformed.");
    this.#leftBytes = length === undefined || isChunked ? 0 : Number(length);
    this.#state = isChunked ? "chunk-size" : this.#leftBytes > 0 ? "body" : "head";
    this.#sink.onHead({ method, path, headers });
    if (this.#state === "head") this.#sink.onEnd(noTrailers);
    return true;
  }

  #readBody(): boolean {
    const piece = this.#held.length > this.#leftBytes ? this.#held.subarray(0, this.#leftBytes) : this.#held;
    this.#held = this.#held.subarray(piece.length);
    this.#leftBytes -= piece.length;
    const isOver = this.#leftBytes === 0;
    if (isOver) this.#state = this.#state === "body" ? "head" : "chunk-end";
    this.#sink.onBody(piece); // H2
    if (isOver && this.#state === "head") this.#sink.onEnd(noTrailers);
    return true;
  }

  #readChunkSize(): boolean {
    const end = this.#held.indexOf("\r\n");
    if (end < 0) return this.#held.length > 1024 ? this.#fail("A chunk's size is malformed.") : false;
    const size = this.#held.toString("latin1", 0, end).split(";")[0]?.trim() ?? "";
    if (!/^[0-9a-f]{1,8}$/i.test(size)) return this.#fail("A chunk's size is malformed.");
    this.#held = this.#held.subarray(end + 2);
    this.#leftBytes = Number.parseInt(size, 16);
    this.#state = this.#leftBytes === 0 ? "trailers" : "chunk";
    return true;
  }

  #readTrailers(): boolean {
    let end = 0;
    let trailers = noTrailers;
    if (this.#held.length < 2) return false;
    if (this.#held[0] !== 13) {
      end = this.#held.indexOf("\r\n\r\n");
      // The error body is a trailer: as large as an error may be.
      if (end < 0) return this.#held.length > headBytesMax * 8 ? this.#fail("The trailers are too long.") : false;
      trailers = toHeaders(this.#held.toString("latin1", 0, end).split("\r\n"), 0);
      end += 2;
    }
    this.#held = this.#held.subarray(end + 2);
    this.#state = "head";
    this.#sink.onEnd(trailers);
    return true;
  }

  #fail(reason: string): false {
    this.#state = "failed";
    this.#held = empty;
    this.#sink.onMalformed(reason);
    return false;
  }
}

function toHeaders(lines: readonly string[], from: number): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = from; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}
