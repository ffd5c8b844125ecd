/** The template of docs/guides/streams.md, as the page has it, and what the page says becomes of its records. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSimulator } from "tripline";
import { expect, it } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";

const click = (page: string): { Data: Buffer; PartitionKey: string } => ({
  Data: Buffer.from(JSON.stringify({ page })),
  PartitionKey: "visitor",
});

it("every way to fail of the guide ends as the guide says", async () => {
  const page = readFileSync(new URL("../docs/guides/streams.md", import.meta.url), "utf8");
  const [, template = ""] = /```yaml\n([^]*?)```/.exec(page) ?? [];
  const { folder, remove } = temporaryFolder();
  writeFileSync(join(folder, "template.yaml"), template.replaceAll("nodejs22.x", "nodejs20.x"));
  const simulator = await createSimulator({ template: folder, clock: "virtual", isolation: "inline", listen: false });
  try {
    await simulator.clock.advance(1); // the stream is active
    const { kinesis } = simulator.house;
    await kinesis.replay("Clicks", ["/tea", "/pots", "/poison", "/mugs"].map(click));
    const kinesisOperations = await simulator.house.services.get("kinesis")?.load();
    const reshard = { StreamName: "Clicks", TargetShardCount: 2, ScalingType: "UNIFORM_SCALING" };
    const context = { requestId: "guide", endpoint: "", sourceIp: "127.0.0.1", headers: {} };
    await kinesisOperations?.get("UpdateShardCount")?.run(reshard as never, context as never);
    await simulator.clock.advance(1_000);
    await kinesis.replay("Clicks", [click("/after")]);
    await simulator.clock.advance(120_000);
    const statuses = (functionName: string): string[] =>
      simulator.invocations({ functionName }).map(({ status }) => status);
    expect({ Whole: statuses("Whole"), Halves: statuses("Halves"), Parts: statuses("Parts") }).toEqual({
      Whole: ["error", "error", "error", "success"],
      Halves: ["error", "success", "error", "error", "error", "error", "success", "success"],
      Parts: ["success", "success", "success", "success"],
    });
    expect([new Set(statuses("Aged")), new Set(statuses("Busy"))]).toEqual([
      new Set(["error"]),
      new Set(["throttled"]),
    ]);

    const states = (functionName: string): string[] =>
      simulator
        .deliveries({ source: "kinesis" })
        .filter(({ targetArn }) => targetArn.endsWith(`:${functionName}`))
        .map(({ state }) => state);
    expect(
      Object.fromEntries(["Whole", "Halves", "Parts", "Aged", "Busy"].map((name) => [name, states(name)])),
    ).toEqual({
      Whole: ["dead-lettered", "dead-lettered", "dead-lettered", "dead-lettered", "delivered"],
      Halves: ["delivered", "delivered", "dead-lettered", "delivered", "delivered"],
      Parts: ["delivered", "delivered", "failed", "failed", "delivered"],
      Aged: ["failed", "failed", "failed", "failed", "failed"],
      Busy: ["retrying", "retrying", "retrying", "retrying"],
    });

    const [told, ...more] = await simulator.sqs.receiveMessages("FailedBatches");
    expect([JSON.parse(told?.body ?? "{}"), more]).toEqual([
      expect.not.objectContaining({ payload: expect.anything() as unknown }),
      [],
    ]);
    const keys = await simulator.s3.listKeys("FailedRecords");
    expect(keys).toEqual([expect.stringMatching(/^aws\/lambda\/[0-9a-f-]{36}\/shardId-000000000000\/2026\/01\/01\//)]);
    const object = await simulator.s3.getObject({ bucket: "FailedRecords", key: keys[0] ?? "" });
    expect(JSON.parse(Buffer.from(object).toString())).toHaveProperty("payload");

    const windows = simulator
      .logs({ functionName: "Overfull" })
      .flatMap(({ message }) => /window (\{.*\})/.exec(message)?.[1] ?? []);
    expect(windows).toEqual(page.match(/(?<=^ {4})\{"records".*$/gm));
  } finally {
    await simulator.stop();
    remove();
  }
});
