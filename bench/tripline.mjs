// A running `tripline start --json` for a bench.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
export const cli = join(root, "packages/cli/bin/tripline.mjs");

/** Starts `tripline start` and waits until it is ready. */
export async function startTripline(args) {
  const begin = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...(process.env.BENCH_PROF ? ["--cpu-prof", `--cpu-prof-dir=${process.env.BENCH_PROF}`] : []),
      cli,
      "start",
      "--json",
      "--port",
      "0",
      ...args,
    ],
    {
      stdio: ["ignore", "pipe", process.env.BENCH_LOGS === undefined ? "ignore" : "inherit"], // logs of functions
      cwd: root,
    },
  );
  const lines = createInterface({ input: child.stdout });
  const [first] = await once(lines, "line");
  const ready = JSON.parse(first);
  const readyMs = performance.now() - begin;
  let invocations = 0;
  const watchers = new Set();
  lines.on("line", () => {
    invocations++;
    for (const watch of watchers) watch();
  });
  return {
    ready,
    readyMs,
    port: Number(new URL(ready.endpoint).port),
    invocations: () => invocations,
    residentBytes: () => residentBytes(child.pid),
    untilInvocations: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (invocations < count) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    async stop() {
      child.kill("SIGINT");
      await once(child, "exit");
    },
  };
}

/** Resident bytes of one process (Linux), or undefined. */
export function residentBytes(pid) {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;
  } catch {
    return undefined;
  }
}

/** Bytes that one process shares with no other (Linux), or undefined. */
export function privateBytes(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return [...text.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce(
      (sum, [, kilobytes]) => sum + Number(kilobytes) * 1024,
      0,
    );
  } catch {
    return undefined;
  }
}
