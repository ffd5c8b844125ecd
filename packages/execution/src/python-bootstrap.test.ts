import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { findPython } from "./runtimes/python-executable.ts";
import { createTestBench } from "./testing/function-folder.ts";

const python = findPython("3.13", process.env["PATH"] ?? "");
const hasPython = python !== undefined && works(python.file);
const withPython = it.runIf(hasPython);
if (!hasPython) it.skip("Python tests need a python3 on the PATH", () => undefined);

function works(file: string): boolean {
  try {
    execFileSync(file, ["-c", "0"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const runtime = { runtime: "python3.13", handler: "app.handler" };

withPython("a Python handler gets event and context, keeps warm state, and its prints are in the log", async () => {
  await using bench = createTestBench({
    "app.py": `
import os
calls = 0
def handler(event, context):
    global calls
    calls += 1
    print("hello", event["name"])
    return {"calls": calls, "name": context.function_name, "id": context.aws_request_id, "memory": context.memory_limit_in_mb,
            "left": 0 < context.get_remaining_time_in_millis() <= 10000, "arn": context.invoked_function_arn,
            "identity": context.identity.cognito_identity_id, "client": context.client_context, "root": os.environ["LAMBDA_TASK_ROOT"],
            "handler": os.environ["_HANDLER"], "unicode": "é"}
`,
  });
  const first = await bench.call({ name: "x" }, runtime);
  expect(first).toEqual({
    calls: 1,
    name: "orders",
    id: "request-1",
    memory: "128",
    left: true,
    arn: "arn:aws:lambda:us-east-1:000000000000:function:orders",
    identity: null,
    client: null,
    root: bench.folder,
    handler: "app.handler",
    unicode: "é",
  });
  expect(await bench.call({ name: "y" }, runtime)).toMatchObject({ calls: 2 });
  expect(bench.log.filter((line) => line.origin === "function").map((line) => line.message)).toEqual([
    "hello x",
    "hello y",
  ]);
});

withPython("a Python error has AWS's payload and log, without frames of the runtime", async () => {
  await using bench = createTestBench({ "app.py": "def handler(event, context):\n    raise ValueError('m')\n" });
  const result = await bench.invoke({}, runtime);
  expect(JSON.parse(Buffer.from(result.payload).toString())).toEqual({
    errorMessage: "m",
    errorType: "ValueError",
    requestId: "request-1",
    stackTrace: [`  File "${bench.folder}/app.py", line 2, in handler\n    raise ValueError('m')\n`],
  });
  expect(bench.log.filter((line) => line.origin === "function").map((line) => line.message)).toEqual([
    "[ERROR] ValueError: m",
    "Traceback (most recent call last):",
    `\u00a0\u00a0File "${bench.folder}/app.py", line 2, in handler`,
    "\u00a0\u00a0\u00a0\u00a0raise ValueError('m')",
  ]);
});

withPython.each([
  ["gone.handler", "Runtime.ImportModuleError", "Unable to import module 'gone': No module named 'gone'"],
  ["app.gone", "Runtime.HandlerNotFound", "Handler 'gone' missing on module 'app'"],
  ["app", "Runtime.MalformedHandlerName", "Bad handler 'app': not enough values to unpack (expected 2, got 1)"],
  [
    "broken.handler",
    "Runtime.UserCodeSyntaxError",
    expect.stringMatching(/^Syntax error in module 'broken': /) as string,
  ],
  ["sys.handler", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys as a handler module"],
])("the Python handler %s fails INIT with %s", async (handler, errorType, errorMessage) => {
  await using bench = createTestBench({ "app.py": "x = 1\n", "broken.py": "def handler(:\n" });
  expect(await bench.call({}, { ...runtime, handler })).toMatchObject({ errorType, errorMessage, requestId: "" });
});

withPython("a Python answer that is no JSON is Runtime.MarshalError; NaN and Decimal pass", async () => {
  await using bench = createTestBench({
    "app.py":
      "import decimal\ndef handler(event, context):\n    return object() if event else [float('nan'), decimal.Decimal('1.5')]\n",
  });
  expect(await bench.call({ a: 1 }, runtime)).toMatchObject({
    errorType: "Runtime.MarshalError",
    errorMessage: "Unable to marshal response: Object of type object is not JSON serializable",
  });
  const result = await bench.invoke({}, runtime);
  expect(Buffer.from(result.payload).toString()).toBe("[NaN, 1.5]");
});

withPython("Python logging has Lambda's text format, and its JSON format with levels", async () => {
  await using bench = createTestBench({
    "app.py":
      "import logging\ndef handler(event, context):\n    logging.warning('careful %s', 1)\n    logging.debug('no')\n",
  });
  await bench.call({}, runtime);
  await bench.call({}, { ...runtime, functionName: "json", logFormat: "JSON" });
  const lines = bench.log.filter((line) => line.origin === "function").map((line) => line.message);
  expect(lines[0]).toMatch(/^\[WARNING\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\trequest-1\tcareful 1$/);
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
    level: "WARNING",
    message: "careful 1",
    logger: "root",
    requestId: "request-2",
  });
});

withPython("a Python handler sees simulated time on the virtual clock", async () => {
  await using bench = createTestBench(
    {
      "app.py":
        "import time, datetime\ndef handler(event, context):\n    return [int(time.time()), datetime.datetime.now(datetime.timezone.utc).year]\n",
    },
    { time: "virtual" },
  );
  expect(await bench.call({}, runtime)).toEqual([Date.UTC(2026, 0, 1) / 1000, 2026]);
});

withPython("a Python function that exits ends its environment", async () => {
  await using bench = createTestBench({ "app.py": "import os\ndef handler(event, context):\n    os._exit(3)\n" });
  expect(await bench.call({}, runtime)).toEqual({
    errorType: "Runtime.ExitError",
    errorMessage: "RequestId: request-1 Error: Runtime exited with error: exit status 3",
  });
});
