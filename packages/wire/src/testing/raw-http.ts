/** Bytes to a port and back, for requests that no client would send. */
import { connect } from "node:net";

/** Sends `pieces` one after the other and returns everything that comes until the connection ends. */
export function exchangeRaw(port: number, pieces: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      received += text;
    });
    socket.on("error", reject);
    socket.on("close", () => {
      resolve(received);
    });
    for (const piece of pieces) socket.write(piece);
  });
}

/** A request in HTTP/1.1 that asks for the connection to be closed after the answer. */
export function rawRequest(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array = "",
): Buffer {
  const lines = Object.entries({ host: "localhost", connection: "close", ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return Buffer.concat([
    Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`),
    Buffer.from(body),
  ]);
}

/** Status, headers in lower case, and body of a whole answer. */
export function parseRaw(answer: string): { status: number; headers: Record<string, string>; body: string } {
  const end = answer.indexOf("\r\n\r\n");
  const [first = "", ...lines] = answer.slice(0, end).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  ) as Record<string, string>;
  return { status: Number(first.split(" ")[1]), headers, body: answer.slice(end + 4) };
}
