// PutObject and GetObject of 1 KB, durable, and of 100 MB, through the endpoint, against a raw node:http server in the same run.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { httpRequest, load } from "../load.mjs";
import { root, startTripline } from "../tripline.mjs";

const headers = {
  Authorization: "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
};
const megabyte = Buffer.alloc(1024 * 1024, "x");

export async function objects(print) {
  const folder = mkdtempSync(join(tmpdir(), "tripline-bench-"));
  const echo = createServer((incoming, response) => {
    if (incoming.method === "GET" && incoming.url.endsWith("big")) {
      void sendMegabytes(response, 100);
      return;
    }
    let bytes = 0;
    incoming.on("data", (chunk) => (bytes += chunk.length));
    incoming.on("end", () => response.end(incoming.method === "GET" ? "x".repeat(1024) : String(bytes)));
  });
  await new Promise((resolve) => echo.listen(0, "127.0.0.1", resolve));
  const raw = echo.address().port;
  try {
    const { port, stop, residentBytes } = await startTripline([
      `${root}/bench/app`,
      "--data-dir",
      join(folder, "data"),
    ]);
    await call(port, "PUT", "/bench-objects");
    const body = "x".repeat(1024);
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(body));
    const sent = { ...headers, "x-amz-checksum-crc32": checksum.toString("base64") };
    const put = httpRequest({ method: "PUT", path: "/bench-objects/one", headers: sent, body });
    const get = httpRequest({ path: "/bench-objects/one", headers });
    for (const [what, message] of [
      ["durable PutObject of 1 KB", put],
      ["GetObject of 1 KB", get],
    ]) {
      await load({ port, request: message, connections: 16, total: 2000 });
      const reference = await load({ port: raw, request: message, connections: 16, total: 20_000 });
      const measured = await load({ port, request: message, connections: 16, total: 20_000 });
      print({
        what: `${what}, 16 connections`,
        value: `${Math.round(measured.perSecond)}/s`,
        ratio: measured.perSecond / reference.perSecond,
        against: `raw node:http (${Math.round(reference.perSecond)}/s)`,
      });
    }
    for (const method of ["PUT", "GET"]) {
      await transfer(raw, method);
      const reference = await transfer(raw, method);
      const measured = await transfer(port, method);
      print({
        what: `${method === "PUT" ? "durable PutObject" : "GetObject"} of 100 MB`,
        value: `${Math.round(measured)} MB/s`,
        ratio: measured / reference,
        against: `raw node:http (${Math.round(reference)} MB/s)`,
        note: `${Math.round(residentBytes() / 2 ** 20)} MB resident`,
      });
    }
    await stop();
  } finally {
    echo.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function sendMegabytes(stream, count) {
  for (let sent = 0; sent < count; sent++) if (!stream.write(megabyte)) await once(stream, "drain");
  stream.end();
}

/** Megabytes a second. */
async function transfer(port, method) {
  const begin = performance.now();
  await call(port, method, "/bench-objects/big", method === "PUT" ? 100 : 0);
  return 100 / ((performance.now() - begin) / 1000);
}

async function call(port, method, path, megabytes = 0) {
  const outgoing = request({
    port,
    method,
    path,
    headers: { ...headers, "content-length": megabytes * megabyte.length },
  });
  const answered = once(outgoing, "response");
  await sendMegabytes(outgoing, megabytes);
  const [response] = await answered;
  for await (const _chunk of response);
  if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode}`);
}
