// serverless-offline, installed into the machine's temporary folder at the first bench that needs it: a peer in the same run.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.mjs";
import { residentBytes, root } from "./tripline.mjs";

const packages = ["serverless@3.40.0", "serverless-offline@13.9.0"];
const store = join(tmpdir(), "tripline-bench-serverless-offline");

function install() {
  if (existsSync(join(store, "node_modules/serverless-offline/package.json"))) return;
  mkdirSync(store, { recursive: true });
  writeFileSync(join(store, "package.json"), '{"private":true}');
  execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", ...packages], {
    cwd: store,
    stdio: "inherit",
  });
}

/** Starts it on the bench's own functions: `GET /hello` of an HTTP API, `GET /dev/rest` of a REST API. Undefined, with a line that says why, where it cannot be installed. */
export async function startServerlessOffline() {
  try {
    install();
  } catch (error) {
    console.log(`  (serverless-offline is not compared: ${String(error.message).split("\n")[0]})`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "tripline-bench-"));
  symlinkSync(join(store, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  cpSync(join(root, "bench/app/index.mjs"), join(folder, "index.mjs"));
  writeFileSync(
    join(folder, "serverless.yml"),
    `service: bench
frameworkVersion: "3"
provider: { name: aws, runtime: nodejs20.x }
plugins: [serverless-offline]
functions:
  hello: { handler: index.hello, events: [{ httpApi: "GET /hello" }, { http: "GET rest" }] }
`,
  );
  const [port, lambdaPort] = [await freePort(), await freePort()];
  const begin = performance.now();
  const args = [
    "offline",
    "start",
    "--host",
    "127.0.0.1",
    "--httpPort",
    String(port),
    "--lambdaPort",
    String(lambdaPort),
  ];
  const child = spawn(process.execPath, [join(store, "node_modules/serverless/bin/serverless.js"), ...args], {
    cwd: folder,
    stdio: "ignore",
    env: { ...process.env, SLS_TELEMETRY_DISABLED: "1", SLS_NOTIFICATIONS_MODE: "off" },
  });
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/hello`).catch(() => undefined);
    if (answer?.ok === true) break;
    if (child.exitCode !== null) throw new Error("serverless-offline ended before it answered");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return {
    port,
    /** From its start to its first answer. */
    readyMs: performance.now() - begin,
    residentBytes: () => residentBytes(child.pid),
    async stop() {
      child.kill("SIGKILL");
      await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
