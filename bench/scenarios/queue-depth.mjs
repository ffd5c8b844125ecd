// Durable queues of a million messages, standard and FIFO with 10,000 groups: each figure against the same on a short queue.
// BENCH_DEPTH=100000 makes it shorter.
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, startTripline } from "../tripline.mjs";

const depth = Number(process.env.BENCH_DEPTH ?? 1_000_000);
const shallow = Math.min(20_000, depth / 10);
const connections = 16;
const groups = 10_000;

export async function queueDepth(print) {
  const folder = mkdtempSync(join(tmpdir(), "tripline-bench-"));
  try {
    const tripline = await startTripline([`${root}/bench/app`, "--data-dir", join(folder, "data")]);
    const sqs = createClient(tripline.port);
    for (const isFifo of [false, true]) {
      const name = isFifo ? "deep.fifo" : "deep";
      const url = `http://127.0.0.1/000000000000/${name}`;
      await sqs("CreateQueue", { QueueName: name, ...(isFifo ? { Attributes: { FifoQueue: "true" } } : {}) });
      await fill(sqs, url, isFifo, 0, shallow);
      const before = await measure(sqs, url, isFifo);
      const filled = await fill(sqs, url, isFifo, shallow, depth);
      const after = await measure(sqs, url, isFifo);
      const kind = isFifo ? `FIFO, ${groups} groups` : "standard";
      print({
        what: `${kind}: filled to ${depth} messages by batches of 10`,
        value: `${Math.round(filled)} messages/s`,
        ratio: filled / before.send,
        against: `single sends at ${shallow}`,
      });
      for (const what of Object.keys(before)) {
        print({
          what: `${kind}: ${what} at ${depth} messages`,
          value: `${Math.round(after[what])}/s`,
          ratio: after[what] / before[what],
          against: `at ${shallow} (${Math.round(before[what])}/s)`,
          aim: ">= 0.7",
        });
      }
    }
    await tripline.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const entryOf = (number, isFifo) => ({
  MessageBody: "x".repeat(200),
  ...(isFifo ? { MessageGroupId: `g${number % groups}`, MessageDeduplicationId: `d${number}` } : {}),
});

/** Messages a second. */
async function fill(sqs, QueueUrl, isFifo, from, to) {
  const batches = (to - from) / 10;
  const perSecond = await rate(batches, async (batch) => {
    const first = from + batch * 10;
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: String(index),
      ...entryOf(first + index, isFifo),
    }));
    await sqs("SendMessageBatch", { QueueUrl, Entries });
  });
  return perSecond * 10;
}

/** Calls (messages, for receive and delete) a second. */
async function measure(sqs, QueueUrl, isFifo) {
  const start = Math.ceil(performance.now()) * 1000 + depth;
  const send = await rate(3000, (number) => sqs("SendMessage", { QueueUrl, ...entryOf(start + number, isFifo) }));
  const receiveAndDelete = await rate(500, async () => {
    const { Messages = [] } = await sqs("ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 });
    if (Messages.length === 0) throw new Error("the queue is empty");
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs("DeleteMessageBatch", { QueueUrl, Entries });
  });
  const count = await rate(500, () => sqs("GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] }));
  return { send, "receive and delete of 10": receiveAndDelete, GetQueueAttributes: count };
}

async function rate(total, work) {
  let next = 0;
  const seconds = await timed(async () => {
    while (next < total) await work(next++);
  });
  return total / seconds;
}

/** Seconds that `work` takes on every connection. */
async function timed(work) {
  const begin = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  return (performance.now() - begin) / 1000;
}

function createClient(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const authorization =
    "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0";
  return (operation, input) =>
    new Promise((resolve, reject) => {
      const headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": `AmazonSQS.${operation}`,
        Authorization: authorization,
      };
      const request = httpRequest({ agent, port, host: "127.0.0.1", method: "POST", headers }, (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode === 200) resolve(text === "" ? {} : JSON.parse(text));
          else reject(new Error(`${operation}: ${text}`));
        });
      });
      request.on("error", reject);
      request.end(JSON.stringify(input));
    });
}
