import { describe, expect, it } from "vitest";
import { simulate } from "./simulate.ts";

/** `SEED=… pnpm exec vitest run packages/dispatcher/src/testing/simulation` runs one seed. */
const one = process.env["SEED"];
const seeds = 1_000;
const chunk = 50;

describe.skipIf(one !== undefined)("an event source mapping in a world in which things go wrong", () => {
  it.each(Array.from({ length: seeds / chunk }, (_, n) => [n * chunk, n * chunk + chunk - 1]))(
    "holds what it must, seeds %i to %i",
    async (first, last) => {
      let invocations = 0;
      for (let seed = first; seed <= last; seed++) {
        try {
          invocations += (await simulate(String(seed))).invocations;
        } catch (error) {
          throw new Error(`SEED=${seed} pnpm exec vitest run packages/dispatcher/src/testing/simulation`, {
            cause: error,
          });
        }
      }
      expect(invocations).toBeGreaterThan(0);
    },
  );
});

describe.runIf(one !== undefined)("one seed", () => {
  it(`${one} holds what it must, and is the same run twice`, async () => {
    const run = await simulate(one ?? "");
    expect(await simulate(one ?? "")).toEqual(run);
  });
});
