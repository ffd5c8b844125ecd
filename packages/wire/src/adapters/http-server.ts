/**
 * HTTP/1.1 and HTTP/2 without TLS on one port: the first bytes of a connection tell which.
 *
 * H1. What is no HTTP is answered 400 (431 for headers that are too large, 408 for a caller that does not finish them), and closed.
 * H2. `close` ends intake at once, lets what is in hand end for a bounded (real) time, then cuts every connection.
 */
import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from "node:http";
import type { Http2Server, Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from "node:http2";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { SimulatorError } from "@tripline/kernel";

/** Answers one request; never rejects. Resolves when the answer was handed over. */
export type OnRequest = (
  incoming: IncomingMessage | Http2ServerRequest,
  outgoing: ServerResponse | Http2ServerResponse,
) => Promise<void>;

/** A server that is to be started once. */
export interface HttpServer {
  /** Rejects with SIM_PORT_IN_USE, or SIM_ADDRESS_UNUSABLE. Port 0 takes a free one. */
  listen(address: { host: string; port: number }): Promise<{ host: string; port: number }>;
  /** H2. May be called more than once; a shorter `graceMs` shortens the wait. */
  close(graceMs: number): Promise<void>;
}

const maxHeaderBytes = 32 * 1024;
const headersTimeoutMs = 30_000;
/** Longer than clients keep a connection that nothing is sent on: they must be the ones to end it. */
const keepAliveTimeoutMs = 75_000;
const prefaceStart = "PRI";

/** The server; `onRequest` answers. */
export function createHttpServer(onRequest: OnRequest): HttpServer {
  let inHand = 0;
  let whenIdle = (): void => undefined;
  let isClosing = false;
  const track = (
    incoming: IncomingMessage | Http2ServerRequest,
    outgoing: ServerResponse | Http2ServerResponse,
  ): void => {
    inHand++;
    if (isClosing && "shouldKeepAlive" in outgoing) outgoing.shouldKeepAlive = false;
    outgoing.once("close", () => {
      inHand--;
      if (inHand === 0) whenIdle();
    });
    void onRequest(incoming, outgoing);
  };
  const http1 = createHttp1({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: headersTimeoutMs,
    requestTimeout: 0, // an upload takes what it takes
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: 5000,
  });
  http1.on("request", track);
  http1.on("clientError", refuse);
  // This server is handed its connections and never listens itself; its watch over slow callers begins with that event.
  http1.emit("listening");
  const sessions = new Set<ServerHttp2Session>();
  let loadingHttp2: Promise<Http2Server> | undefined;
  const loadHttp2 = async (): Promise<Http2Server> => {
    const { createServer: createHttp2 } = await import("node:http2"); // few clients speak it, and it takes its time to load
    const http2 = createHttp2({ maxHeaderListPairs: 256, settings: { maxHeaderListSize: maxHeaderBytes } });
    http2.on("request", track);
    http2.on("session", (session) => {
      sessions.add(session);
      session.on("close", () => sessions.delete(session));
    });
    http2.on("sessionError", (_error, session) => {
      session.destroy(); // what it was told is no HTTP/2
    });
    return http2;
  };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", destroyed); // a caller that goes away is no error of ours
    sniff(socket, (isHttp2) => {
      if (isHttp2) void (loadingHttp2 ??= loadHttp2()).then((http2) => http2.emit("connection", socket));
      else http1.emit("connection", socket);
    });
  });
  const cut = (): void => {
    for (const session of sessions) session.destroy();
    for (const socket of sockets) socket.destroy();
  };

  return {
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once("error", (error: NodeJS.ErrnoException) => {
          http1.close();
          reject(toListenError(error, host, port));
        });
        server.listen(port, host, () => {
          const address = server.address() as AddressInfo;
          resolve({ host: address.address, port: address.port });
        });
      }),
    async close(graceMs) {
      isClosing = true;
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      http1.close();
      http1.closeIdleConnections();
      for (const session of sessions) session.close();
      if (inHand > 0 && graceMs > 0) await boundedWait(graceMs, (done) => (whenIdle = done));
      cut();
      await closed;
    },
  };
}

function destroyed(this: Socket): void {
  this.destroy();
}

/** Looks at the first bytes without taking them. */
function sniff(socket: Socket, onProtocol: (isHttp2: boolean) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const look = (): void => {
    const piece = socket.read() as Buffer | null;
    if (piece === null) return;
    seen = seen.byteLength === 0 ? piece : Buffer.concat([seen, piece]);
    const start = seen.toString("latin1", 0, prefaceStart.length);
    if (start.length < prefaceStart.length && prefaceStart.startsWith(start)) return;
    socket.off("readable", look);
    socket.setTimeout(0);
    socket.off("timeout", destroyed);
    socket.unshift(seen);
    onProtocol(start === prefaceStart);
  };
  socket.setTimeout(headersTimeoutMs);
  socket.on("timeout", destroyed);
  socket.on("readable", look);
}

/** H1 */
function refuse(error: NodeJS.ErrnoException, socket: NodeJS.WritableStream & { destroy(): void }): void {
  const status =
    error.code === "HPE_HEADER_OVERFLOW"
      ? "431 Request Header Fields Too Large"
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? "408 Request Timeout"
        : "400 Bad Request";
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const body = `{"message":${JSON.stringify(`${status}: ${error.message}`)}}\n`;
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function toListenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new SimulatorError("SIM_PORT_IN_USE", {
      what: `Port ${port} of ${host} is taken by another program.`,
      next: "Stop that program, or start with --port 0 to take any free port.",
    });
  }
  return new SimulatorError(
    "SIM_ADDRESS_UNUSABLE",
    {
      what: `The endpoint cannot listen on port ${port} of ${host}: ${error.message}.`,
      next: "Name an address of this machine with --host, and with --port a port that you may use.",
    },
    { cause: error },
  );
}

/** Until `subscribe`'s callback is called, at most `limitMs` of real time. */
function boundedWait(limitMs: number, subscribe: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    subscribe(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
