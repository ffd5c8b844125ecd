import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { copyApp, RunningTripline } from "../support/tripline-process.ts";

const client = (endpoint: string): object => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
});

it(
  "kill -9 amid 1,000 messages and 1,000 asynchronous events loses none of what was acknowledged",
  { timeout: 180_000 },
  async () => {
    const app = copyApp("test/apps/counter");
    const record = join(app.folder, "../record");
    const args = [app.folder, "--data-dir", join(app.folder, "../data"), "--parameter", `RecordFile=${record}`];
    const processed = (): Set<string> => new Set(readFileSync(record, "utf8").trim().split("\n"));
    let running = await RunningTripline.start(args);
    const acknowledged: string[] = [];
    try {
      const sqs = new SQSClient(client(running.ready.endpoint));
      const lambda = new LambdaClient(client(running.ready.endpoint));
      const messages = Array.from({ length: 100 }, async (_, batch) => {
        const bodies = Array.from({ length: 10 }, (_unused, index) => String(batch * 10 + index));
        const sent = await sqs.send(
          new SendMessageBatchCommand({
            QueueUrl: `${running.ready.endpoint}/000000000000/Work`,
            Entries: bodies.map((MessageBody) => ({ Id: MessageBody, MessageBody })),
          }),
        );
        acknowledged.push(...(sent.Successful ?? []).map((entry) => `message ${entry.Id ?? ""}`));
      });
      const events = Array.from({ length: 1000 }, async (_, number) => {
        const answer = await lambda.send(
          new InvokeCommand({ FunctionName: "Listener", InvocationType: "Event", Payload: JSON.stringify({ number }) }),
        );
        if (answer.StatusCode === 202) acknowledged.push(`event ${number}`);
      });
      const killed = running.until("work in the middle", (seen) => seen.length >= 50).then(() => running.kill());
      await Promise.allSettled([...messages, ...events, killed]);
      await killed;
      expect(acknowledged.length).toBeGreaterThan(50);

      running = await RunningTripline.start(args);
      const missing = (): string[] => {
        const done = processed();
        return acknowledged.filter((one) => !done.has(one));
      };
      // Messages that were in flight come back after the visibility timeout of 30 s.
      await running.until("the rest of the work", () => missing().length === 0, 120_000);
      expect(missing()).toEqual([]);
      expect(await running.interrupt()).toBe(0);
    } finally {
      await running.kill();
      app.remove();
    }
  },
);
