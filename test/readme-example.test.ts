import { createSimulator } from "tripline";
import { expect, it } from "vitest";

it("retries a failing import after one and after two more minutes, then gives up", async () => {
  await using simulator = await createSimulator({ template: "fixtures/apps/shop", clock: "virtual" });

  await simulator.invoke(
    "ImportCatalog",
    { Records: [{ s3: { bucket: { name: "gone" }, object: { key: "a.csv" } } }] },
    { async: true },
  );
  await simulator.clock.advance(3 * 60_000);

  expect(simulator.invocations({ functionName: "ImportCatalog" }).map((one) => [one.attempt, one.status])).toEqual([
    [1, "error"],
    [2, "error"],
    [3, "error"],
  ]);
});
