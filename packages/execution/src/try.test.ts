import { test, expect } from "vitest";
import { mkdtempSync, writeFileSync } from "node:fs";
import { Activity, EventBus, VirtualClock, createRng, createSystemClock, defaultScope } from "@tripline/kernel";
import { realTime } from "../../kernel/src/adapters/real-time.ts";
import { createExecutionManager } from "./index.ts";
test("try", async () => {
  const folder = mkdtempSync("/tmp/fn-");
  writeFileSync(
    folder + "/index.js",
    `let n=0; exports.handler = async (e,c) => { console.log("hi\\nthere", e); process.stdout.write("raw\\n"); if(e.sleep) await new Promise(r=>setTimeout(r,e.sleep)); if (e.exit!==undefined) process.exit(e.exit); if(e.throw) throw new Error("m"); return {n:n++, left:c.getRemainingTimeInMillis(), e} }; exports.q = async()=>1`,
  );
  const bus = new EventBus();
  const m = createExecutionManager({
    clock: createSystemClock(realTime),
    realTime,
    bus,
    activity: new Activity(),
    rng: createRng("1"),
    scope: defaultScope,
    isolation: "process",
    endpoint: () => undefined,
  });
  await m.start();
  const off = bus.on("log", (l) => console.log(JSON.stringify(l.message), l.requestId));
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
    timeoutMs: 500,
    ephemeralStorageMegabytes: 512,
    environment: {},
    architecture: "x86_64" as const,
    logFormat: "Text" as const,
    logGroup: "/aws/lambda/f",
  };
  const inv = async (e: unknown, s: any = spec) => {
    const t = performance.now();
    const r = await m.invoke(s, {
      functionName: "f",
      payload: Buffer.from(JSON.stringify(e)),
      requestId: crypto.randomUUID(),
      source: "lambda",
    });
    console.log(
      (performance.now() - t).toFixed(2),
      r.status,
      r.durationMs.toFixed(2),
      r.initDurationMs,
      Buffer.from(r.payload).toString().slice(0, 300),
    );
    return r;
  };
  await new Promise((r) => setTimeout(r, 300));
  await inv({});
  await inv({ a: 1 });
  const r = await inv({ throw: 1 });
  console.log(r.logTail());
  await inv({ exit: 0 });
  await inv({ exit: 3 });
  await inv({ sleep: 1000 });
  await inv({});
  await inv({}, { ...spec, functionName: "g", handler: "nope.handler" });
  off();
  writeFileSync(folder + "/q.js", `exports.handler = async () => 1`);
  const qs = { ...spec, functionName: "q", handler: "q.handler" };
  await inv({}, qs);
  const p = Buffer.from("{}");
  let t = performance.now();
  for (let i = 0; i < 20000; i++)
    await m.invoke(qs, { functionName: "q", payload: p, requestId: "r" + i, source: "lambda" });
  console.log("serial/s", 20000 / ((performance.now() - t) / 1000));
  t = performance.now();
  let k = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (k++ < 40000) await m.invoke(qs, { functionName: "q", payload: p, requestId: "s" + k, source: "lambda" });
    }),
  );
  console.log("8 way/s", 40000 / ((performance.now() - t) / 1000));
  console.log(m.environments());
  await m.stop();
}, 60000);
