/** CloudWatch Logs as clients meet it: the AWS SDK for JavaScript, and the AWS CLI and boto3 where they are installed. */
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListLogGroupsCommand,
  ListTagsForResourceCommand,
  paginateFilterLogEvents,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
  StartLiveTailCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
let simulator: Simulator;
let logs: CloudWatchLogsClient;
let lambda: LambdaClient;
let environment: NodeJS.ProcessEnv;

const source = `exports.handler = async (event) => {
  console.log("hello", event.name);
  console.debug("details");
  process.stdout.write("raw line\\n");
  if (event.fail) throw new TypeError("no");
  return process.env.AWS_LAMBDA_LOG_GROUP_NAME + " " + process.env.AWS_LAMBDA_LOG_STREAM_NAME;
};`;
const functionOf = (more: object): object => ({
  Type: "AWS::Serverless::Function",
  Properties: { Runtime: "nodejs20.x", Handler: "index.handler", InlineCode: source, ...more },
});

beforeAll(async () => {
  simulator = await createSimulator({
    resources: {
      Plain: functionOf({}),
      Shared: {
        Type: "AWS::Logs::LogGroup",
        Properties: { LogGroupName: "/shop/shared", RetentionInDays: 14, Tags: [{ Key: "team", Value: "shop" }] },
      },
      Json: functionOf({
        LoggingConfig: {
          LogFormat: "JSON",
          ApplicationLogLevel: "INFO",
          SystemLogLevel: "WARN",
          LogGroup: { Ref: "Shared" },
        },
      }),
    },
  });
  const endpoint = simulator.endpoint ?? "";
  const options = { endpoint, region: "us-east-1", credentials: { accessKeyId: "any", secretAccessKey: "thing" } };
  // StartLiveTail's host would be stream-127.0.0.1, which is nobody.
  logs = new CloudWatchLogsClient({ ...options, disableHostPrefix: true });
  lambda = new LambdaClient(options);
  environment = {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "any",
    AWS_SECRET_ACCESS_KEY: "thing",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_PAGER: "",
  };
});
afterAll(async () => {
  logs.destroy();
  lambda.destroy();
  await simulator.stop();
});

const invoke = async (FunctionName: string, event: object): Promise<{ requestId: string; answer: string }> => {
  const output = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
  return { requestId: output.$metadata.requestId ?? "", answer: output.Payload?.transformToString() ?? "" };
};

describe("a function's output", () => {
  it("is in Lambda's group and stream, with Lambda's own lines", async () => {
    const { requestId, answer } = await invoke("Plain", { name: "ada" });
    const [logGroupName, logStreamName] = (JSON.parse(answer) as string).split(" ");
    expect(logGroupName).toBe("/aws/lambda/Plain");
    expect(logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
    expect(logStreams?.map((one) => one.logStreamName)).toEqual([logStreamName]);
    const { events } = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }));
    expect(events?.map((one) => one.message)).toEqual([
      expect.stringMatching(
        /^INIT_START Runtime Version: nodejs:20\.v1\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:0+\n$/,
      ),
      `START RequestId: ${requestId} Version: $LATEST\n`,
      expect.stringMatching(new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\t${requestId}\tINFO\thello ada\n$`)),
      expect.stringMatching(/\tDEBUG\tdetails\n$/),
      "raw line\n",
      `END RequestId: ${requestId}\n`,
      expect.stringMatching(
        new RegExp(
          `^REPORT RequestId: ${requestId}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\tMax Memory Used: \\d+ MB\tInit Duration: [\\d.]+ ms\t\n$`,
        ),
      ),
    ]);
  });

  it("goes as JSON, by level, to the group that LoggingConfig names", async () => {
    const { answer } = await invoke("Json", { name: "ada" });
    const [logGroupName, logStreamName] = (JSON.parse(answer) as string).split(" ");
    expect(logGroupName).toBe("/shop/shared");
    expect(logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/Json\[\$LATEST\][0-9a-f]{32}$/);
    const failed = await invoke("Json", { name: "bob", fail: true });
    const { events } = await logs.send(
      new FilterLogEventsCommand({ logGroupName, logStreamNamePrefix: logStreamName }),
    );
    const lines = events?.map((one) => one.message ?? "").filter((line) => line.startsWith("{")) ?? [];
    const shown = lines.map((line) => {
      const { level, type, message, errorType } = JSON.parse(line) as Record<string, unknown>;
      return [type ?? level, message ?? errorType];
    });
    expect(shown).toEqual([
      ["INFO", "hello ada"],
      ["INFO", "hello bob"],
      ["ERROR", expect.anything()],
      ["platform.runtimeDone", undefined],
      ["platform.report", undefined],
    ]);
    const found = await logs.send(
      new FilterLogEventsCommand({ logGroupName, filterPattern: `{ $.record.requestId = "${failed.requestId}" }` }),
    );
    expect(found.events?.length).toBe(2);
  });

  it("is found by pattern, page by page", async () => {
    await invoke("Plain", { name: "one" });
    await invoke("Plain", { name: "two" });
    const messages: string[] = [];
    const pages = paginateFilterLogEvents(
      { client: logs },
      { logGroupName: "/aws/lambda/Plain", filterPattern: '?"hello one" ?"hello two"', limit: 1 },
    );
    for await (const page of pages)
      messages.push(...(page.events?.map((one) => one.message?.split("\t")[3] ?? "") ?? []));
    expect(messages).toEqual(["hello one\n", "hello two\n"]);
  });

  it("is tailed live", async () => {
    await invoke("Plain", { name: "ada" }); // the group is there
    const arn = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/Plain";
    const { responseStream } = await logs.send(
      new StartLiveTailCommand({ logGroupIdentifiers: [arn], logEventFilterPattern: "hello" }),
    );
    const messages: (string | undefined)[] = [];
    for await (const event of responseStream ?? []) {
      if (event.sessionStart !== undefined) {
        expect(event.sessionStart.logGroupIdentifiers).toEqual([arn]);
        await invoke("Plain", { name: "live" });
      }
      messages.push(...(event.sessionUpdate?.sessionResults?.map((one) => one.message?.split("\t")[3]) ?? []));
      if (messages.length > 0) break;
    }
    expect(messages).toEqual(["hello live\n"]);
  });
});

describe("groups of the template and of clients", () => {
  it("AWS::Logs::LogGroup has its retention and tags", async () => {
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/shop" }));
    expect(logGroups?.map((one) => [one.logGroupName, one.retentionInDays])).toEqual([["/shop/shared", 14]]);
    const resourceArn = logGroups?.[0]?.logGroupArn;
    expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ team: "shop" });
  });

  it("events are put and read; what is not simulated is refused by name", async () => {
    const logGroupName = "own";
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "s" }));
    const timestamp = simulator.clock.now();
    const put = await logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName: "s",
        logEvents: [
          { timestamp: timestamp - 3 * 3_600_000, message: "first é" },
          { timestamp, message: "second" },
          { timestamp: timestamp + 3 * 3_600_000, message: "too new" },
        ],
      }),
    );
    expect(put.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 2 });
    const { events } = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: "s" }));
    expect(events?.map((one) => one.message)).toEqual(["first é", "second"]);
    await expect(
      logs.send(
        new PutSubscriptionFilterCommand({ logGroupName, filterName: "f", filterPattern: "", destinationArn: "arn:x" }),
      ),
    ).rejects.toMatchObject({ name: "NotImplemented", message: expect.stringContaining("PutSubscriptionFilter") });
    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
    const listed = await logs.send(new ListLogGroupsCommand({ logGroupNamePattern: "^own" }));
    expect(listed.logGroups).toEqual([]);
    await expect(logs.send(new DeleteLogGroupCommand({ logGroupName }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "The specified log group does not exist.",
    });
  });
});

const cliVersion = spawnSync("aws", ["--version"]).stdout?.toString() ?? "";
const hasAwsCli = cliVersion.startsWith("aws-cli/");
describe(`the AWS CLI${hasAwsCli ? "" : " (skipped: aws is not installed)"}`, () => {
  const aws = async (...args: string[]): Promise<string> =>
    (await run("aws", ["--endpoint-url", environment["AWS_ENDPOINT_URL"] ?? "", ...args], { env: environment })).stdout;

  it.runIf(hasAwsCli)("filters what a function logged", { timeout: 60_000 }, async () => {
    await invoke("Plain", { name: "cli" });
    const selection = ["--log-group-name", "/aws/lambda/Plain", "--filter-pattern", '"hello cli"'];
    const output = await aws(
      "logs",
      "filter-log-events",
      ...selection,
      "--query",
      "events[].message",
      "--output",
      "text",
    );
    expect(output).toContain("hello cli");
  });

  const hasTail = cliVersion.startsWith("aws-cli/2");
  it.runIf(hasTail)(
    `tails what a function logged${hasTail ? "" : " (skipped: aws logs tail came with version 2)"}`,
    { timeout: 60_000 },
    async () => {
      await invoke("Plain", { name: "tail" });
      expect(await aws("logs", "tail", "/aws/lambda/Plain", "--format", "short")).toContain("hello tail");
    },
  );
});

const hasBoto3 = spawnSync("python3", ["-c", "import boto3"]).status === 0;
describe(`boto3${hasBoto3 ? "" : " (skipped: boto3 is not installed)"}`, () => {
  it.runIf(hasBoto3)("reads events from the head, to the same token", { timeout: 60_000 }, async () => {
    await invoke("Plain", { name: "boto" });
    const script = `
import boto3
logs = boto3.client("logs")
group = "/aws/lambda/Plain"
stream = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True)["logStreams"][0]["logStreamName"]
page = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)
count = len(page["events"])
end = logs.get_log_events(logGroupName=group, logStreamName=stream, nextToken=page["nextForwardToken"], startFromHead=True)
print(count > 0, end["events"], end["nextForwardToken"] == page["nextForwardToken"])
events = [e for p in logs.get_paginator("filter_log_events").paginate(logGroupName=group, filterPattern='"hello boto"') for e in p["events"]]
print(len(events))
`;
    expect((await run("python3", ["-c", script], { env: environment })).stdout).toBe("True [] True\n1\n");
  });
});
