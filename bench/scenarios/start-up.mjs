// `tripline start` on the demo application: time until ready, and resident memory, against an empty node process.
import { spawnSync } from "node:child_process";
import { startServerlessOffline } from "../serverless-offline.mjs";
import { httpRequest, load } from "../load.mjs";
import { privateBytes, root, startTripline } from "../tripline.mjs";

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

export async function startUp(print) {
  const empty = [];
  for (let i = 0; i < 7; i++) {
    const begin = performance.now();
    spawnSync(process.execPath, ["-e", "0"]);
    empty.push(performance.now() - begin);
  }
  const ready = [];
  const resident = [];
  for (let i = 0; i < 7; i++) {
    const tripline = await startTripline([`${root}/fixtures/apps/shop`, "--ephemeral"]);
    ready.push(tripline.readyMs);
    await new Promise((resolve) => setTimeout(resolve, 500));
    resident.push(tripline.residentBytes() ?? 0);
    await tripline.stop();
  }
  print({
    what: "tripline start, demo application, until ready",
    value: `${median(ready).toFixed(0)} ms`,
    ratio: median(ready) / median(empty),
    against: `node -e 0 (${median(empty).toFixed(0)} ms)`,
    aim: "<= 300 ms",
  });
  const peer = await startServerlessOffline();
  if (peer !== undefined) {
    print({
      what: "the same, against a peer",
      value: `${median(ready).toFixed(0)} ms`,
      ratio: median(ready) / peer.readyMs,
      against: `serverless-offline (${peer.readyMs.toFixed(0)} ms, ${Math.round((peer.residentBytes() ?? 0) / 2 ** 20)} MB)`,
      aim: "<= 0.33",
    });
    await peer.stop();
  }
  print({
    what: "resident memory, demo application idle, without environments",
    value: `${(median(resident) / 2 ** 20).toFixed(0)} MB`,
    aim: "<= 120 MB",
  });
  const loaded = await underLoad();
  print({
    what: `resident memory under load, without its ${loaded.environments} environments`,
    value: `${(loaded.residentBytes / 2 ** 20).toFixed(0)} MB`,
    aim: "<= 120 MB",
    note: `the environments: ${(loaded.environmentBytes / 2 ** 20).toFixed(0)} MB private`,
  });
}

/** The highest resident memory of the simulator while 8 connections keep 8 environments busy. */
async function underLoad() {
  const tripline = await startTripline([`${root}/bench/app`, "--ephemeral"]);
  try {
    const url = new URL(tripline.ready.apis[0].url);
    const request = httpRequest({ path: `${url.pathname.replace(/\/$/, "")}/hello` });
    let residentBytes = 0;
    const watch = setInterval(() => {
      residentBytes = Math.max(residentBytes, tripline.residentBytes() ?? 0);
    }, 20);
    await load({ port: tripline.port, request, connections: 8, total: 30_000 });
    clearInterval(watch);
    const { environments } = await (await fetch(`${tripline.ready.endpoint}/_tripline/status`)).json();
    const environmentBytes = environments.reduce((sum, one) => sum + (privateBytes(one.pid) ?? 0), 0);
    return { residentBytes, environments: environments.length, environmentBytes };
  } finally {
    await tripline.stop();
  }
}
