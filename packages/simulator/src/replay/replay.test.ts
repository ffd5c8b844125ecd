import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSimulator } from "../create-simulator.ts";
import type { Simulator } from "../simulator.ts";
import { type Pace, replay } from "./replay.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tripline-test-"));
  writeFileSync(join(folder, "index.mjs"), "export const handler = async () => undefined;");
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const openSimulator = (): Promise<Simulator> =>
  createSimulator({
    folder,
    clock: "virtual",
    isolation: "inline",
    listen: false,
    runSchedules: false,
    resources: {
      Inbox: { Type: "AWS::S3::Bucket", Properties: { BucketName: "inbox" } },
      Listen: {
        Type: "AWS::Serverless::Function",
        Properties: {
          Runtime: "nodejs20.x",
          Handler: "index.handler",
          CodeUri: ".",
          Events: { Files: { Type: "S3", Properties: { Bucket: { Ref: "Inbox" }, Events: "s3:ObjectCreated:*" } } },
        },
      },
    },
  });

/** Recorded out of order: `late` came 90 s after `early`. */
const fixtures = [
  ["late", "2026-01-01T00:01:30.000Z"],
  ["early", "2026-01-01T00:00:00.000Z"],
].map(([key = "", eventTime]) => ({
  name: key,
  event: {
    Records: [
      {
        eventSource: "aws:s3",
        eventName: "ObjectCreated:Put",
        eventTime,
        s3: { bucket: { name: "inbox" }, object: { key } },
      },
    ],
  },
}));

describe("replay", () => {
  it.each<[string, Pace, [string, number][]]>([
    [
      "recorded: in the recorded order, with the recorded gaps",
      "recorded",
      [
        ["early", 0],
        ["late", 90_000],
      ],
    ],
    [
      "N/s: in the order of the fixtures, so many a second",
      { perSecond: 4 },
      [
        ["late", 0],
        ["early", 250],
      ],
    ],
    [
      "max: at once",
      "max",
      [
        ["late", 0],
        ["early", 0],
      ],
    ],
  ])("pace %s", async (_, pace, expected) => {
    await using simulator = await openSimulator();
    const beginMs = simulator.clock.now();
    const report = await replay({ simulator, fixtures, pace });
    const ran = simulator.invocations().map((one) => {
      const { Records } = JSON.parse(Buffer.from(one.payload).toString()) as {
        Records: [{ s3: { object: { key: string } } }];
      };
      return [Records[0].s3.object.key, one.startedAtMs - beginMs];
    });
    expect(ran).toEqual(expected);
    expect(report).toMatchObject({ events: 2, deliveries: 2, invocations: 2, retries: 0, failures: 0, failed: [] });
  });
});
