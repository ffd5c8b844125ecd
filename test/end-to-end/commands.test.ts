import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyApp, RunningTripline, root, runTripline, temporaryFolder } from "../support/tripline-process.ts";

let app: { folder: string; remove: () => void };
let shop: string;
let counter: string[];

beforeAll(() => {
  app = copyApp("test/apps/counter");
  shop = join(root, "fixtures/apps/shop");
  counter = ["--template", app.folder, "--parameter", `RecordFile=${join(app.folder, "../record")}`];
});
afterAll(() => {
  app.remove();
});

const json = (text: string): unknown => JSON.parse(text);
const jsonLines = (text: string): unknown[] =>
  text
    .trim()
    .split("\n")
    .map((line) => json(line));

describe("tripline", () => {
  it("--help names every command, --version prints a version", async () => {
    const help = await runTripline(["--help"]);
    for (const name of ["start", "invoke", "replay", "schedules", "status", "logs"])
      expect(help.stdout).toContain(`  ${name} `);
    expect(help.code).toBe(0);
    expect((await runTripline(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("suggests what was meant for an unknown command, option and function, with exit code 2", async () => {
    const command = await runTripline(["strat"]);
    expect([command.code, command.stderr]).toEqual([2, expect.stringContaining("Did you mean start?")]);
    const option = await runTripline(["start", "--prot", "1"]);
    expect([option.code, option.stderr]).toEqual([2, expect.stringContaining("Did you mean --port?")]);
    const unknown = await runTripline(["invoke", "Listner", ...counter]);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Did you mean "Listener"?')]);
  });
});

it("ends quietly when whoever reads its output has seen enough", async () => {
  const child = spawn(
    process.execPath,
    [join(root, "packages/cli/bin/tripline.mjs"), "schedules", "next", "-n", "20000", "--template", shop],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.once("data", () => child.stdout.destroy());
  const [code] = (await once(child, "close")) as [number | null];
  expect([code, stderr]).toEqual([0, ""]);
});

describe("tripline invoke", () => {
  it("prints the result on standard output and the log on standard error", async () => {
    const { code, stdout, stderr } = await runTripline([
      "invoke",
      "ImportCatalog",
      "--payload",
      '{"Records":[]}',
      "--template",
      shop,
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "[]\n" });
    expect(stderr).toMatch(/REPORT RequestId: [0-9a-f-]{36}\tDuration: /);
  });

  it("says once that another version of the runtime runs the function, or that none can", async () => {
    const { folder, remove } = temporaryFolder();
    const functions = [
      ["Old", "nodejs16.x"],
      ["Ruby", "ruby3.4"],
    ];
    const resources = functions.map(
      ([name, runtime]) =>
        `  ${name}: { Type: AWS::Serverless::Function, Properties: { CodeUri: ., Handler: index.handler, Runtime: ${runtime} } }\n`,
    );
    writeFileSync(
      join(folder, "template.yaml"),
      `Transform: AWS::Serverless-2016-10-31\nResources:\n${resources.join("")}`,
    );
    writeFileSync(join(folder, "index.mjs"), "export const handler = async () => 1;");
    try {
      const old = await runTripline(["invoke", "Old", "--template", folder]);
      expect([old.code, old.stdout, old.stderr.match(/^note .*$/gm)]).toEqual([
        0,
        "1\n",
        [`note Old: nodejs16.x runs on Node.js ${process.versions.node}`],
      ]);
      const ruby = await runTripline(["invoke", "Ruby", "--template", folder]);
      expect([ruby.code, ruby.stdout, ruby.stderr]).toEqual([
        2,
        "",
        expect.stringMatching(/InvalidRuntimeException: ruby3\.4 cannot be run: /),
      ]);
    } finally {
      remove();
    }
  });

  it("exits with 1 when the function fails, and prints its error", async () => {
    const { code, stdout } = await runTripline(["invoke", "Broken", ...counter]);
    expect(code).toBe(1);
    expect(json(stdout)).toMatchObject({ errorType: "TypeError", errorMessage: "broken on purpose" });
  });

  it("reads the event from standard input", async () => {
    const { code, stdout } = await runTripline(
      ["invoke", "ImportCatalog", "--event", "-", "--template", shop, "--json"],
      { input: '{"Records":[]}' },
    );
    expect([code, json(stdout)]).toEqual([
      0,
      { requestId: expect.any(String) as string, status: "success", payload: [] },
    ]);
  });

  it("exits with 2 for an event that is no JSON, is not there, or is given twice", async () => {
    const none = await runTripline(["invoke", "Report", "--event", "nowhere.json", "--template", shop]);
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringContaining("The event cannot be read from nowhere.json"),
    ]);
    const bad = await runTripline(["invoke", "Report", "--payload", "{", "--template", shop]);
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining("The event in --payload is no JSON")]);
    const twice = await runTripline(["invoke", "Report", "--payload", "{}", "--event", "-", "--template", shop]);
    expect([twice.code, twice.stderr]).toEqual([2, "error: --event and --payload exclude each other.\n"]);
  });

  it("calls the running simulator of the folder, where status and logs see it", async () => {
    const record = join(app.folder, "../record-running");
    const running = await RunningTripline.start([app.folder, "--ephemeral", "--parameter", `RecordFile=${record}`]);
    try {
      const { code } = await runTripline(["invoke", "Listener", "--payload", '{"number":7}'], { cwd: app.folder });
      expect(code).toBe(0);
      expect(running.invocations).toMatchObject([{ function: "Listener", source: "lambda", status: "success" }]);
      const queued = await runTripline(["invoke", "Listener", "--async", "--payload", '{"number":8}'], {
        cwd: app.folder,
      });
      expect([queued.code, queued.stderr]).toEqual([0, expect.stringMatching(/^queued as [0-9a-f-]{36}\n$/)]);
      await running.until("the queued event", (seen) => seen.length === 2);
      const status = await runTripline(["status", "--json"], { cwd: app.folder });
      expect(json(status.stdout)).toMatchObject({
        functions: [{ name: "Broken" }, { name: "Listener", invocations: 2, errors: 0 }, { name: "Worker" }],
      });
      const logs = await runTripline(["logs", "Listener"], { cwd: app.folder });
      expect(logs.stdout.match(/START RequestId/g)).toHaveLength(2);
    } finally {
      await running.interrupt();
    }
    const gone = await runTripline(["status"], { cwd: app.folder });
    expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining("Start one with: tripline start")]);
  });
});

describe("tripline replay", () => {
  it("sends recorded events through their triggers and reports them", async () => {
    const events = join(root, "fixtures/events");
    const { code, stdout } = await runTripline([
      "replay",
      join(events, "sqs/standard-batch.json"),
      join(events, "apigateway/http-2.0.json"),
      "--template",
      shop,
      "--json",
    ]);
    expect(json(stdout)).toEqual({
      events: 2,
      deliveries: 6, // the order that the HTTP event places is delivered too, and the change of the orders table that each makes
      invocations: expect.any(Number) as number,
      retries: 0,
      failures: 0,
      throughput: expect.any(Number) as number,
      p50: expect.any(Number) as number,
      p99: expect.any(Number) as number,
    });
    expect(code).toBe(0);
  });

  it("retries on virtual time, and exits with 1 when an event ends in failure", async () => {
    const { code, stdout } = await runTripline([
      "replay",
      join(root, "fixtures/events/s3/object-created-put.json"),
      "--template",
      shop,
      "--json",
    ]);
    // The object of the recorded event is not there: the import fails, is retried after one and after two more minutes, and gives up.
    expect(json(stdout)).toMatchObject({ events: 1, deliveries: 1, invocations: 3, retries: 2, failures: 1 });
    expect(code).toBe(1);
  });

  it("names an event that matches nothing", async () => {
    for (const args of [[], ["--json"], ["--direct"]]) {
      const { code, stderr } = await runTripline([
        "replay",
        join(root, "fixtures/events/kinesis"),
        "--template",
        shop,
        ...args,
      ]);
      expect([code, stderr]).toEqual([1, expect.stringContaining("kinesis/records.json: it matches nothing")]);
    }
  });

  it("--map renames what was recorded elsewhere", async () => {
    const { folder, remove } = temporaryFolder();
    try {
      writeFileSync(
        join(folder, "a.jsonl"),
        [1, 2]
          .map((n) =>
            JSON.stringify({
              Records: [
                {
                  eventSource: "aws:sqs",
                  eventSourceARN: "arn:aws:sqs:eu-west-1:1:prod-work",
                  body: `m${n}`,
                  attributes: {},
                  messageAttributes: {},
                },
              ],
            }),
          )
          .join("\n"),
      );
      const args = ["replay", join(folder, "*.jsonl"), "--json", ...counter];
      expect((await runTripline(args)).code).toBe(1);
      const mapped = await runTripline([...args, "--map", "prod-work=Work"]);
      expect([mapped.code, json(mapped.stdout)]).toMatchObject([0, { events: 2, deliveries: 2, failures: 0 }]);
    } finally {
      remove();
    }
  });

  it("--direct hands each event to the function as it is", async () => {
    const { code, stdout } = await runTripline([
      "replay",
      join(root, "fixtures/events"),
      "--function",
      "Report",
      "--direct",
      "--template",
      shop,
      "--json",
    ]);
    const report = json(stdout) as { events: number; invocations: number };
    expect(report.invocations).toBe(report.events);
    expect(code).toBe(0);
  });

  it("--direct without --function calls the functions whose triggers match, once and without retries", async () => {
    const { code, stdout } = await runTripline([
      "replay",
      join(root, "fixtures/events/s3/object-created-put.json"),
      join(root, "fixtures/events/schedule/rule.json"),
      "--direct",
      "--template",
      shop,
      "--json",
    ]);
    expect(json(stdout)).toMatchObject({ deliveries: 0, invocations: 2, retries: 0, failures: 1 }); // the object is not there
    expect(code).toBe(1);
  });

  it("exits with 2 for a file that is no event", async () => {
    const { folder, remove } = temporaryFolder();
    try {
      writeFileSync(join(folder, "bad.json"), '{"Records": [');
      const { code, stderr } = await runTripline(["replay", folder, "--template", shop]);
      expect([code, stderr]).toEqual([2, expect.stringContaining("SIM_FIXTURE_INVALID")]);
      expect((await runTripline(["replay", join(folder, "none.json"), "--template", shop])).code).toBe(2);
    } finally {
      remove();
    }
  });
});

describe("tripline schedules", () => {
  it("list shows what there is, next the next firings", async () => {
    const list = await runTripline(["schedules", "list", "--template", shop, "--json"]);
    expect(jsonLines(list.stdout)).toEqual([
      {
        schedule: "nightly-report",
        kind: "rule",
        expression: "cron(0 2 * * ? *)",
        timezone: "UTC",
        state: "ENABLED",
        functions: ["Report"],
        next: expect.stringMatching(/T02:00:00.000Z$/) as string,
      },
    ]);
    const next = await runTripline([
      "schedules",
      "next",
      "-n",
      "2",
      "--from",
      "2026-02-28T12:00:00Z",
      "--template",
      shop,
      "--json",
    ]);
    expect(jsonLines(next.stdout)).toEqual([
      { schedule: "nightly-report", function: "Report", at: "2026-03-01T02:00:00.000Z" },
      { schedule: "nightly-report", function: "Report", at: "2026-03-02T02:00:00.000Z" },
    ]);
  });

  it("run fires them in order on the virtual clock, with the real handlers", async () => {
    const { code, stdout } = await runTripline([
      "schedules",
      "run",
      "--from",
      "2026-03-01",
      "--to",
      "2026-03-08",
      "--template",
      shop,
      "--json",
    ]);
    expect(jsonLines(stdout)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((day) => ({
        schedule: "nightly-report",
        function: "Report",
        at: `2026-03-0${day}T02:00:00.000Z`,
        status: "delivered",
        attempts: 1,
      })),
    );
    expect(code).toBe(0);
  });

  it("run --dry-run invokes nothing", async () => {
    rmSync(join(app.folder, "../record"), { force: true });
    const { code, stdout } = await runTripline([
      "schedules",
      "run",
      "--from",
      "2026-03-01",
      "--to",
      "2026-03-01T04:00:00Z",
      "--dry-run",
      "--json",
      ...counter,
    ]);
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toHaveLength(4);
    expect(existsSync(join(app.folder, "../record"))).toBe(false);
  });

  it("run reports a failing handler after its retries, with exit code 1", async () => {
    const { code, stdout } = await runTripline([
      "schedules",
      "run",
      "--from",
      "2026-03-01T00:00:00Z",
      "--to",
      "2026-03-01T01:30:00Z",
      "--json",
      ...counter,
    ]);
    expect(jsonLines(stdout)).toMatchObject([
      { schedule: "hourly", function: "Broken", status: "failed", attempts: 3 },
    ]);
    expect(code).toBe(1);
  });
});

describe("wrong input to tripline start", () => {
  it("names the process that holds the data directory", async () => {
    const { folder, remove } = temporaryFolder();
    const args = [app.folder, "--data-dir", join(folder, "data"), "--parameter", `RecordFile=${join(folder, "r")}`];
    const running = await RunningTripline.start(args);
    try {
      const second = await runTripline(["start", "--port", "0", ...args]);
      expect([second.code, second.stderr]).toEqual([
        2,
        expect.stringContaining(
          `The data directory is in use by process ${running.child.pid} at ${running.ready.endpoint}`,
        ),
      ]);
    } finally {
      await running.interrupt();
      remove();
    }
  });

  it("names a port that is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, stderr } = await runTripline(["start", shop, "--ephemeral", "--port", String(port)]);
    server.close();
    expect([code, stderr]).toEqual([2, expect.stringContaining("SIM_PORT_IN_USE")]);
    expect(stderr).toContain(String(port));
  });

  it("says file and line of a broken template, and leaves no data directory", async () => {
    const { folder, remove } = temporaryFolder();
    try {
      mkdirSync(join(folder, "app"));
      writeFileSync(
        join(folder, "app/template.yaml"),
        "Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: !Ref Nmae\nParameters:\n  Name: { Type: String, Default: x }\n",
      );
      const { code, stderr } = await runTripline(["start", join(folder, "app"), "--port", "0"]);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/SIM_TEMPLATE_REFERENCE[^]*template\.yaml:5[^]*Name/)]);
      expect(existsSync(join(folder, "app/.tripline"))).toBe(false);
      expect((await runTripline(["start", join(folder, "nowhere"), "--port", "0"])).stderr).toContain(
        "SIM_TEMPLATE_NOT_FOUND",
      );
    } finally {
      remove();
    }
  });

  it("refuses wrong values of options with exit code 2", async () => {
    for (const args of [
      ["--port", "x"],
      ["--clock", "fast"],
      ["--isolation", "none"],
      ["--drop", "nofolder"],
      ["--parameter", "x"],
      ["--ephemeral", "--data-dir", "x"],
    ]) {
      expect([args, (await runTripline(["start", shop, ...args])).code]).toEqual([args, 2]);
    }
    const bucket = await runTripline(["start", shop, "--ephemeral", "--port", "0", "--drop", "Uplods=./x"]);
    expect([bucket.code, bucket.stderr]).toEqual([2, expect.stringContaining('Did you mean "Uploads"?')]);
  });
});
