import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestBench } from "./testing/function-folder.ts";
import { thisMachine } from "./runtimes/describe-runtime.ts";

const hasPython = thisMachine().python("3.13") !== undefined;
const onPosix = test.skipIf(process.platform === "win32");
const environment = { AWS_LAMBDA_EXEC_WRAPPER: "/var/task/wrapper", NAME: "function" };

const runtimes = [["nodejs20.x", "index.handler"], ...(hasPython ? [["python3.13", "app.handler"]] : [])];
onPosix.each(runtimes)("AWS_LAMBDA_EXEC_WRAPPER starts %s, and what it exports is seen", async (runtime, handler) => {
  await using bench = createTestBench({
    wrapper: `#!/bin/sh\nexport NAME="wrapped $NAME"\nexec "$@"\n`,
    "index.js": `exports.handler = async () => [process.env.NAME, process.env._HANDLER];`,
    "app.py": `import os\ndef handler(event, context):\n    return [os.environ["NAME"], os.environ["_HANDLER"]]\n`,
  });
  chmodSync(join(bench.folder, "wrapper"), 0o755);
  expect(await bench.call({}, { runtime: runtime ?? "", handler: handler ?? "", environment })).toEqual([
    "wrapped function",
    handler,
  ]);
});

onPosix("a wrapper that is not there ends INIT as on Lambda: exit status 127", async () => {
  await using bench = createTestBench({ "index.js": `exports.handler = async () => 1;` });
  expect(await bench.call({}, { environment })).toEqual({
    errorType: "Runtime.ExitError",
    errorMessage: "RequestId: request-1 Error: Runtime exited with error: exit status 127",
  });
});
