// 100,000 recorded S3 events to a process handler, against that many round trips of a bare child process over its IPC channel.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { cli, root } from "../tripline.mjs";

const count = 100_000;
const roundTripCount = 20_000;

export async function replayEvents(print) {
  const folder = mkdtempSync(join(tmpdir(), "tripline-bench-"));
  try {
    const event = (n) =>
      JSON.stringify({
        Records: [
          {
            eventVersion: "2.1",
            eventSource: "aws:s3",
            eventName: "ObjectCreated:Put",
            s3: { bucket: { name: "app-inbox" }, object: { key: `file-${n}`, size: 1, eTag: "x", sequencer: "0" } },
          },
        ],
      });
    const file = join(folder, "events.jsonl");
    writeFileSync(file, Array.from({ length: count }, (_, n) => event(n)).join("\n"));
    const reference = await roundTrips(folder);
    const result = spawnSync(process.execPath, [cli, "replay", file, "--template", `${root}/bench/app`, "--json"], {
      encoding: "utf8",
    });
    if (result.stdout === "")
      throw new Error(`replay ended with ${result.status ?? result.signal}: ${result.stderr.slice(-500)}`);
    const report = JSON.parse(result.stdout);
    if (report.failures > 0) throw new Error(`replay failed: ${JSON.stringify(report.failed.slice(0, 3))}`);
    print({
      what: `replay, ${report.invocations} invocations of a process handler`,
      value: `${report.throughput} events/s`,
      ratio: report.throughput / reference,
      against: `IPC round trips (${Math.round(reference)}/s)`,
      aim: ">= 10 k/s",
      note: `p50 ${report.p50} ms, p99 ${report.p99} ms`,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function roundTrips(folder) {
  const script = join(folder, "echo.mjs");
  writeFileSync(script, 'process.on("message", (message) => process.send(message));');
  const child = fork(script);
  const begin = performance.now();
  for (let i = 0; i < roundTripCount; i++) {
    await new Promise((resolve) => {
      child.once("message", resolve);
      child.send({ number: i, text: "x".repeat(200) });
    });
  }
  const perSecond = roundTripCount / ((performance.now() - begin) / 1000);
  child.kill();
  return perSecond;
}
