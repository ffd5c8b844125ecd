// The AWS endpoint, operation by operation, against a raw node:http echo of the same bytes and against npm's emulators of the service.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request as httpCall } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startS3rver, startSqslite } from "../endpoint-peers.mjs";
import { httpRequest, load } from "../load.mjs";
import { root, startTripline } from "../tripline.mjs";

const connections = 16;
const largeBytes = 100 * 2 ** 20;
const small = "x".repeat(1024);
const message = "x".repeat(200);
const authorization = (service) =>
  `AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

// Answers a POST or PUT with what it was sent (a large one with nothing), and a GET of /<n> with n bytes.
const echoServer = `
import { createServer } from "node:http";
const block = Buffer.alloc(1 << 16, "x");
createServer((request, response) => {
  if (request.method === "GET") {
    let left = Number(request.url.slice(1));
    response.writeHead(200, { "content-length": left });
    const more = () => {
      for (; left > 0; ) {
        const piece = left < block.length ? block.subarray(0, left) : block;
        left -= piece.length;
        if (!response.write(piece)) return void response.once("drain", more);
      }
      response.end();
    };
    return more();
  }
  const chunks = [];
  const isLarge = Number(request.headers["content-length"]) > 1e6;
  request.on("data", (chunk) => isLarge || chunks.push(chunk));
  request.on("end", () => { const body = Buffer.concat(chunks); response.writeHead(200, { "content-length": body.length }); response.end(body); });
}).listen(0, "127.0.0.1", function () { console.log(this.address().port); });`;

export async function endpoint(print) {
  const folder = mkdtempSync(join(tmpdir(), "tripline-bench-"));
  const args = ["--input-type=module", "-e", echoServer];
  const echo = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: echo.stdout }), "line");
  const echoPort = Number(line);
  const tripline = await startTripline([`${root}/bench/app`, "--data-dir", join(folder, "data")]);
  const compare = createComparison(print, tripline.port, echoPort);
  try {
    const sqslite = await startSqslite();
    await queues(compare, sqslite);
    await sqslite?.stop();
    const s3rver = await startS3rver();
    await objects(compare, s3rver);
    await largeObjects(print, { tripline: tripline.port, echo: echoPort, s3rver: s3rver?.port });
    await s3rver?.stop();
    await compare("Invoke of a warm function", {
      request: httpRequest({
        method: "POST",
        path: "/2015-03-31/functions/Worker/invocations",
        headers: { Authorization: authorization("lambda") },
        body: '{"Records":[]}',
      }),
      total: 10_000,
    });
  } finally {
    await tripline.stop();
    echo.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures tripline, the echo and, where there is one, a peer; prints a ratio against each. */
function createComparison(print, port, echoPort) {
  return async (what, { request, echoRequest, total, each = 1, unit = "", aim, peer }) => {
    const measure = async (target, its, count) => {
      await load({ port: target, request: its, connections, total: Math.ceil(count / 10) });
      return (await load({ port: target, request: its, connections, total: count })).perSecond * each;
    };
    const echoed = await measure(echoPort, echoRequest ?? request, total);
    const own = await measure(port, request, total);
    const value = `${Math.round(own)}${unit}/s`;
    print({ what, value, ratio: own / echoed, against: `raw node:http echo (${Math.round(echoed)}/s)`, aim });
    if (peer === undefined) return;
    const theirs = await measure(peer.port, peer.request, peer.total ?? Math.ceil(total / 10));
    print({
      what: "the same, against a peer",
      value,
      ratio: own / theirs,
      against: `${peer.name} (${Math.round(theirs)}/s)`,
    });
  };
}

const sqs = (operation, input) =>
  httpRequest({
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.0",
      "X-Amz-Target": `AmazonSQS.${operation}`,
      Authorization: authorization("sqs"),
    },
    body: JSON.stringify({ QueueUrl: "http://127.0.0.1/000000000000/Idle", ...input }),
  });

const query = (port, action, parameters) =>
  httpRequest({
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      Action: action,
      QueueUrl: `http://localhost:${port}/queues/idle`,
      Version: "2012-11-05",
      ...parameters,
    }).toString(),
  });

async function queues(compare, sqslite) {
  const peer = (toPeer) =>
    sqslite === undefined ? undefined : { name: "sqslite", port: sqslite.port, ...toPeer(sqslite.port) };
  const entries = Array.from({ length: 10 }, (_, i) => ({ Id: String(i), MessageBody: message }));
  const queryEntries = Object.fromEntries(
    entries.flatMap((one, i) => {
      const prefix = `SendMessageBatchRequestEntry.${i + 1}`;
      return [
        [`${prefix}.Id`, one.Id],
        [`${prefix}.MessageBody`, one.MessageBody],
      ];
    }),
  );
  await compare("SendMessage of 200 bytes, durable", {
    request: sqs("SendMessage", { MessageBody: message }),
    total: 20_000,
    aim: ">= 0.35",
    peer: peer((port) => ({ request: query(port, "SendMessage", { MessageBody: message }) })),
  });
  await compare("SendMessageBatch of 10, durable", {
    request: sqs("SendMessageBatch", { Entries: entries }),
    total: 3000,
    each: 10,
    unit: " messages",
    aim: ">= 60 k/s",
    peer: peer((port) => ({ request: query(port, "SendMessageBatch", queryEntries) })),
  });
  const handleOf = (body) => /"ReceiptHandle":"([^"]+)"/.exec(body?.toString("latin1") ?? "")?.[1];
  const queryHandleOf = (body) => /<ReceiptHandle>([^<]+)</.exec(body?.toString("latin1") ?? "")?.[1];
  const receive = sqs("ReceiveMessage", { VisibilityTimeout: 600 });
  await compare("ReceiveMessage of 1, then DeleteMessage, durable", {
    request: (lastBody) => {
      const handle = handleOf(lastBody);
      return handle === undefined ? receive : sqs("DeleteMessage", { ReceiptHandle: handle });
    },
    echoRequest: receive,
    total: 20_000,
    each: 0.5,
    unit: " pairs",
    peer: peer((port) => {
      const peerReceive = query(port, "ReceiveMessage", { VisibilityTimeout: "600" });
      return {
        request: (lastBody) => {
          const handle = queryHandleOf(lastBody);
          return handle === undefined ? peerReceive : query(port, "DeleteMessage", { ReceiptHandle: handle });
        },
      };
    }),
  });
  const handlesOf = (body) =>
    [...(body?.toString("latin1") ?? "").matchAll(/"ReceiptHandle":"([^"]+)"/g)].map(([, handle]) => handle);
  const receiveTen = sqs("ReceiveMessage", { VisibilityTimeout: 600, MaxNumberOfMessages: 10 });
  await compare("ReceiveMessage of 10, then DeleteMessageBatch, durable", {
    request: (lastBody) => {
      const handles = handlesOf(lastBody);
      if (handles.length === 0) return receiveTen;
      return sqs("DeleteMessageBatch", { Entries: handles.map((one, i) => ({ Id: String(i), ReceiptHandle: one })) });
    },
    echoRequest: receiveTen,
    total: 4000,
    each: 5,
    unit: " messages",
  });
}

async function objects(compare, s3rver) {
  const put = (bucket, headers) => {
    let count = 0;
    return () => httpRequest({ method: "PUT", path: `/${bucket}/small-${count++ % 1000}`, headers, body: small });
  };
  const own = { Authorization: authorization("s3"), "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  const peer = (request) => (s3rver === undefined ? undefined : { name: "s3rver", port: s3rver.port, request });
  await compare("PutObject of 1 KB, durable", {
    request: put("app-objects", own),
    total: 5000,
    peer: peer(put("inbox", {})),
  });
  await compare("GetObject of 1 KB", {
    request: httpRequest({ path: "/app-objects/small-1", headers: own }),
    echoRequest: httpRequest({ path: "/1024" }),
    total: 10_000,
    peer: peer(httpRequest({ path: "/inbox/small-1" })),
  });
}

async function largeObjects(print, ports) {
  const body = Buffer.alloc(largeBytes, "x");
  const own = { authorization: authorization("s3"), "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  const rate = async (port, method, path, headers) => {
    const times = [];
    for (let i = 0; i < 3; i++) {
      const begin = performance.now();
      await transfer(port, method, path, headers, method === "PUT" ? body : undefined);
      times.push(performance.now() - begin);
    }
    return largeBytes / 2 ** 20 / (times.sort((a, b) => a - b)[1] / 1000);
  };
  for (const [what, method, echoPath] of [
    ["PutObject of 100 MB, durable", "PUT", "/"],
    ["GetObject of 100 MB", "GET", `/${largeBytes}`],
  ]) {
    const echoed = await rate(ports.echo, method, echoPath, {});
    const mine = await rate(ports.tripline, method, "/app-objects/large", own);
    const value = `${Math.round(mine)} MB/s`;
    print({ what, value, ratio: mine / echoed, against: `raw node:http (${Math.round(echoed)} MB/s)` });
    if (ports.s3rver === undefined) continue;
    const theirs = await rate(ports.s3rver, method, "/inbox/large", {});
    print({
      what: "the same, against a peer",
      value,
      ratio: mine / theirs,
      against: `s3rver (${Math.round(theirs)} MB/s)`,
    });
  }
}

/** One request, its answer read to the end. */
function transfer(port, method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": body.length };
    const call = httpCall({ port, host: "127.0.0.1", method, path, headers: { ...headers, ...length } }, (response) => {
      let bytes = 0;
      response.on("data", (chunk) => (bytes += chunk.length));
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode !== 200)
          reject(new Error(`${method} ${path} was answered with ${response.statusCode}`));
        else if (method === "GET" && bytes !== largeBytes) reject(new Error(`${method} ${path} gave ${bytes} bytes`));
        else resolve();
      });
    });
    call.on("error", reject);
    call.end(body);
  });
}
