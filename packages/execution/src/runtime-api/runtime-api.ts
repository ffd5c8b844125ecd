/**
 * The Lambda Runtime API of one process, on a Unix socket or on a loopback port.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 *
 * A1. One invocation at a time. `next` is answered when one is delivered, however long that takes.
 * A2. A response, or an error, is taken once, and only for the invocation that runs: 400 InvalidRequestID, 403 InvalidStateTransition.
 * A3. Payloads are handed on as they came.
 * A4. A buffered response over the limit is answered with 413 and reported as `Function.ResponseSizeTooLarge`.
 *
 * Differs from AWS: `GET /tripline/assignment` tells a process that booted ahead which function it is to become.
 */
import { createServer, type Server, type Socket } from "node:net";
import { HttpRequestReader, type RequestHead } from "./http-request-reader.ts";

/** Largest buffered response, bytes. */
export const responseBytesMax = 6_291_556;

/** One invocation as the runtime gets it. */
export interface RuntimeInvocation {
  requestId: string;
  /** Epoch milliseconds, as the process sees time. */
  deadlineMs: number;
  invokedFunctionArn: string;
  traceId?: string;
  /** JSON. */
  clientContext?: string;
  /** Epoch milliseconds; only where time is simulated. */
  simulatedNowMs?: number;
  payload: Uint8Array;
}

/** What a runtime does, as told by its Runtime API. */
export interface RuntimeApiListener {
  /** The runtime waits for an invocation. */
  onNext(): void;
  onInitError(payload: Buffer, errorType: string): void;
  onResponse(payload: Buffer): void;
  onInvocationError(payload: Buffer, errorType: string): void;
  /** A buffered response was too large. */
  onResponseTooLarge(): void;
  onStreamStart(contentType: string): void;
  onStreamChunk(chunk: Buffer): void;
  /** `error`: from the trailers, or where the body was cut off. */
  onStreamEnd(error?: { type: string; body: Buffer }): void;
}

/** Names of the states of a runtime, as the API's errors spell them. */
type RuntimeState =
  | "Started"
  | "InitError"
  | "Ready"
  | "Running"
  | "InvocationResponse"
  | "InvocationErrorResponse"
  | "RuntimeResponseSent";

const root = "/2018-06-01/runtime/";
const accepted = toAnswer(202, "Accepted", '{"status":"OK"}\n');
const acceptedText = accepted.toString("latin1");
const none = Buffer.alloc(0);

/** One process's Runtime API. */
export class RuntimeApi {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #state: RuntimeState = "Started";
  #listener: RuntimeApiListener | undefined;
  #invocation: RuntimeInvocation | undefined;
  #pending: RuntimeInvocation | undefined;
  #waiting: Connection | undefined;
  #assignment: string | undefined;
  #asking: Connection | undefined;

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.unref(); // An invocation's time limit keeps the simulator alive while one runs.
      Connection.serve(socket, this);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  /** Listens on a Unix socket (a path) or a free loopback port; resolves to the address: the path, or `127.0.0.1:port`. */
  listen(path?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      const done = (): void => {
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? `127.0.0.1:${address.port}` : (path ?? ""));
      };
      if (path === undefined) this.#server.listen(0, "127.0.0.1", done);
      else this.#server.listen(path, done);
      this.#server.unref();
    });
  }

  close(): void {
    this.#listener = undefined;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Whether the runtime waits for an invocation. */
  get isReady(): boolean {
    return this.#waiting !== undefined;
  }

  listenWith(listener: RuntimeApiListener): void {
    this.#listener = listener;
  }

  /** Tells a process that booted ahead what it is (JSON). */
  assign(assignment: string): void {
    this.#assignment = assignment;
    this.#asking?.answer(toAnswer(200, "OK", assignment));
    this.#asking = undefined;
  }

  /** @internal */
  isWaitedForBy(connection: Connection): boolean {
    return this.#waiting === connection;
  }

  /** Hands an invocation to the runtime: now if it waits, else when it asks. */
  deliver(invocation: RuntimeInvocation): void {
    const waiting = this.#waiting;
    if (waiting === undefined) {
      this.#pending = invocation;
      return;
    }
    this.#waiting = undefined;
    this.#invocation = invocation;
    this.#state = "Running";
    waiting.answerInvocation(invocation);
  }

  /** @internal A complete request without a streamed body. */
  onRequest(connection: Connection, head: RequestHead, body: Buffer, tooLarge: boolean): void {
    const { path, method } = head;
    if (path === `${root}invocation/next`) {
      if (method !== "GET") connection.answer(notAllowed);
      else this.#onNext(connection);
    } else if (path.startsWith(`${root}invocation/`)) this.#onResult(connection, head, body, tooLarge);
    else if (path === `${root}init/error` && method === "POST") this.#onInitError(connection, head, body);
    else if (path === "/tripline/assignment") {
      if (this.#assignment === undefined) this.#asking = connection;
      else connection.answer(toAnswer(200, "OK", this.#assignment));
    } else if (path.startsWith("/2022-07-01/telemetry") || path.startsWith("/2020-08-15/logs")) {
      connection.answer(toError(202, "Accepted", "Telemetry.NotSupported", "Telemetry API is not supported"));
    } else connection.answer(notFound);
  }

  /** @internal Whether a streamed response may begin; an answer was sent where not. */
  onStreamHead(connection: Connection, head: RequestHead): boolean {
    if (!this.#mayEnd(connection, head, "InvocationResponse")) return false;
    this.#state = "InvocationResponse";
    this.#listener?.onStreamStart(head.headers["content-type"] ?? "application/octet-stream");
    return true;
  }

  /** @internal */
  onStreamPiece(piece: Buffer): void {
    this.#listener?.onStreamChunk(piece);
  }

  /** @internal */
  onStreamEnd(connection: Connection, trailers: Readonly<Record<string, string>>): void {
    this.#state = "RuntimeResponseSent";
    const type = trailers["lambda-runtime-function-error-type"];
    this.#listener?.onStreamEnd(
      type === undefined
        ? undefined
        : { type, body: Buffer.from(trailers["lambda-runtime-function-error-body"] ?? "", "base64") },
    );
    connection.answer(accepted);
  }

  /** @internal The connection closed inside a streamed response. */
  onTruncated(): void {
    const error = { errorMessage: "HTTP request detected as truncated", errorType: "TruncatedHTTPRequest" };
    this.#listener?.onStreamEnd({ type: "Runtime.TruncatedResponse", body: Buffer.from(JSON.stringify(error)) });
  }

  /** @internal */
  onClose(connection: Connection): void {
    if (this.#waiting === connection) this.#waiting = undefined;
    if (this.#asking === connection) this.#asking = undefined;
  }

  #onNext(connection: Connection): void {
    if (this.#state === "InitError") {
      connection.answer(toStateError(this.#state, "Ready"));
      return;
    }
    this.#state = "Ready";
    this.#waiting = connection;
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined) this.#listener?.onNext();
    else this.deliver(pending);
  }

  #onResult(connection: Connection, head: RequestHead, body: Buffer, tooLarge: boolean): void {
    const isResponse = head.path.endsWith("/response");
    if (!isResponse && !head.path.endsWith("/error")) return connection.answer(notFound);
    if (head.method !== "POST") return connection.answer(notAllowed);
    const state = isResponse ? "InvocationResponse" : "InvocationErrorResponse";
    if (!this.#mayEnd(connection, head, state)) return;
    const mode = head.headers["lambda-runtime-function-response-mode"];
    if (isResponse && mode !== undefined && mode !== "streaming") {
      return connection.answer(
        toError(400, "Bad Request", "InvalidFunctionResponseMode", "Invalid function response mode"),
      );
    }
    this.#state = "RuntimeResponseSent";
    if (tooLarge) {
      this.#listener?.onResponseTooLarge(); // A4
      connection.answer(tooLargeAnswer);
      return;
    }
    if (isResponse) this.#listener?.onResponse(body);
    else
      this.#listener?.onInvocationError(body, head.headers["lambda-runtime-function-error-type"] ?? "Runtime.Unknown");
    connection.acceptResult();
  }

  #onInitError(connection: Connection, head: RequestHead, body: Buffer): void {
    if (this.#state !== "Started") return connection.answer(toStateError(this.#state, "InitError"));
    this.#state = "InitError";
    connection.answer(accepted);
    this.#listener?.onInitError(body, head.headers["lambda-runtime-function-error-type"] ?? "Runtime.Unknown");
  }

  /** A2. */
  #mayEnd(connection: Connection, head: RequestHead, state: RuntimeState): boolean {
    const id = head.path.slice(`${root}invocation/`.length, head.path.lastIndexOf("/"));
    if (this.#invocation === undefined || id !== this.#invocation.requestId) {
      connection.answer(toError(400, "Bad Request", "InvalidRequestID", "Invalid request ID"));
      return false;
    }
    if (this.#state !== "Running") {
      connection.answer(toStateError(this.#state, state));
      return false;
    }
    return true;
  }
}

/** One connection of a runtime: reads requests, writes answers in their order. */
class Connection {
  readonly #socket: Socket;
  readonly #api: RuntimeApi;
  readonly #reader: HttpRequestReader;
  #head: RequestHead | undefined;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #mode: "collect" | "stream" | "discard" | "too-large" = "collect";
  #closes = false;
  /** A result was taken and not answered yet. */
  #owesAccepted = false;

  private constructor(socket: Socket, api: RuntimeApi) {
    this.#socket = socket;
    this.#api = api;
    this.#reader = new HttpRequestReader(this);
  }

  /** Answers what comes over `socket` until it closes. */
  static serve(socket: Socket, api: RuntimeApi): void {
    const connection = new Connection(socket, api);
    socket.on("data", (bytes) => {
      connection.#reader.push(bytes);
      if (connection.#owesAccepted && !api.isWaitedForBy(connection)) connection.#payAccepted();
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (connection.#mode === "stream" && connection.#reader.isInsideRequest) api.onTruncated();
      api.onClose(connection);
    });
  }

  onHead(head: RequestHead): void {
    this.#head = head;
    this.#mode = "collect";
    this.#closes = head.headers["connection"]?.toLowerCase() === "close";
    if (head.headers["expect"]?.toLowerCase() === "100-continue") this.#socket.write("HTTP/1.1 100 Continue\r\n\r\n");
    if (head.headers["lambda-runtime-function-response-mode"] === "streaming" && head.path.endsWith("/response")) {
      this.#mode = this.#api.onStreamHead(this, head) ? "stream" : "discard";
    }
  }

  onBody(piece: Buffer): void {
    if (this.#mode === "stream") return this.#api.onStreamPiece(piece);
    if (this.#mode !== "collect") return;
    this.#bytes += piece.length;
    if (this.#bytes > responseBytesMax) {
      this.#mode = "too-large";
      this.#pieces = [];
    } else this.#pieces.push(piece);
  }

  onEnd(trailers: Readonly<Record<string, string>>): void {
    const head = this.#head;
    const pieces = this.#pieces;
    const mode = this.#mode;
    this.#pieces = [];
    this.#bytes = 0;
    this.#mode = "collect";
    if (head === undefined || mode === "discard") return;
    if (mode === "stream") return this.#api.onStreamEnd(this, trailers);
    this.#reader.pause();
    const body = pieces.length === 1 ? (pieces[0] ?? none) : pieces.length === 0 ? none : Buffer.concat(pieces);
    this.#api.onRequest(this, head, body, mode === "too-large");
  }

  onMalformed(reason: string): void {
    this.#socket.end(toError(400, "Bad Request", "InvalidRequestFormat", reason));
  }

  /**
   * Answers a result. A runtime that has asked for its next invocation in the same breath reads the two answers together:
   * one write less, one wake-up less.
   */
  acceptResult(): void {
    this.#owesAccepted = true;
    if (this.#closes) this.answer(none);
    else this.#reader.resume();
  }

  #payAccepted(): void {
    this.#owesAccepted = false;
    this.#socket.write(accepted);
  }

  answer(bytes: Buffer): void {
    if (this.#owesAccepted) this.#payAccepted();
    if (bytes.length > 0) this.#socket.write(bytes);
    if (this.#closes) this.#socket.end();
    this.#reader.resume();
  }

  answerInvocation(invocation: RuntimeInvocation): void {
    const { payload } = invocation;
    let head = this.#owesAccepted ? acceptedText : "";
    this.#owesAccepted = false;
    head +=
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: ${invocation.requestId}\r\n` +
      `Lambda-Runtime-Deadline-Ms: ${invocation.deadlineMs}\r\nLambda-Runtime-Invoked-Function-Arn: ${invocation.invokedFunctionArn}\r\n`;
    if (invocation.traceId !== undefined) head += `Lambda-Runtime-Trace-Id: ${oneLine(invocation.traceId)}\r\n`;
    if (invocation.clientContext !== undefined) {
      head += `Lambda-Runtime-Client-Context: ${oneLine(Buffer.from(invocation.clientContext).toString("latin1"))}\r\n`;
    }
    if (invocation.simulatedNowMs !== undefined) head += `Tripline-Now-Ms: ${invocation.simulatedNowMs}\r\n`;
    head += `Content-Length: ${payload.byteLength}\r\n\r\n`;
    // Small events travel in one piece; large ones are not copied.
    if (payload.byteLength < 16_384) {
      const bytes = Buffer.allocUnsafe(head.length + payload.byteLength);
      bytes.write(head, "latin1");
      bytes.set(payload, head.length);
      this.#socket.write(bytes);
    } else {
      this.#socket.cork();
      this.#socket.write(head, "latin1");
      this.#socket.write(payload);
      this.#socket.uncork();
    }
    if (this.#closes) this.#socket.end();
    this.#reader.resume();
  }
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}

function toAnswer(status: number, reason: string, body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function toError(status: number, reason: string, errorType: string, errorMessage: string): Buffer {
  return toAnswer(status, reason, `${JSON.stringify({ errorMessage, errorType })}\n`);
}

function toStateError(from: RuntimeState, to: RuntimeState): Buffer {
  const text = `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`;
  return toError(403, "Forbidden", "InvalidStateTransition", text);
}

const notFound = toAnswer(404, "Not Found", "404 page not found\n");
const notAllowed = toAnswer(405, "Method Not Allowed", "");
const tooLargeAnswer = toError(
  413,
  "Request Entity Too Large",
  "RequestEntityTooLarge",
  `Exceeded maximum allowed payload size (${responseBytesMax} bytes).`,
);
