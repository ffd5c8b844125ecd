import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createTestLogs, startMs, type TestLogs } from "./testing/test-logs.ts";

const opened: TestLogs[] = [];
const open = async (options: Parameters<typeof createTestLogs>[0] = {}): Promise<TestLogs> => {
  const logs = await createTestLogs(options);
  opened.push(logs);
  return logs;
};
afterEach(async () => {
  for (const logs of opened.splice(0)) await logs.stop();
});
const messages = async (logs: TestLogs, logGroupName = "/aws/lambda/f"): Promise<string[]> =>
  (await logs.call<{ events: { message: string }[] }>("FilterLogEvents", { logGroupName })).events.map(
    (one) => one.message,
  );

it("a function's first line makes its group and its stream, and a read sees every line before it", async () => {
  const logs = await open();
  logs.log("START", { stream: "2026/03/01/[$LATEST]a" });
  logs.log("hello", { stream: "2026/03/01/[$LATEST]a" });
  logs.log("START", { stream: "2026/03/01/[$LATEST]b" });
  expect(await messages(logs)).toEqual(["START\n", "hello\n", "START\n"]);
  expect(await logs.call("DescribeLogStreams", { logGroupName: "/aws/lambda/f" })).toEqual({
    logStreams: ["a", "b"].map((id) => ({
      logStreamName: `2026/03/01/[$LATEST]${id}`,
      creationTime: startMs,
      firstEventTimestamp: startMs,
      lastEventTimestamp: startMs,
      lastIngestionTime: startMs,
      arn: `arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:log-stream:2026/03/01/[$LATEST]${id}`,
      storedBytes: 0,
    })),
  });
});

it("a group that was deleted is made again by the next line", async () => {
  const logs = await open();
  logs.log("one");
  await logs.call("PutRetentionPolicy", { logGroupName: "/aws/lambda/f", retentionInDays: 1 }).catch(() => undefined);
  await logs.call("DeleteLogGroup", { logGroupName: "/aws/lambda/f" });
  expect(await logs.errorOf("FilterLogEvents", { logGroupName: "/aws/lambda/f" })).toBe(
    "ResourceNotFoundException: The specified log group does not exist.",
  );
  logs.log("two");
  await logs.call("DescribeLogGroups", {});
  expect(await messages(logs)).toEqual(["two\n"]);
});

it("what was logged is there after a stop and a start", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "tripline-logs-"));
  const first = await createTestLogs({ dataDir });
  first.log("before");
  await first.call("CreateLogGroup", { logGroupName: "own", tags: { a: "b" } });
  first.log("last");
  await first.stop();
  const logs = await open({ dataDir });
  logs.log("after");
  expect(await messages(logs)).toEqual(["before\n", "last\n", "after\n"]);
  expect(await logs.call("ListTagsLogGroup", { logGroupName: "own" })).toEqual({ tags: { a: "b" } });
  rmSync(dataDir, { recursive: true });
});

it("what is beyond the bound goes, the oldest first", async () => {
  const logs = await open({ keptBytesMax: 10_000 });
  const line = "x".repeat(1000);
  for (let index = 0; index < 20; index++) {
    logs.log(`${index} ${line}`, { stream: `s${index}` });
    await logs.call("DescribeLogGroups", {});
  }
  const kept = (await messages(logs)).map((message) => Number(message.split(" ")[0]));
  expect(kept.at(-1)).toBe(19);
  expect(kept.length).toBeLessThanOrEqual(9);
  expect(kept).toEqual(Array.from(kept.keys(), (index) => 20 - kept.length + index));
});

it("events expire on the clock, and are gone when something is written", async () => {
  const logs = await open();
  const logGroupName = "/aws/lambda/f";
  logs.log("old", { stream: "o" });
  await logs.call("DescribeLogGroups", {});
  await logs.call("PutRetentionPolicy", { logGroupName, retentionInDays: 1 });
  await logs.clock.advance(23 * 3_600_000);
  logs.log("new");
  expect(await messages(logs)).toEqual(["old\n", "new\n"]);
  await logs.clock.advance(3_600_001);
  expect(await messages(logs)).toEqual(["new\n"]);
  logs.log("newer");
  expect(await messages(logs)).toEqual(["new\n", "newer\n"]);
  await logs.call("DeleteRetentionPolicy", { logGroupName });
  expect(await messages(logs)).toEqual(["new\n", "newer\n"]);
});

it("lines that cannot be written are told of once, and the next read answers", async () => {
  const logs = await open();
  const notices: string[] = [];
  logs.bus.on("notice", (notice) => notices.push(notice.message));
  logs.database.connection.exec("ALTER TABLE log_chunks RENAME TO hidden");
  logs.log("lost");
  await logs.call("DescribeLogGroups", {}).catch(() => undefined);
  expect(notices).toEqual([expect.stringContaining("Lines of logs could not be kept")]);
  logs.database.connection.exec("ALTER TABLE hidden RENAME TO log_chunks");
  logs.log("kept");
  expect(await messages(logs)).toEqual(["kept\n"]);
});
