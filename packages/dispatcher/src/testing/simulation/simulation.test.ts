import { describe, expect, it } from "vitest";
import { happenings, simulate } from "./simulate.ts";

/** `SEED=… pnpm exec vitest run packages/dispatcher/src/testing/simulation` runs one seed. */
const one = process.env["SEED"];
/** On a file, where a run takes ten times as long, enough to see that it makes no difference. */
const seeds = process.env["TRIPLINE_TEST_STORAGE"] === "file" ? 50 : 1_000;
const chunk = 25;

describe.skipIf(one !== undefined)("an event source mapping in a world in which things go wrong", () => {
  const happened = new Set<string>();

  it.each(Array.from({ length: seeds / chunk }, (_, n) => [n * chunk, n * chunk + chunk - 1]))(
    "holds what it must, seeds %i to %i",
    async (first, last) => {
      let invocations = 0;
      for (let seed = first; seed <= last; seed++) {
        try {
          const run = await simulate(String(seed));
          invocations += run.invocations;
          for (const what of happenings) if (run.happened[what] > 0) happened.add(what);
        } catch (error) {
          throw new Error(`SEED=${seed} pnpm exec vitest run packages/dispatcher/src/testing/simulation`, {
            cause: error,
          });
        }
      }
      expect(invocations).toBeGreaterThan(0);
    },
  );

  it("and everything that can go wrong did, in these seeds", () => {
    expect(happenings.filter((what) => !happened.has(what))).toEqual([]);
  });
});

describe.runIf(one !== undefined)("one seed", () => {
  it(`${one} holds what it must, and is the same run twice`, async () => {
    const run = await simulate(one ?? "");
    expect(await simulate(one ?? "")).toEqual(run);
  });
});
