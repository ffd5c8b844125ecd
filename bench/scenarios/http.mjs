// Warm HTTP API -> function at 1, 16 and 64 connections, with and without freezing, against raw node:http in a process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { httpRequest, load } from "../load.mjs";
import { startServerlessOffline } from "../serverless-offline.mjs";
import { root, startTripline } from "../tripline.mjs";

const rawServer = `
import { createServer } from "node:http";
const server = createServer((request, response) => { response.writeHead(200, { "content-type": "text/plain", "content-length": 5 }); response.end("hello"); });
server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;

export async function http(print) {
  const raw = spawn(process.execPath, ["--input-type=module", "-e", rawServer], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(createInterface({ input: raw.stdout }), "line");
  const measure = async (target, connections, total) => {
    await load({ ...target, connections, total: Math.min(2000, total) });
    return load({ ...target, connections, total });
  };
  const peer = await startServerlessOffline();
  const peerResult =
    peer === undefined
      ? undefined
      : await measure({ port: peer.port, request: httpRequest({ path: "/hello" }) }, 16, 5000);
  await peer?.stop();
  const rawTarget = { port: Number(port), request: httpRequest({ path: "/hello" }) };
  for (const freeze of [false, true]) {
    const tripline = await startTripline([`${root}/bench/app`, "--ephemeral", ...(freeze ? [] : ["--no-freeze"])]);
    const url = new URL(tripline.ready.apis[0].url);
    const target = { port: tripline.port, request: httpRequest({ path: `${url.pathname.replace(/\/$/, "")}/hello` }) };
    for (const connections of [1, 16, 64]) {
      const reference = await measure(rawTarget, connections, 20_000);
      const result = await measure(target, connections, 10_000);
      print({
        what: `HTTP API -> warm function, ${connections} connections, freeze ${freeze ? "on" : "off"}`,
        value: `${Math.round(result.perSecond)}/s`,
        ratio: result.perSecond / reference.perSecond,
        against: `raw node:http (${Math.round(reference.perSecond)}/s)`,
        aim: connections === 16 ? (freeze ? ">= 0.25" : ">= 0.30") : undefined,
        note: `p50 ${result.p50.toFixed(2)} ms, p99 ${result.p99.toFixed(2)} ms`,
      });
      if (connections !== 16 || peerResult === undefined || freeze) continue;
      print({
        what: "the same, against a peer",
        value: `${Math.round(result.perSecond)}/s`,
        ratio: result.perSecond / peerResult.perSecond,
        against: `serverless-offline (${Math.round(peerResult.perSecond)}/s)`,
        aim: ">= 5",
      });
      print({
        what: "its p99, against the peer's p50",
        value: `${result.p99.toFixed(2)} ms`,
        ratio: result.p99 / peerResult.p50,
        against: `serverless-offline's p50 (${peerResult.p50.toFixed(2)} ms)`,
        aim: "<= 1",
      });
    }
    await tripline.stop();
  }
  raw.kill();
}
