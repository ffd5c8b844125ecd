// SQS -> function, messages a second end to end, durable; and SendMessage through the endpoint against a raw node:http echo and raw SQLite.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { httpRequest, load } from "../load.mjs";
import { root, startTripline } from "../tripline.mjs";

const require = createRequire(new URL("../../packages/storage/package.json", import.meta.url));
const headers = (operation) => ({
  "Content-Type": "application/x-amz-json-1.0",
  "X-Amz-Target": `AmazonSQS.${operation}`,
  Authorization: "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0",
});

export async function queue(print) {
  const folder = mkdtempSync(join(tmpdir(), "tripline-bench-"));
  const echo = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => response.end(Buffer.concat(chunks)));
  });
  await new Promise((resolve) => echo.listen(0, "127.0.0.1", resolve));
  try {
    const single = (queueName) =>
      httpRequest({
        method: "POST",
        headers: headers("SendMessage"),
        body: JSON.stringify({ QueueUrl: `http://127.0.0.1/000000000000/${queueName}`, MessageBody: "x".repeat(200) }),
      });
    const batch = (queueName) =>
      httpRequest({
        method: "POST",
        headers: headers("SendMessageBatch"),
        body: JSON.stringify({
          QueueUrl: `http://127.0.0.1/000000000000/${queueName}`,
          Entries: Array.from({ length: 10 }, (_, i) => ({ Id: String(i), MessageBody: "x".repeat(200) })),
        }),
      });
    const tripline = await startTripline([`${root}/bench/app`, "--data-dir", join(folder, "data")]);
    await load({ port: tripline.port, request: single("Idle"), connections: 16, total: 2000 });
    const reference = await load({
      port: echo.address().port,
      request: single("Idle"),
      connections: 16,
      total: 20_000,
    });
    const sent = await load({ port: tripline.port, request: single("Idle"), connections: 16, total: 20_000 });
    print({
      what: "durable SendMessage through the endpoint, 16 connections",
      value: `${Math.round(sent.perSecond)}/s`,
      ratio: sent.perSecond / reference.perSecond,
      against: `raw node:http echo (${Math.round(reference.perSecond)}/s)`,
      aim: ">= 0.35",
    });
    const batches = await load({ port: tripline.port, request: batch("Idle"), connections: 16, total: 3000 });
    print({
      what: "durable SendMessageBatch of 10, messages",
      value: `${Math.round(batches.perSecond * 10)}/s`,
      ratio: (batches.perSecond * 10) / rawSqlite(folder),
      against: "raw SQLite inserts, 100 a commit",
      aim: ">= 60 k/s",
    });

    const before = tripline.invocations();
    const begin = performance.now();
    await load({ port: tripline.port, request: batch("Work"), connections: 16, total: 3000 });
    await drained(tripline, "Work");
    const seconds = (performance.now() - begin) / 1000;
    print({
      what: `SQS -> function, batch 10, ${tripline.invocations() - before} invocations`,
      value: `${Math.round(30_000 / seconds)} messages/s`,
      ratio: 30_000 / seconds / (batches.perSecond * 10),
      against: "sending alone",
      aim: ">= 20 k/s",
    });
    await tripline.stop();
  } finally {
    echo.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function drained(tripline, name) {
  for (;;) {
    const status = await (await fetch(`${tripline.ready.endpoint}/_tripline/status`)).json();
    const found = status.queues.find((one) => one.name === name);
    if (found.visible + found.inFlight === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function rawSqlite(folder) {
  const Database = require("better-sqlite3");
  const database = new Database(join(folder, "raw.sqlite"));
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("CREATE TABLE messages (id INTEGER PRIMARY KEY, body TEXT)");
  const insert = database.prepare("INSERT INTO messages (body) VALUES (?)");
  const many = database.transaction(() => {
    for (let i = 0; i < 100; i++) insert.run("x".repeat(200));
  });
  const begin = performance.now();
  for (let i = 0; i < 300; i++) many();
  const perSecond = 30_000 / ((performance.now() - begin) / 1000);
  database.close();
  return perSecond;
}
