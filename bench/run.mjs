// `pnpm bench [name…]`: every figure is a ratio against something measured in the same run. See bench/README.md.
import { cpus, totalmem } from "node:os";
import { coldStart } from "./scenarios/cold-start.mjs";
import { droppedFiles } from "./scenarios/dropped-files.mjs";
import { dynamodb } from "./scenarios/dynamodb.mjs";
import { endpoint } from "./scenarios/endpoint.mjs";
import { http } from "./scenarios/http.mjs";
import { queueDepth } from "./scenarios/queue-depth.mjs";
import { queue } from "./scenarios/queue.mjs";
import { replayEvents } from "./scenarios/replay-events.mjs";
import { restApi } from "./scenarios/rest-api.mjs";
import { scheduleYear } from "./scenarios/schedule-year.mjs";
import { startUp } from "./scenarios/start-up.mjs";
import { streams } from "./scenarios/streams.mjs";

const scenarios = {
  http,
  "rest-api": restApi,
  "cold-start": coldStart,
  "start-up": startUp,
  queue,
  "queue-depth": queueDepth,
  endpoint,
  dynamodb,
  streams,
  "schedule-year": scheduleYear,
  replay: replayEvents,
  "dropped-files": droppedFiles,
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in scenarios));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}: there are ${Object.keys(scenarios).join(", ")}.`);
  process.exit(2);
}
console.log(
  `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
);
for (const [name, run] of Object.entries(scenarios)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n${name}`);
  await run((row) => console.log(format(row)));
}

/** { what, value, unit, ratio, against, aim } as a line. */
function format({ what, value, ratio, against, aim, note = "" }) {
  const shown = ratio === undefined ? "" : `${ratio.toFixed(ratio < 0.1 ? 4 : 2)} of ${against}`;
  return `  ${what.padEnd(58)} ${value.padStart(20)}   ${shown.padEnd(40)} ${aim === undefined ? "" : `aim ${aim}`} ${note}`.trimEnd();
}
