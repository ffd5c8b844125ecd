import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isServiceError } from "@tripline/kernel";
import { expect, test } from "vitest";
import { createTestBench } from "./testing/function-folder.ts";

const isLinux = process.platform === "linux";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A process that its parent has not waited for yet is no process any more.
  return !isLinux || !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
}

test("an invocation writes START, the function's lines, END and REPORT, a cold one INIT_START before", async () => {
  await using bench = createTestBench({
    "index.js": `exports.handler = async () => { console.log("two\\nlines"); process.stdout.write("raw\\n"); };`,
  });
  const first = await bench.invoke({});
  const second = await bench.invoke({});
  const shape = (text: string): string =>
    text
      .replace(/\d+\.\d\d ms/g, "<ms>")
      .replace(/\d+ ms/g, "<ms>")
      .replace(/: \d+ MB\t(?!Max)/g, ": <MB>\t");
  expect(
    bench.log.map((line) => [line.origin, line.requestId, shape(line.message.replace(/^\d{4}-\S+Z/, "<time>"))]),
  ).toEqual([
    [
      "platform",
      undefined,
      `INIT_START Runtime Version: nodejs:20.v1\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:${"0".repeat(64)}`,
    ],
    ["platform", "request-1", "START RequestId: request-1 Version: $LATEST"],
    ["function", "request-1", "<time>\trequest-1\tINFO\ttwo\nlines"],
    ["function", "request-1", "raw"],
    ["platform", "request-1", "END RequestId: request-1"],
    [
      "platform",
      "request-1",
      "REPORT RequestId: request-1\tDuration: <ms>\tBilled Duration: <ms>\tMemory Size: 128 MB\tMax Memory Used: <MB>\tInit Duration: <ms>\t",
    ],
    ["platform", "request-2", "START RequestId: request-2 Version: $LATEST"],
    ["function", "request-2", "<time>\trequest-2\tINFO\ttwo\nlines"],
    ["function", "request-2", "raw"],
    ["platform", "request-2", "END RequestId: request-2"],
    [
      "platform",
      "request-2",
      "REPORT RequestId: request-2\tDuration: <ms>\tBilled Duration: <ms>\tMemory Size: 128 MB\tMax Memory Used: <MB>\t",
    ],
  ]);
  expect([first.coldStart, second.coldStart, second.initDurationMs]).toEqual([true, false, undefined]);
  expect(first.billedDurationMs).toBe(Math.ceil(first.durationMs + (first.initDurationMs ?? 0)));
  expect(second.logTail()).toBe(
    `${bench.log
      .slice(6)
      .map((line) => line.message)
      .join("\n")}\n`,
  );
});

test("a timeout ends the process and keeps the temporary folder; the next invocation initialises again", async () => {
  await using bench = createTestBench({
    "index.js": `const fs = require("node:fs"), path = require("node:path"), os = require("node:os"); let count = 0;
      exports.handler = async ({ hang }) => {
        const file = path.join(os.tmpdir(), "kept");
        if (hang) { fs.writeFileSync(file, String(process.pid)); await new Promise((resolve) => setTimeout(resolve, 60000)); }
        return [count++, fs.existsSync(file) && fs.readFileSync(file, "utf8")];
      };`,
  });
  await bench.call({}, { timeoutMs: 300 });
  const result = await bench.invoke({ hang: true }, { timeoutMs: 300 });
  expect({ ...result, payload: Buffer.from(result.payload).toString() }).toMatchObject({
    status: "timeout",
    functionError: "Unhandled",
    durationMs: 300,
    billedDurationMs: 300,
    payload: `{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: request-2 Error: Task timed out after 0.30 seconds"}`,
  });
  const [count, pid] = (await bench.call({}, { timeoutMs: 300 })) as [number, string];
  expect([count, isAlive(Number(pid))]).toEqual([0, false]);
  expect(bench.log.filter((line) => line.message.startsWith("INIT_START")).length).toBe(1);
  expect(bench.log.map((line) => line.message).filter((line) => line.includes("\tStatus: timeout\t")).length).toBe(1);
  expect(bench.manager.environments().length).toBe(1);
});

test("an INIT within an invocation is bounded by the function's timeout, and so is what is billed", async () => {
  await using bench = createTestBench({
    "index.mjs": `import { existsSync, writeFileSync } from "node:fs"; import { tmpdir } from "node:os"; import { join } from "node:path";
      const mark = join(tmpdir(), "mark");
      if (existsSync(mark)) await new Promise((resolve) => setTimeout(resolve, 60000));
      writeFileSync(mark, "");
      export const handler = async ({ exit }) => { if (exit) process.exit(1); };`,
  });
  await bench.invoke({ exit: true }, { timeoutMs: 300 });
  const { status, durationMs, billedDurationMs } = await bench.invoke({}, { timeoutMs: 300 });
  expect({ status, durationMs, billedDurationMs }).toEqual({
    status: "timeout",
    durationMs: 300,
    billedDurationMs: 300,
  });
});

test("an INIT that fails is run again within the first invocation", async () => {
  await using bench = createTestBench({ "index.js": `throw new Error("no");` });
  await bench.invoke({});
  expect(bench.log.flatMap((line) => (line.origin === "platform" ? [line.message.split(/[ :]/)[0]] : []))).toEqual([
    "INIT_START",
    "INIT_REPORT",
    "INIT_REPORT",
    "START",
    "END",
    "REPORT",
  ]);
  expect(bench.log[2]?.message.replace(/[\d.]+ ms/, "<ms>")).toBe(
    "INIT_REPORT Init Duration: <ms>\tPhase: init\tStatus: error\tError Type: Error",
  );
});

test("a function that uses more memory than it has is ended", async () => {
  await using bench = createTestBench({
    "index.js": `exports.handler = async () => { const kept = []; for (;;) { kept.push(Buffer.alloc(4e6, 1)); await new Promise((resolve) => setTimeout(resolve, 1)); } };`,
  });
  const { errorType, errorMessage } = await bench.invoke({});
  expect([errorType, errorMessage]).toEqual([
    "Runtime.ExitError",
    "RequestId: request-1 Error: Runtime exited with error: signal: killed",
  ]);
  const report = bench.log.at(-1)?.message ?? "";
  expect(report).toContain("Memory Size: 128 MB\tMax Memory Used: 128 MB\t");
  expect(report).toContain("Status: error\tError Type: Runtime.OutOfMemory\t");
});

test("a response over the limit is refused, and the environment goes on", async () => {
  await using bench = createTestBench({
    "index.js": `let count = 0; exports.handler = async ({ length }) => { count++; return length === undefined ? count : "x".repeat(length - 2); };`,
  });
  expect((await bench.invoke({ length: 6_291_556 })).payload.byteLength).toBe(6_291_556);
  expect(await bench.call({ length: 6_291_557 })).toEqual({
    errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    errorType: "Function.ResponseSizeTooLarge",
  });
  expect(await bench.call({})).toBe(3);
});

test("events of six megabytes reach the function as they are", async () => {
  await using bench = createTestBench({ "index.js": `exports.handler = async ({ text }) => text.length;` });
  expect(await bench.call({ text: "é".repeat(3_000_000) })).toBe(3_000_000);
});

test.runIf(isLinux)(
  "an idle environment is frozen, and what it left running goes on with the next invocation",
  async () => {
    await using bench = createTestBench({
      "index.js": `let ticks = 0; setInterval(() => { ticks++; }, 2); exports.handler = async () => ticks;`,
    });
    await bench.call({});
    const [environment] = bench.manager.environments();
    const stateOf = (): string => /\) (\S)/.exec(readFileSync(`/proc/${environment?.pid}/stat`, "utf8"))?.[1] ?? "";
    await expect.poll(stateOf, { timeout: 5000, interval: 5 }).toBe("T");
    expect(bench.manager.environments()[0]?.state).toBe("frozen");
    const before = Number(await bench.call({}));
    await expect.poll(async () => Number(await bench.call({})) > before, { timeout: 5000 }).toBe(true);
  },
);

test("`freeze: false` leaves idle environments running", async () => {
  await using bench = createTestBench(
    { "index.js": `exports.handler = async () => { setTimeout(() => console.log("later"), 50); };` },
    { freeze: false },
  );
  await bench.call({});
  await expect.poll(() => bench.log.some((line) => line.message.endsWith("later")), { timeout: 5000 }).toBe(true);
});

test("reserved and account concurrency throttle with Lambda's reasons", async () => {
  await using bench = createTestBench(
    { "index.js": `exports.handler = () => new Promise((resolve) => setTimeout(resolve, 200, "done"));` },
    { accountConcurrency: 2 },
  );
  const attempt = (overrides: object): Promise<unknown> =>
    bench
      .call({}, overrides)
      .catch((error: unknown) => (isServiceError(error) ? [error.code, error.status, error.members] : error));
  const throttled = (Reason: string): unknown => ["TooManyRequestsException", 429, { Reason, Type: "User" }];
  expect(await attempt({ functionName: "never", reservedConcurrency: 0 })).toEqual(
    throttled("ReservedFunctionConcurrentInvocationLimitExceeded"),
  );
  expect(
    await Promise.all([
      attempt({ functionName: "one", reservedConcurrency: 1 }),
      attempt({ functionName: "one", reservedConcurrency: 1 }),
      attempt({ functionName: "two" }),
      attempt({ functionName: "three" }),
    ]),
  ).toEqual([
    "done",
    throttled("ReservedFunctionConcurrentInvocationLimitExceeded"),
    "done",
    throttled("ConcurrentInvocationLimitExceeded"),
  ]);
});

test("an environment of an older revision finishes what it runs, and is not used again", async () => {
  await using bench = createTestBench({
    "index.js": `exports.handler = ({ waitMs }) => new Promise((resolve) => setTimeout(resolve, waitMs, process.env.V));`,
  });
  await bench.call({ waitMs: 0 }, { environment: { V: "1" } });
  const slow = bench.call({ waitMs: 200 }, { environment: { V: "1" } });
  expect(await bench.call({ waitMs: 0 }, { environment: { V: "2" }, revision: 2 })).toBe("2");
  expect(await slow).toBe("1");
  expect(bench.manager.environments().length).toBe(1);
});

test("idle environments are reaped, on a virtual clock at the next invocation", async () => {
  await using bench = createTestBench(
    { "index.js": `let count = 0; exports.handler = async () => ++count;` },
    { time: "virtual", idleReapMs: 60_000 },
  );
  const answers = [await bench.call({})];
  await bench.virtual.advance(59_000);
  answers.push(await bench.call({}));
  await bench.virtual.advance(61_000);
  answers.push(await bench.call({}));
  expect(answers).toEqual([1, 2, 1]);
});

test("more simultaneous invocations than the machine carries wait for an environment", async () => {
  await using bench = createTestBench(
    { "index.js": `exports.handler = async () => process.pid;` },
    { environmentsSoftMax: 3, patienceMs: 60_000 },
  );
  const pids = await Promise.all(Array.from({ length: 100 }, () => bench.call({})));
  expect(new Set(pids).size).toBeLessThanOrEqual(3);
  expect(bench.activity.pending()).toEqual([]);
});

test("functions that wait for each other get environments beyond what the machine carries well", async () => {
  await using bench = createTestBench(
    {
      "index.js": `const fs = require("node:fs");
        exports.handler = async ({ meeting }) => {
          fs.writeFileSync(meeting + "/" + process.pid, "");
          while (fs.readdirSync(meeting).length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
          return process.pid;
        };`,
    },
    { environmentsSoftMax: 2, patienceMs: 20 },
  );
  const meeting = join(bench.folder, "meeting");
  mkdirSync(meeting);
  const pids = await Promise.all(Array.from({ length: 5 }, () => bench.call({ meeting }, { timeoutMs: 60_000 })));
  expect(new Set(pids).size).toBe(5);
});

test.runIf(isLinux)("stop leaves no process behind, not even one that left its group", async () => {
  const bench = createTestBench({
    "index.js": `const { spawn } = require("node:child_process");
      exports.handler = async () => {
        const children = [true, false].map((detached) => spawn("sleep", ["300"], { detached, stdio: "ignore" }).pid);
        return [process.pid, ...children];
      };`,
  });
  const pids = (await bench.call({})) as number[];
  expect(pids.map(isAlive)).toEqual([true, true, true]);
  await bench[Symbol.asyncDispose]();
  expect(pids.map((pid) => existsSync(`/proc/${pid}`) && isAlive(pid))).toEqual([false, false, false]);
});

test("a custom runtime is its bootstrap, on a loopback port", async () => {
  await using bench = createTestBench({
    bootstrap: `#!/usr/bin/env node
      const root = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/";
      (async () => {
        for (;;) {
          const next = await fetch(root + "invocation/next");
          const id = next.headers.get("lambda-runtime-aws-request-id");
          const event = await next.json();
          const post = (path, body, headers = {}) => fetch(root + path, { method: "POST", body, headers }).then(async (answer) => [answer.status, await answer.json()]);
          if (event.fail) { await post("invocation/" + id + "/error", '{"errorType":"Mine","errorMessage":"m"}', { "Lambda-Runtime-Function-Error-Type": "Mine.Reason" }); continue; }
          const wrong = await post("invocation/other/response", "1");
          const mode = await post("invocation/" + id + "/response", "1", { "Lambda-Runtime-Function-Response-Mode": "odd" });
          const init = await post("init/error", "{}");
          await post("invocation/" + id + "/response", JSON.stringify({ event, wrong, mode, init, env: process.env.AWS_EXECUTION_ENV ?? null }));
          const twice = await post("invocation/" + id + "/response", "2");
          console.log(JSON.stringify(twice));
        }
      })();`,
  });
  const runtime = { runtime: "provided.al2023", handler: "x" };
  expect(await bench.call({ n: 1 }, runtime)).toEqual({
    event: { n: 1 },
    wrong: [400, { errorMessage: "Invalid request ID", errorType: "InvalidRequestID" }],
    mode: [400, { errorMessage: "Invalid function response mode", errorType: "InvalidFunctionResponseMode" }],
    init: [
      403,
      {
        errorMessage:
          "State transition from Running to InitError failed for runtime. Error: State transition is not allowed",
        errorType: "InvalidStateTransition",
      },
    ],
    env: null,
  });
  expect(await bench.call({ fail: true }, runtime)).toEqual({ errorType: "Mine", errorMessage: "m" });
  expect(bench.log.filter((line) => line.origin === "function").map((line) => line.message)).toEqual([
    JSON.stringify([
      403,
      {
        errorMessage:
          "State transition from RuntimeResponseSent to InvocationResponse failed for runtime. Error: State transition is not allowed",
        errorType: "InvalidStateTransition",
      },
    ]),
  ]);
});

test("a custom runtime without a bootstrap is answered with Runtime.InvalidEntrypoint", async () => {
  await using bench = createTestBench({});
  expect(await bench.call({}, { runtime: "provided.al2023" })).toEqual({
    errorType: "Runtime.InvalidEntrypoint",
    errorMessage: "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
  });
});

// The package carries no built native part: what that does (sending a buffered answer, synchronously) is done by a preloaded stand-in.
// All else is AWS's: asking for the next invocation, streaming, init errors, handlers, context.
test("AWS's own Node.js runtime client serves a function over our Runtime API", async () => {
  const client = join(import.meta.dirname, "../node_modules/aws-lambda-ric/bin/index.mjs");
  await using bench = createTestBench({
    bootstrap: `#!/bin/sh\nexec node -r ./native.cjs ${client} $_HANDLER\n`,
    "native.cjs": `const { Module } = require("node:module"), { execFileSync } = require("node:child_process");
      const load = Module._load;
      const send = (path, body, headers) => execFileSync(process.execPath, ["-e", \`fetch("http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/" + process.argv[1],
        { method: "POST", body: process.argv[2], headers: JSON.parse(process.argv[3]) })\`, path, body, JSON.stringify(headers)]);
      Module._load = (name, ...rest) => name.endsWith("rapid-client.node")
        ? { done: (id, body) => send(id + "/response", body, {}),
            error: (id, body) => send(id + "/error", body, { "Lambda-Runtime-Function-Error-Type": JSON.parse(body).errorType }) }
        : load(name, ...rest);`,
    "index.js": `exports.handler = async (event, context) => { if (event.fail) throw new Error("m"); return [event, context.awsRequestId, context.functionName]; };
      exports.stream = awslambda.streamifyResponse(async (event, stream) => { stream.write("one"); if (event.fail) throw new Error("midway"); stream.end("two"); });`,
  });
  const runtime = { runtime: "provided.al2023", environment: { AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: "true" } };
  const streaming = { ...runtime, functionName: "stream", handler: "index.stream" };
  expect(await bench.call({ a: 1 }, runtime)).toEqual([{ a: 1 }, "request-1", "orders"]);
  expect(await bench.call({ fail: true }, runtime)).toMatchObject({ errorType: "Error", errorMessage: "m" });
  expect(await bench.call({ a: 2 }, runtime)).toEqual([{ a: 2 }, "request-3", "orders"]);
  expect(Buffer.from((await bench.invoke({}, streaming)).payload).toString()).toBe("onetwo");
  expect(await bench.call({ fail: true }, streaming)).toMatchObject({ errorType: "Error", errorMessage: "midway" });
  expect(await bench.call({}, { ...runtime, functionName: "missing", handler: "missing.handler" })).toMatchObject({
    errorType: "Runtime.ImportModuleError",
  });
});
