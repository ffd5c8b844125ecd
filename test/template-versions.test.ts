/** Versions, aliases and layers of a template, and the template applied again. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSimulator, type Simulator } from "tripline";
import { afterEach, beforeEach, expect, it } from "vitest";
import { call } from "./support/call.ts";
import { temporaryFolder } from "./support/tripline-process.ts";
import { toZip } from "./support/zip.ts";

const template = `
Resources:
  Shared: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layer/ } }
  Greet:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs20.x
      Handler: index.handler
      CodeUri: greet/
      Layers: [!Ref Shared]
      AutoPublishAlias: live
      Tags: { team: a }
      Events:
        Work: { Type: SQS, Properties: { Queue: !GetAtt Work.Arn } }
  Packed: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs20.x, Handler: index.handler, CodeUri: packed.zip } }
  Work: { Type: AWS::SQS::Queue }
Outputs:
  Layer: { Value: !Ref Shared }
  Alias: { Value: !Ref Greet.Alias }
  Version: { Value: !Ref Greet.Version }
`;
const arn = "arn:aws:lambda:us-east-1:000000000000";
let folder: string;
let remove: () => void;

const write = (path: string, content: string | Buffer): void => {
  writeFileSync(join(folder, path), content);
};
const start = (): Promise<Simulator> =>
  createSimulator({
    template: join(folder, "template.yaml"),
    dataDir: join(folder, "data"),
    clock: "virtual",
    listen: false,
  });

beforeEach(async () => {
  ({ folder, remove } = temporaryFolder());
  mkdirSync(join(folder, "layer/nodejs/node_modules/words"), { recursive: true });
  mkdirSync(join(folder, "greet"));
  write("template.yaml", template);
  write("layer/nodejs/node_modules/words/index.js", "exports.hello = 'hello';");
  write(
    "greet/index.js",
    "const { hello } = require('words'); exports.handler = async () => [hello, process.env.AWS_LAMBDA_FUNCTION_VERSION];",
  );
  write("packed.zip", await toZip({ "index.js": "exports.handler = async () => 'packed';" }));
});
afterEach(() => {
  remove();
});

const outputs = (simulator: Simulator): unknown[] => simulator.plan?.outputs.map((one) => one.value) ?? [];

it("events call the published alias; what was made is in the outputs; a second start publishes what has changed", async () => {
  const first = await start();
  expect(outputs(first)).toEqual([`${arn}:layer:Shared:1`, `${arn}:function:Greet:live`, `${arn}:function:Greet:1`]);
  expect([await first.invoke("Greet"), await first.invoke("Greet:live"), await first.invoke("Packed")]).toMatchObject([
    { payload: ["hello", "$LATEST"] },
    { payload: ["hello", "1"] },
    { payload: "packed" },
  ]);
  await first.sqs.sendMessage({ queue: "Work", body: "x" });
  await first.clock.advance(1000);
  expect(first.invocations({ functionName: "Greet" }).at(-1)).toMatchObject({ source: "sqs", executedVersion: "1" });
  expect(await call(first, "lambda", "ListTags", { Resource: `${arn}:function:Greet` })).toEqual({
    Tags: { team: "a" },
  });
  await first.stop();

  const same = await start();
  expect(outputs(same)).toEqual(outputs(first));
  await same.stop();

  write("layer/nodejs/node_modules/words/index.js", "exports.hello = 'good day';");
  const changed = await start();
  expect(outputs(changed)).toEqual([`${arn}:layer:Shared:2`, `${arn}:function:Greet:live`, `${arn}:function:Greet:2`]);
  expect([await changed.invoke("Greet:live"), await changed.invoke("Greet:1")]).toMatchObject([
    { payload: ["good day", "2"] },
    { payload: ["hello", "1"] },
  ]);
  await changed.stop();
});

it("what names a version is replaced where the template publishes another", async () => {
  write(
    "template.yaml",
    `
Resources:
  Greet: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs20.x, Handler: index.handler, CodeUri: greet/ } }
  First: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref Greet } }
  Work: { Type: AWS::SQS::Queue }
  Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Work.Arn, FunctionName: !Ref First } }
`,
  );
  const targets = async (simulator: Simulator): Promise<unknown> => {
    const { EventSourceMappings } = (await call(simulator, "lambda", "ListEventSourceMappings", {})) as {
      EventSourceMappings: { FunctionArn: string; State: string }[];
    };
    return EventSourceMappings.filter((one) => one.State !== "Deleting").map((one) => one.FunctionArn);
  };
  const first = await start();
  expect(await targets(first)).toEqual([`${arn}:function:Greet:1`]);
  await first.stop();
  write("greet/index.js", "exports.handler = async () => 2;");
  const second = await start();
  await second.clock.advance(60_000);
  expect(await targets(second)).toEqual([`${arn}:function:Greet:2`]);
  await second.stop();
});
