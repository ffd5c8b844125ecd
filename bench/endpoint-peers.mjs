// s3rver and sqslite (an SQS emulator), installed into the machine's temporary folder at the first bench that needs them: peers in the same run.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.mjs";

const store = join(tmpdir(), "tripline-bench-endpoint-peers");

function install(name, version) {
  if (existsSync(join(store, "node_modules", name, "package.json"))) return;
  mkdirSync(store, { recursive: true });
  writeFileSync(join(store, "package.json"), '{"private":true}');
  const args = ["install", "--silent", "--no-audit", "--no-fund", `${name}@${version}`];
  execFileSync("npm", args, { cwd: store, stdio: "inherit" });
}

/** Starts a peer; undefined, with a line that says why, where it cannot be installed or does not answer. */
export async function startPeer(name, version, script, toArgs) {
  let child;
  const folder = mkdtempSync(join(tmpdir(), "tripline-bench-"));
  const stop = async () => {
    if (child?.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    install(name, version);
    const port = await freePort();
    child = spawn(process.execPath, [join(store, "node_modules", name, script), ...toArgs(port, folder)], {
      stdio: "ignore",
    });
    for (const endMs = performance.now() + 20_000; ;) {
      const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
      if (answer !== undefined) break;
      if (child.exitCode !== null) throw new Error("it ended before it answered");
      if (performance.now() > endMs) throw new Error("it did not answer within 20 s");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { port, stop };
  } catch (error) {
    await stop();
    console.log(`  (${name} is not compared: ${String(error.message).split("\n")[0]})`);
    return undefined;
  }
}

/** An S3 server with the bucket `inbox`, which keeps its objects in files. */
export const startS3rver = () =>
  startPeer("s3rver", "3.7.1", "bin/s3rver.js", (port, folder) => {
    const address = ["--address", "127.0.0.1", "--port", String(port)];
    return ["--directory", folder, ...address, "--silent", "--configure-bucket", "inbox"];
  });

/** An SQS server, which keeps its messages in memory, with the queue `idle`. */
export async function startSqslite() {
  const peer = await startPeer("sqslite", "2.1.1", "bin/cli.js", (port) => [
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
  ]);
  if (peer === undefined) return undefined;
  const body = "Action=CreateQueue&QueueName=idle&Version=2012-11-05";
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  await fetch(`http://127.0.0.1:${peer.port}/`, { method: "POST", headers, body });
  return peer;
}
