// A year of a one-minute schedule on the virtual clock, against as many bare turns of the event loop.
import { createSimulator } from "../../packages/cli/dist/index.js";
import { root } from "../tripline.mjs";

const minutes = 365 * 24 * 60;

export async function scheduleYear(print) {
  const begin = performance.now();
  for (let i = 0; i < minutes; i++) await new Promise((resolve) => setImmediate(resolve));
  const reference = (performance.now() - begin) / 1000;
  for (const [isolation, span, aim] of [
    ["inline", 1, "<= 5 s"],
    ["process", 1 / 12, "<= 60 s a year"],
  ]) {
    const simulator = await createSimulator({
      template: `${root}/bench/app-schedule`,
      clock: "virtual",
      isolation,
      listen: false,
    });
    let count = 0;
    simulator.house.bus.on("invocation", () => count++);
    const started = performance.now();
    await simulator.clock.advance(span * minutes * 60_000);
    const seconds = (performance.now() - started) / 1000;
    print({
      what: `${isolation} handler, ${count} firings`,
      value: `${seconds.toFixed(1)} s${span === 1 ? "" : ` (${(seconds / span).toFixed(0)} s a year)`}`,
      ratio: seconds / span / reference,
      against: `bare turns (${reference.toFixed(1)} s)`,
      aim,
    });
    await simulator.stop();
  }
}
