// A raw HTTP/1.1 load generator on keep-alive sockets: cheap enough to share two cores with what it measures.
import { connect } from "node:net";

/**
 * Sends `total` requests over `connections` sockets, one at a time on each. `request`: its bytes, or a function of the body of the
 * connection's last answer (undefined at first) that makes them. Returns requests/s, p50 and p99 in ms.
 */
export async function load({ port, request, connections, total }) {
  const fixed = typeof request === "function" ? undefined : Buffer.from(request);
  const times = [];
  let left = total;
  let failures = 0;
  const begin = performance.now();
  await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise((resolve, reject) => {
          const socket = connect({ port, host: "127.0.0.1", noDelay: true });
          let pending = Buffer.alloc(0);
          let sentAt = 0;
          const next = (lastBody) => {
            if (left-- <= 0) {
              socket.end();
              resolve();
              return;
            }
            sentAt = performance.now();
            socket.write(fixed ?? request(lastBody));
          };
          socket.once("connect", () => next());
          socket.once("error", reject);
          socket.on("data", (chunk) => {
            pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
            const end = pending.indexOf("\r\n\r\n");
            if (end === -1) return;
            const head = pending.toString("latin1", 0, end);
            const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
            if (pending.length < end + 4 + length) return;
            if (!head.startsWith("HTTP/1.1 2")) failures++;
            times.push(performance.now() - sentAt);
            const body = fixed === undefined ? Buffer.from(pending.subarray(end + 4, end + 4 + length)) : undefined;
            pending = pending.subarray(end + 4 + length);
            next(body);
          });
        }),
    ),
  );
  const seconds = (performance.now() - begin) / 1000;
  times.sort((a, b) => a - b);
  if (failures > 0) throw new Error(`${failures} of ${total} requests failed`);
  return {
    perSecond: total / seconds,
    p50: times[Math.floor(times.length * 0.5)],
    p99: times[Math.floor(times.length * 0.99)],
  };
}

/** A request as bytes. */
export function httpRequest({ method = "GET", path = "/", host = "127.0.0.1", headers = {}, body = "" }) {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, "Connection: keep-alive"];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body !== "" || method !== "GET") lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
