import { httpRequest, load } from "./load.mjs";
import { root, startTripline } from "./tripline.mjs";
const tripline = await startTripline([`${root}/bench/app`, "--ephemeral"]);
const url = new URL(tripline.ready.apis[0].url);
const request = httpRequest({ path: `${url.pathname.replace(/\/$/, "")}/hello` });
let peak = 0;
const w = setInterval(() => {
  peak = Math.max(peak, tripline.residentBytes() ?? 0);
}, 20);
const t = performance.now();
await load({ port: tripline.port, request, connections: 8, total: +process.argv[2] });
clearInterval(w);
console.log("peak MB", peak >> 20, "ms", (performance.now() - t).toFixed(0));
await new Promise((r) => setTimeout(r, 1500));
console.log("after", tripline.residentBytes() >> 20);
await tripline.stop();
