import { expect, test } from "vitest";
import { createTestBench } from "./testing/function-folder.ts";

const trace = expect.arrayContaining([expect.any(String)]);

test("a handler is found in CommonJS, in ES modules, in nested folders and nested exports", async () => {
  await using bench = createTestBench({
    "index.js": `exports.handler = async () => "commonjs"; exports.a = { b: { c: async () => "nested" } };`,
    "module.mjs": `const value = await Promise.resolve("esm"); export const handler = async () => value;`,
    "typed/package.json": `{"type":"module"}`,
    "typed/index.js": `export const handler = async () => "type: module";`,
    "src/app.cjs": `exports.handler = async () => "cjs";`,
  });
  const answers: unknown[] = [];
  const handlers = ["index.handler", "index.a.b.c", "module.handler", "typed/index.handler", "src/app.handler"];
  for (const [i, handler] of handlers.entries()) answers.push(await bench.call({}, { handler, functionName: `f${i}` }));
  expect(answers).toEqual(["commonjs", "nested", "esm", "type: module", "cjs"]);
});

test("a handler that does not load is answered with Lambda's error", async () => {
  await using bench = createTestBench({
    "index.js": `exports.value = 1;`,
    "broken.js": `exports.handler = (`,
    "throws.js": `throw new TypeError("at load");`,
    "callback.js": `exports.handler = (event, context, callback) => callback(null, 1);`,
  });
  const fails = async (handler: string, runtime = "nodejs20.x"): Promise<unknown> => {
    const { trace: _, ...payload } = (await bench.call(
      {},
      { handler, runtime, functionName: handler.replace(/\W/g, "") },
    )) as {
      trace: unknown;
    };
    return payload;
  };
  expect(await fails("missing.handler")).toEqual({
    errorType: "Runtime.ImportModuleError",
    errorMessage: `Error: Cannot find module 'missing'\nRequire stack:\n- ${bench.folder}/index.js`,
  });
  expect(await fails("index.handler")).toEqual({
    errorType: "Runtime.HandlerNotFound",
    errorMessage: "index.handler is undefined or not exported",
  });
  expect(await fails("index.value")).toEqual({
    errorType: "Runtime.HandlerNotFound",
    errorMessage: "index.value is not a function",
  });
  expect(await fails("index")).toEqual({ errorType: "Runtime.MalformedHandlerName", errorMessage: "Bad handler" });
  expect(await fails("broken.handler")).toEqual({
    errorType: "Runtime.UserCodeSyntaxError",
    errorMessage: "SyntaxError: Unexpected end of input",
  });
  expect(await fails("throws.handler")).toEqual({ errorType: "TypeError", errorMessage: "at load" });
  expect(await fails("callback.handler", "nodejs24.x")).toMatchObject({
    errorType: "Runtime.CallbackHandlerDeprecated",
  });
});

test("each style of handler is answered when Lambda answers it", async () => {
  await using bench = createTestBench({
    "index.js": `
      exports.callbackWaits = (event, context, callback) => { globalThis.done = false; setTimeout(() => { globalThis.done = true; }, 30); callback(null, "cb"); };
      exports.succeed = (event, context) => { context.succeed("first"); context.fail("second"); };
      exports.fail = (event, context) => context.fail(null);
      exports.never = () => {};
      exports.nothing = async () => {};
      exports.unsettled = () => new Promise(() => {});
      exports.circular = async () => { const a = {}; a.a = a; return a; };
      exports.text = async () => { throw "text"; };
      exports.error = async () => { throw new RangeError("m"); };
    `,
  });
  const call = (name: string): Promise<unknown> => bench.call({}, { handler: `index.${name}`, functionName: name });
  expect(await call("callbackWaits")).toBe("cb");
  expect(await call("succeed")).toBe("first");
  expect(await call("fail")).toEqual({ errorType: "string", errorMessage: "handled", trace: [] });
  expect(await call("never")).toBe(null);
  expect(await call("nothing")).toBe(null);
  expect(await call("unsettled")).toMatchObject({ errorType: "Runtime.NodeJsExit" });
  expect(await call("circular")).toEqual({
    errorType: "Error",
    errorMessage: "Unable to stringify response body",
    trace,
  });
  expect(await call("text")).toEqual({ errorType: "string", errorMessage: "text", trace: [] });
  expect(await call("error")).toEqual({ errorType: "RangeError", errorMessage: "m", trace });
});

test("a crash is answered with what the runtime said, or with how the process ended", async () => {
  await using bench = createTestBench({
    "index.js": `exports.handler = async ({ how }) => {
      if (how === "exit") process.exit(0);
      if (how === "status") process.exit(3);
      if (how === "signal") process.kill(process.pid, "SIGSEGV");
      if (how === "throw") setTimeout(() => { throw new Error("uncaught"); }, 1);
      if (how === "reject") void Promise.reject(new Error("unhandled"));
      await new Promise((resolve) => setTimeout(resolve, 5000));
    };`,
  });
  const message = async (how: string): Promise<unknown> => {
    const { errorType, errorMessage, requestId } = await bench.invoke({ how });
    return [errorType, errorMessage?.replace(requestId, "<id>")];
  };
  expect(await message("exit")).toEqual([
    "Runtime.ExitError",
    "RequestId: <id> Error: Runtime exited without providing a reason",
  ]);
  expect(await message("status")).toEqual([
    "Runtime.ExitError",
    "RequestId: <id> Error: Runtime exited with error: exit status 3",
  ]);
  expect(await message("signal")).toEqual([
    "Runtime.ExitError",
    "RequestId: <id> Error: Runtime exited with error: signal: segmentation fault",
  ]);
  expect(await message("throw")).toEqual(["Error", "uncaught"]);
  expect(await message("reject")).toEqual(["Runtime.UnhandledPromiseRejection", "Error: unhandled"]);
});

test("the context and the environment are Lambda's", async () => {
  await using bench = createTestBench({
    "index.js": `exports.handler = async (event, context) => ({
      keys: Object.keys(context).sort(), memory: context.memoryLimitInMB, arn: context.invokedFunctionArn, id: context.awsRequestId,
      left: context.getRemainingTimeInMillis() > 9000, cwd: process.cwd(),
      env: Object.fromEntries(["AWS_EXECUTION_ENV", "AWS_ENDPOINT_URL", "AWS_REGION", "_HANDLER", "MINE", "AWS_ACCESS_KEY_ID", "NODE_EXTRA_CA_CERTS", "HOME", "_X_AMZN_TRACE_ID"].map((name) => [name, process.env[name] ?? null])),
    });`,
  });
  expect(await bench.call({}, { environment: { MINE: "yes" } })).toEqual({
    keys: [
      "awsRequestId",
      "callbackWaitsForEmptyEventLoop",
      "clientContext",
      "done",
      "fail",
      "functionName",
      "functionVersion",
      "getRemainingTimeInMillis",
      "identity",
      "invokedFunctionArn",
      "logGroupName",
      "logStreamName",
      "memoryLimitInMB",
      "succeed",
      "tenantId",
    ],
    memory: "128",
    arn: "arn:aws:lambda:us-east-1:000000000000:function:orders",
    id: "request-1",
    left: true,
    cwd: bench.folder,
    env: {
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      AWS_REGION: "us-east-1",
      _HANDLER: "index.handler",
      MINE: "yes",
      AWS_ACCESS_KEY_ID: "test",
      NODE_EXTRA_CA_CERTS: null,
      HOME: null,
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/),
    },
  });
});

test("a streamed response comes in pieces, with its content type", async () => {
  await using bench = createTestBench({
    "index.js": `
      exports.handler = awslambda.streamifyResponse(async (event, stream) => {
        stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
        stream.write("one"); await new Promise((resolve) => setTimeout(resolve, 20)); stream.write("two"); stream.end();
      });
      exports.fails = awslambda.streamifyResponse(async (event, stream) => { stream.write("one"); throw new Error("midway"); });
      exports.unfinished = awslambda.streamifyResponse(async (event, stream) => { stream.write("one"); });
    `,
  });
  const stream = async (handler: string): Promise<unknown> => {
    let type = "";
    let text = Promise.resolve("");
    const result = await bench.manager.invoke(bench.spec({ handler, functionName: handler.slice(6) }), {
      functionName: "orders",
      payload: Buffer.from("{}"),
      requestId: handler,
      source: "lambda",
      onResponseStream: ({ contentType, chunks }) => {
        type = contentType;
        text = (async () => {
          const pieces: Uint8Array[] = [];
          try {
            for await (const chunk of chunks) pieces.push(chunk);
          } catch (error) {
            return `${Buffer.concat(pieces).toString()} then ${String(error)}`;
          }
          return Buffer.concat(pieces).toString();
        })();
      },
    });
    return [result.status, type, await text];
  };
  expect(await stream("index.handler")).toEqual([
    "success",
    "application/vnd.awslambda.http-integration-response",
    `{"statusCode":201}\0\0\0\0\0\0\0\0onetwo`,
  ]);
  expect(await stream("index.fails")).toEqual(["error", "application/octet-stream", "one then Error: midway"]);
  expect(await stream("index.unfinished")).toEqual([
    "error",
    "application/octet-stream",
    "one then Error: Response stream is not finished.",
  ]);
});

test("JSON logs are filtered by level", async () => {
  await using bench = createTestBench({
    "index.js": `exports.handler = async () => { console.debug("no"); console.warn("yes", new Error("m")); };`,
  });
  await bench.invoke({}, { logFormat: "JSON", applicationLogLevel: "WARN" });
  const lines = bench.log.map((line) => JSON.parse(line.message) as Record<string, unknown>);
  expect(lines.filter((line) => line.level !== undefined)).toEqual([
    {
      timestamp: expect.any(String),
      level: "WARN",
      requestId: "request-1",
      message: expect.stringMatching(/^yes Error: m/),
      errorType: "Error",
      errorMessage: "m",
      stackTrace: expect.any(Array),
    },
  ]);
  expect(lines.flatMap((line) => (line.type === undefined ? [] : [line.type]))).toEqual([
    "platform.initStart",
    "platform.start",
    "platform.report",
  ]);
});

test("on a virtual clock the process sees the simulated time", async () => {
  await using bench = createTestBench(
    {
      "index.js": `exports.handler = async (event, context) => [Date.now(), new Date().toISOString(), new Date() instanceof Date, new Date(0).getTime(), context.getRemainingTimeInMillis()];`,
    },
    { time: "virtual" },
  );
  const now = (): unknown[] => [bench.clock.now(), new Date(bench.clock.now()).toISOString(), true, 0, 10_000];
  expect(await bench.call({})).toEqual(now());
  await bench.virtual.advance(3_600_000);
  expect(await bench.call({})).toEqual(now());
});
