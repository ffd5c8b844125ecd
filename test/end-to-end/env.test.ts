/** `eval "$(tripline env)"` in a shell of its own, then clients that nobody here wrote. */
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyApp, root, RunningTripline, runTripline, temporaryFolder } from "../support/tripline-process.ts";

const run = promisify(execFile);
const cli = join(root, "packages/cli/bin/tripline.mjs");
let app: { folder: string; remove: () => void };
let running: RunningTripline;

beforeAll(async () => {
  app = copyApp("test/apps/counter");
  const args = [app.folder, "--ephemeral", "--parameter", `RecordFile=${join(app.folder, "../record")}`];
  running = await RunningTripline.start(args);
});
afterAll(async () => {
  await running.interrupt();
  app.remove();
});

/** What `command` prints in the application's folder, after `eval "$(tripline env)"` in a shell that was set up for a real account. */
async function inShell(command: string): Promise<string> {
  const { AWS_ENDPOINT_URL: _, ...environment } = process.env;
  const script = `eval "$('${process.execPath}' '${cli}' env)"\n${command}`;
  const real = { AWS_PROFILE: "production", AWS_REGION: "eu-west-1", AWS_SESSION_TOKEN: "real" };
  return (await run("sh", ["-euc", script], { cwd: app.folder, env: { ...environment, ...real, AWS_PAGER: "" } }))
    .stdout;
}

describe("tripline env", () => {
  it('leads the AWS SDK for JavaScript to the simulator of the folder: eval "$(tripline env)"', async () => {
    const script = `const { SQSClient, ListQueuesCommand } = await import("@aws-sdk/client-sqs");
      console.log((await new SQSClient({}).send(new ListQueuesCommand({}))).QueueUrls[0]);`;
    expect(await inShell(`'${process.execPath}' --no-warnings --input-type=module -e '${script}'`)).toBe(
      `${running.ready.endpoint}/000000000000/Work\n`,
    );
  });

  const hasAwsCli = spawnSync("aws", ["--version"]).status === 0;
  it.runIf(hasAwsCli)(`leads the AWS CLI there${hasAwsCli ? "" : " (skipped: aws is not installed)"}`, async () => {
    await inShell("printf cli > cli.txt; aws s3api put-object --bucket app-inbox --key cli.txt --body cli.txt");
    // Version 1 sends SQS to AWS, whatever the variable says (docs/clients.md).
    const sqs =
      'aws --endpoint-url "$AWS_ENDPOINT_URL" sqs get-queue-url --queue-name Work --query QueueUrl --output text';
    expect(await inShell(sqs)).toBe(`${running.ready.endpoint}/000000000000/Work\n`);
    await running.until("the object of the CLI", (seen) => seen.some((one) => one.function === "Listener"));
  });

  it("--json prints the variables, --unset what takes them back, --shell another shell's words", async () => {
    const variables = {
      AWS_ENDPOINT_URL: running.ready.endpoint,
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
    const print = async (...args: string[]): Promise<string> =>
      (await runTripline(["env", ...args], { cwd: app.folder })).stdout;
    expect(JSON.parse(await print("--json"))).toEqual(variables);
    expect((await print("--unset")).split("\n").slice(0, -1)).toEqual(
      Object.keys(variables).map((name) => `unset ${name}`),
    );
    expect(await print("--shell", "fish")).toContain(`set -gx AWS_ENDPOINT_URL '${running.ready.endpoint}'\n`);
    expect((await runTripline(["env", "--shell", "tcl"])).code).toBe(2);
  });

  it("prints the default address where no simulator of the folder runs, and says so", async () => {
    const { folder, remove } = temporaryFolder();
    const { code, stdout, stderr } = await runTripline(["env", "--json"], { cwd: folder });
    remove();
    expect([code, JSON.parse(stdout), stderr]).toEqual([
      0,
      expect.objectContaining({ AWS_ENDPOINT_URL: "http://127.0.0.1:4566" }),
      expect.stringContaining("is running: this is the default address"),
    ]);
  });
});
