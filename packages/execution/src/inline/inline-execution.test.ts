import { expect, it } from "vitest";
import { createTestBench } from "../testing/function-folder.ts";

const inline = { isolation: "inline" } as const;

it("an inline handler gets event and context, keeps warm state, and logs as Lambda does", async () => {
  await using bench = createTestBench(
    {
      "index.mjs":
        "let calls = 0; export const handler = async (event, context) => { console.log('hello', event.name); return { calls: ++calls, id: context.awsRequestId, memory: context.memoryLimitInMB }; };",
    },
    inline,
  );
  const first = await bench.invoke({ name: "x" });
  expect(JSON.parse(Buffer.from(first.payload).toString())).toEqual({ calls: 1, id: "request-1", memory: "128" });
  expect(first).toMatchObject({ status: "success", coldStart: true });
  expect(await bench.call({ name: "y" })).toMatchObject({ calls: 2 });
  expect(first.logTail()).toMatch(
    /^INIT_START [^\n]+\nSTART RequestId: request-1 Version: \$LATEST\n\d{4}-\d\d-\d\dT[\d:.]+Z\trequest-1\tINFO\thello x\nEND RequestId: request-1\nREPORT RequestId: request-1\tDuration: /,
  );
});

it("N3 inline handlers see their own environment, and this process keeps its own", async () => {
  await using bench = createTestBench(
    {
      "index.cjs":
        "const at = process.env.NAME; exports.handler = async () => [at, process.env.NAME, process.env.AWS_ENDPOINT_URL, process.env.HOME ?? null];",
    },
    inline,
  );
  expect(await bench.call({}, { functionName: "a", environment: { NAME: "a" } })).toEqual([
    "a",
    "a",
    "http://127.0.0.1:4566",
    null,
  ]);
  expect(await bench.call({}, { functionName: "b", environment: { NAME: "b" } })).toEqual([
    "b",
    "b",
    "http://127.0.0.1:4566",
    null,
  ]);
  expect(process.env["NAME"]).toBeUndefined();
});

it("N3 an inline handler sees simulated time on the virtual clock, and this process real time", async () => {
  await using bench = createTestBench(
    {
      "index.mjs":
        "export const handler = async () => [new Date().toISOString(), Date.now(), new Date(5).getTime(), new Date() instanceof Date];",
    },
    { ...inline, time: "virtual" },
  );
  expect(await bench.call({})).toEqual(["2026-01-01T00:00:00.000Z", Date.UTC(2026, 0, 1), 5, true]);
  expect(new Date().getTime()).not.toBe(Date.UTC(2026, 0, 1));
});

it.each([
  ["export const handler = async () => { throw new TypeError('m'); };", { errorType: "TypeError", errorMessage: "m" }],
  ["export const handler = async () => { throw 'text'; };", { errorType: "string", errorMessage: "text", trace: [] }],
  [
    "export const handler = (event, context, callback) => { callback(new Error('called')); };",
    { errorType: "Error", errorMessage: "called" },
  ],
  [
    "export const other = 1;",
    { errorType: "Runtime.HandlerNotFound", errorMessage: "index.handler is undefined or not exported" },
  ],
  [
    "export const handler = 1;",
    { errorType: "Runtime.HandlerNotFound", errorMessage: "index.handler is not a function" },
  ],
])("an inline function %s answers with Lambda's error", async (code, error) => {
  await using bench = createTestBench({ "index.mjs": code }, inline);
  const result = await bench.invoke({});
  expect(result).toMatchObject({ status: "error", functionError: "Unhandled" });
  expect(JSON.parse(Buffer.from(result.payload).toString())).toMatchObject(error);
});

it.each([
  ["callback", "exports.handler = (event, context, callback) => callback(null, 1);", 1],
  ["succeed", "exports.handler = (event, context) => context.succeed(2);", 2],
  ["undefined", "exports.handler = async () => undefined;", null],
  ["sync", "exports.handler = () => 3;", 3],
])("an inline handler answers by %s", async (_style, code, answer) => {
  await using bench = createTestBench({ "index.cjs": code }, inline);
  expect(await bench.call({})).toEqual(answer);
});

it("N2 an inline handler that does not answer in time is answered for", async () => {
  await using bench = createTestBench({ "index.mjs": "export const handler = () => new Promise(() => {});" }, inline);
  const result = await bench.invoke({}, { timeoutMs: 20 });
  expect(result.status).toBe("timeout");
  expect(JSON.parse(Buffer.from(result.payload).toString())).toEqual({
    errorType: "Sandbox.Timedout",
    errorMessage: "RequestId: request-1 Error: Task timed out after 0.02 seconds",
  });
});

it("inline isolation refuses other runtimes by name", async () => {
  await using bench = createTestBench({}, inline);
  expect(bench.manager.describeRuntime("python3.13")).toEqual({
    supported: false,
    reason: "python3.13 does not run with inline isolation: only nodejs* does; use --isolation process",
  });
});

it("N1 reserved concurrency is a lease here, too", async () => {
  await using bench = createTestBench({ "index.mjs": "export const handler = async () => 1;" }, inline);
  await expect(bench.invoke({}, { reservedConcurrency: 0 })).rejects.toThrow("Rate Exceeded.");
});
