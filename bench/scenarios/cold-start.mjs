// A first invocation on a claimed pre-booted process, against spawning node for the same handler.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { createSimulator } from "../../packages/cli/dist/index.js";
import { root } from "../tripline.mjs";

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const settle = () => new Promise((resolve) => setTimeout(resolve, 1000));

export async function coldStart(print) {
  const spawned = [];
  for (let i = 0; i < 15; i++) {
    const begin = performance.now();
    const child = spawn(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `const m = await import(${JSON.stringify(pathToFileURL(`${root}/bench/app/index.mjs`).href)}); await m.hello(); process.send("done");`,
      ],
      { stdio: ["ignore", "ignore", "ignore", "ipc"], env: { PATH: process.env.PATH } },
    );
    await once(child, "message");
    spawned.push(performance.now() - begin);
    child.kill();
  }
  const claimed = [];
  for (let i = 0; i < 15; i++) {
    const simulator = await createSimulator({ template: `${root}/bench/app`, listen: false });
    await settle(); // the pool boots beside the start
    const begin = performance.now();
    await simulator.invoke("Hello");
    claimed.push(performance.now() - begin);
    await simulator.stop();
  }
  const reference = median(spawned);
  const result = median(claimed);
  print({
    what: "cold start, pre-booted pool, small handler",
    value: `${result.toFixed(2)} ms`,
    ratio: result / reference,
    against: `spawning node (${reference.toFixed(1)} ms)`,
    aim: "<= 0.15",
  });
}
