import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
}

test.runIf(process.platform === "linux")(
  "kill -9 of the manager leaves no process and no folder behind: busy, frozen, booted ahead, or far below",
  { timeout: 60_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "tripline-test-"));
    const bundleFolder = mkdtempSync(join(import.meta.dirname, "../node_modules/.tripline-test-"));
    try {
      writeFileSync(
        join(folder, "index.js"),
        `const { spawn } = require("node:child_process");
        exports.handler = async ({ hang }) => {
          const children = [true, false].map((detached) => spawn("sleep", ["300"], { detached, stdio: "ignore" }).pid);
          console.log(JSON.stringify({ pids: [process.pid, process.ppid, ...children], folder: require("node:path").dirname(process.env.TMPDIR) }));
          if (hang) await new Promise((resolve) => setTimeout(resolve, 60000));
        };`,
      );
      const kernel = join(import.meta.dirname, "../../kernel/src");
      const spec = {
        functionName: "f",
        functionArn: "arn:aws:lambda:us-east-1:000000000000:function:f",
        version: "$LATEST",
        revision: 1,
        runtime: "nodejs20.x",
        handler: "index.handler",
        codeFolder: folder,
        layerFolders: [],
        memoryMegabytes: 128,
        timeoutMs: 60_000,
        ephemeralStorageMegabytes: 512,
        environment: {},
        architecture: "x86_64",
        logFormat: "Text",
        logGroup: "/aws/lambda/f",
      };
      // Where the packages that it leaves outside are found.
      const bundle = join(bundleFolder, "manager.mjs");
      await build({
        stdin: {
          contents: `
            import { Activity, createRng, createSystemClock, defaultScope, EventBus } from ${JSON.stringify(join(kernel, "index.ts"))};
            import { realTime } from ${JSON.stringify(join(kernel, "adapters/real-time.ts"))};
            import { createExecutionManager } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
            const bus = new EventBus();
            bus.on("log", (line) => { if (line.origin === "function") console.log(line.message.split("\\t").at(-1)); });
            const manager = createExecutionManager({ clock: createSystemClock(realTime), realTime, bus, activity: new Activity(),
              rng: createRng("test"), scope: defaultScope, isolation: "process", endpoint: () => undefined });
            await manager.start();
            const invoke = (event, requestId) => manager.invoke(${JSON.stringify(spec)}, { functionName: "f", payload: Buffer.from(event), requestId, source: "lambda" });
            const hangs = invoke('{"hang":true}', "1");
            await invoke("{}", "2");
            const wait = () => manager.environments().some((environment) => environment.state === "frozen") ? console.log("frozen") : realTime.after(5, wait);
            wait();
            await hangs;`,
          resolveDir: import.meta.dirname,
          loader: "js",
        },
        bundle: true,
        platform: "node",
        format: "esm",
        outfile: bundle,
        external: ["esbuild", "chokidar"],
        banner: { js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);' },
        define: { "import.meta.url": JSON.stringify(new URL("execution-assets.ts", import.meta.url).href) },
      });
      const manager = spawn(process.execPath, [bundle], { stdio: ["ignore", "pipe", "inherit"] });
      let output = "";
      await new Promise<void>((resolve, reject) => {
        manager.on("exit", () => {
          reject(new Error(`The manager ended: ${output}`));
        });
        manager.stdout.on("data", (bytes: Buffer) => {
          output += bytes.toString();
          const lines = output.trim().split("\n");
          if (lines.length >= 3 && lines.includes("frozen")) resolve();
        });
      });
      const told = output
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as { pids: number[]; folder: string });
      const pids = told.flatMap((line) => line.pids);
      const environments = told[0]?.folder ?? "";
      expect([pids.length, pids.every(isAlive), existsSync(environments)]).toEqual([8, true, true]);
      manager.removeAllListeners("exit");
      manager.kill("SIGKILL");
      await once(manager, "exit");
      await expect.poll(() => pids.filter(isAlive), { timeout: 10_000, interval: 10 }).toEqual([]);
      await expect.poll(() => existsSync(environments), { timeout: 10_000, interval: 10 }).toBe(false);
    } finally {
      rmSync(bundleFolder, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
