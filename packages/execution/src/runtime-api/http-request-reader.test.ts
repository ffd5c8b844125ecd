import { expect, test } from "vitest";
import { HttpRequestReader } from "./http-request-reader.ts";

const requests = [
  "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: runtime\r\n\r\n",
  "POST /response HTTP/1.1\r\nContent-Length: 5\r\nX: 1\r\nx: 2\r\n\r\nhello",
  "POST /stream HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTrailer: Error\r\n\r\n3\r\nabc\r\nA;ext=1\r\n0123456789\r\n0\r\nError: yes\r\n\r\n",
  "POST /chunked HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
  "GET /last HTTP/1.1\r\n\r\n",
].join("");

const expected = [
  ["GET", "/2018-06-01/runtime/invocation/next", { host: "runtime" }, "", {}],
  ["POST", "/response", { "content-length": "5", x: "1, 2" }, "hello", {}],
  ["POST", "/stream", { "transfer-encoding": "chunked", trailer: "Error" }, "abc0123456789", { error: "yes" }],
  ["POST", "/chunked", { "transfer-encoding": "chunked" }, "x", {}],
  ["GET", "/last", {}, "", {}],
];

function createReader(): { reader: HttpRequestReader; read: unknown[][]; malformed: string[] } {
  const read: unknown[][] = [];
  const malformed: string[] = [];
  let body = "";
  let head: unknown[] = [];
  const reader = new HttpRequestReader({
    onHead({ method, path, headers }) {
      head = [method, path, headers];
      body = "";
    },
    onBody(piece) {
      body += piece.toString();
    },
    onEnd(trailers) {
      read.push([...head, body, trailers]);
    },
    onMalformed(reason) {
      malformed.push(reason);
    },
  });
  return { reader, read, malformed };
}

test("requests are read alike, however their bytes are cut", () => {
  for (const size of [1, 2, 3, 7, 50, requests.length]) {
    const { reader, read } = createReader();
    for (let at = 0; at < requests.length; at += size) reader.push(Buffer.from(requests.slice(at, at + size)));
    expect(read).toEqual(expected);
  }
});

test("a paused reader keeps further requests until it is resumed", () => {
  const { reader, read } = createReader();
  reader.pause();
  reader.push(Buffer.from(requests));
  expect(read).toEqual([]);
  reader.resume();
  expect(read).toEqual(expected);
});

test.each([
  ["no request line at all\r\n\r\n", "The request line is malformed."],
  ["POST / HTTP/1.1\r\nContent-Length: five\r\n\r\n", "The Content-Length is malformed."],
  ["POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "A chunk's size is malformed."],
])("%j is refused", (text, reason) => {
  const { reader, malformed } = createReader();
  reader.push(Buffer.from(text));
  expect(malformed).toEqual([reason]);
});
