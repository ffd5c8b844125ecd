// `tripline start` on the demo application: time until ready, and resident memory, against an empty node process.
import { spawnSync } from "node:child_process";
import { startServerlessOffline } from "../serverless-offline.mjs";
import { root, startTripline } from "../tripline.mjs";

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
    what: "resident memory, idle, without environments",
    value: `${(median(resident) / 2 ** 20).toFixed(0)} MB`,
    aim: "<= 120 MB",
  });
}
