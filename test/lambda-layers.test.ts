/** Layers through the AWS SDK for JavaScript: published, used by functions of each runtime, deleted. */
import { spawnSync } from "node:child_process";
import {
  AddLayerVersionPermissionCommand,
  CreateFunctionCommand,
  DeleteLayerVersionCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListLayersCommand,
  ListLayerVersionsCommand,
  PublishLayerVersionCommand,
  type Runtime,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { toZip } from "./support/zip.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:layer";
let simulator: Simulator;
let lambda: LambdaClient;

beforeAll(async () => {
  simulator = await createSimulator({ resources: {} });
  lambda = new LambdaClient({
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  });
});
afterAll(async () => {
  lambda.destroy();
  await simulator.stop();
});

async function publish(name: string, files: Record<string, string>): Promise<string> {
  const output = await lambda.send(
    new PublishLayerVersionCommand({
      LayerName: name,
      Content: { ZipFile: await toZip(files) },
      CompatibleRuntimes: ["nodejs20.x"],
    }),
  );
  return output.LayerVersionArn ?? "";
}

async function create(name: string, runtime: Runtime, files: Record<string, string>, layers: string[]): Promise<void> {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: runtime,
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/app",
      Code: { ZipFile: await toZip(files) },
      Layers: layers,
      Timeout: 20,
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName: name });
}

async function invoke(name: string): Promise<unknown> {
  const output = await lambda.send(new InvokeCommand({ FunctionName: name }));
  return JSON.parse(output.Payload?.transformToString() ?? "");
}

it("layers are merged in order, a later one wins, and a deleted version goes on working", async () => {
  const first = await publish("first", {
    "nodejs/node_modules/greeting/index.js": "exports.text = require('./name.js') + ' of ' + require('./place.js');",
    "nodejs/node_modules/greeting/name.js": "module.exports = 'first';",
    "nodejs/node_modules/greeting/place.js": "module.exports = 'here';",
    "bin/tell!": "#!/bin/sh\necho told by first",
  });
  const second = await publish("second", {
    "nodejs/node_modules/greeting/name.js": "module.exports = 'second';",
    "data/one.txt": "1",
  });
  expect([first, second]).toEqual([`${arn}:first:1`, `${arn}:second:1`]);
  const files = {
    "index.js": `
      const { execFileSync } = require("node:child_process");
      const { readdirSync } = require("node:fs");
      const { text } = require("greeting");
      exports.handler = async () => [text, String(execFileSync("tell")).trim(), readdirSync(process.env.TRIPLINE_OPT).sort()];`,
  };
  await create("layered", "nodejs20.x", files, [first, second]);
  const merged = ["second of here", "told by first", ["bin", "data", "nodejs"]];
  expect(await invoke("layered")).toEqual(merged);
  await lambda.send(new DeleteLayerVersionCommand({ LayerName: "first", VersionNumber: 1 }));
  await lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: "layered", Environment: { Variables: { A1: "b" } } }),
  );
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName: "layered" });
  expect(await invoke("layered")).toEqual(merged);
  await expect(create("late", "nodejs20.x", files, [first])).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: `Layer version ${first} does not exist.`,
  });
  await expect(create("late", "nodejs20.x", files, [second, second])).rejects.toMatchObject({
    message: `Two different versions of the same layer are not allowed to be referenced in the same function. ${second} and ${second} are versions of the same layer.`,
  });
});

const hasCurl = spawnSync("curl", ["--version"]).status === 0;
it.runIf(hasCurl)("a layer's bootstrap runs a function of provided.al2023", async () => {
  const layer = await publish("runtime", {
    "bootstrap!": `#!/bin/sh
set -eu
base="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  headers=$(mktemp)
  curl -sS -o /dev/null -D "$headers" "$base/next"
  id=$(grep -i Lambda-Runtime-Aws-Request-Id "$headers" | tr -d '[:space:]' | cut -d: -f2)
  curl -sS -o /dev/null -d '"from the layer"' "$base/$id/response"
done`,
  });
  await create("provided", "provided.al2023", { "handler.txt": "x" }, [layer]);
  expect(await invoke("provided")).toBe("from the layer");
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
it.runIf(hasPython)("a python function imports from a layer's python and site-packages folders", async () => {
  const layer = await publish("packages", {
    "python/plain.py": "value = 'plain'",
    "python/lib/python3.12/site-packages/packaged.py": "value = 'packaged'",
  });
  await create(
    "snake",
    "python3.12",
    { "index.py": "import plain, packaged\ndef handler(event, context):\n    return [plain.value, packaged.value]\n" },
    [layer],
  );
  expect(await invoke("snake")).toEqual(["plain", "packaged"]);
});

it("layer versions are listed, newest first, found by ARN, and have a policy; numbers are not used again", async () => {
  await publish("many", { a: "1" });
  const second = await publish("many", { a: "2" });
  await lambda.send(new DeleteLayerVersionCommand({ LayerName: "many", VersionNumber: 1 }));
  expect(await publish("many", { a: "1" })).toBe(`${arn}:many:3`);
  const { LayerVersions } = await lambda.send(new ListLayerVersionsCommand({ LayerName: "many" }));
  expect(LayerVersions?.map((one) => one.Version)).toEqual([3, 2]);
  const { Layers } = await lambda.send(new ListLayersCommand({ CompatibleRuntime: "nodejs20.x" }));
  expect(Layers?.find((one) => one.LayerName === "many")?.LatestMatchingVersion?.Version).toBe(3);
  const found = await lambda.send(new GetLayerVersionByArnCommand({ Arn: second }));
  expect([found.LayerArn, found.Version]).toEqual([`${arn}:many`, 2]);
  const download = await fetch(found.Content?.Location ?? "");
  expect((await download.arrayBuffer()).byteLength).toBe(found.Content?.CodeSize);
  await lambda.send(
    new AddLayerVersionPermissionCommand({
      LayerName: "many",
      VersionNumber: 2,
      StatementId: "s1",
      Action: "lambda:GetLayerVersion",
      Principal: "*",
    }),
  );
  const { Policy } = await lambda.send(new GetLayerVersionPolicyCommand({ LayerName: "many", VersionNumber: 2 }));
  expect(JSON.parse(Policy ?? "")).toEqual({
    Version: "2012-10-17",
    Id: "default",
    Statement: [{ Sid: "s1", Effect: "Allow", Principal: "*", Action: "lambda:GetLayerVersion", Resource: second }],
  });
});
