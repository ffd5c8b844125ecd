import { expect, it } from "vitest";
import { realTime } from "../adapters/real-time.ts";
import { Activity } from "../activity.ts";
import { isSimulatorError } from "../errors.ts";
import { VirtualClock } from "./virtual-clock.ts";

const setUp = (
  options: { stallLimitMs?: number; maxTimers?: number } = {},
): { clock: VirtualClock; activity: Activity } => {
  const activity = new Activity();
  return { activity, clock: new VirtualClock({ activity, realTime, startMs: 1000, ...options }) };
};

it("V1 timers fire in (due, insertion) order, with now at each one's due time", async () => {
  const { clock } = setUp();
  const fired: [string, number][] = [];
  const note = (name: string) => () => {
    fired.push([name, clock.now()]);
  };
  clock.at(3000, note("c"));
  clock.at(2000, note("a"));
  clock.at(2000, note("b"));
  clock.at(5000, note("later"));
  await clock.advanceTo(4000);
  expect(fired).toEqual([
    ["a", 2000],
    ["b", 2000],
    ["c", 3000],
  ]);
  expect(clock.now()).toBe(4000);
});

it("V1 a timer set by a timer fires within the same advance, in its place", async () => {
  const { clock } = setUp();
  const fired: string[] = [];
  clock.at(2000, () => {
    fired.push("first");
    clock.at(2000, () => fired.push("same instant"));
    clock.at(2500, () => fired.push("between"));
  });
  clock.at(3000, () => fired.push("last"));
  await clock.advance(2000);
  expect(fired).toEqual(["first", "same instant", "between", "last"]);
});

it("V2 time does not move while something is in flight", async () => {
  const { clock, activity } = setUp();
  const seen: string[] = [];
  clock.at(2000, () => {
    const end = activity.begin("invocation of slow");
    // The invocation ends after several turns, and sets a timer as it does: that one must still come before the next.
    void (async () => {
      for (let turn = 0; turn < 5; turn++) await realTime.turn();
      seen.push(`ended at ${clock.now()}`);
      clock.at(2500, () => seen.push(`retry at ${clock.now()}`));
      end();
    })();
  });
  clock.at(3000, () => seen.push(`next at ${clock.now()}`));
  await clock.advanceTo(3000);
  expect(seen).toEqual(["ended at 2000", "retry at 2500", "next at 3000"]);
});

it("V3 a run that cannot become idle fails with SIM_NOT_IDLE, naming what it waits for", async () => {
  const { clock, activity } = setUp({ stallLimitMs: 5 });
  activity.begin("invocation of stuck");
  activity.begin("storage commit");
  activity.begin("storage commit");
  const error: unknown = await clock.advance(1).catch((caught: unknown) => caught);
  expect(isSimulatorError(error) && [error.code, error.text.where]).toEqual([
    "SIM_NOT_IDLE",
    "invocation of stuck; storage commit (2 times)",
  ]);
});

it("V4 a clock that runs away fails with SIM_RUNAWAY_CLOCK", async () => {
  const { clock } = setUp({ maxTimers: 100 });
  const again = (): void => {
    clock.at(clock.now(), again);
  };
  again();
  await expect(clock.advance(1)).rejects.toThrow("SIM_RUNAWAY_CLOCK: More than 100 timers fired");
});

it("V5 a timer in the past fires now, and time does not move backwards", async () => {
  const { clock } = setUp();
  let firedAt = 0;
  clock.at(10, () => {
    firedAt = clock.now();
  });
  await clock.settle();
  expect(firedAt).toBe(1000);
  await clock.advanceTo(500);
  expect(clock.now()).toBe(1000);
});

it("a cancelled timer never fires, however many there were", async () => {
  const { clock } = setUp();
  const fired: number[] = [];
  const cancels = Array.from({ length: 500 }, (_, index) => clock.at(2000 + index, () => fired.push(index)));
  for (const [index, cancel] of cancels.entries()) if (index % 100 !== 0) cancel();
  await clock.advance(10_000);
  expect(fired).toEqual([0, 100, 200, 300, 400]);
});

it("two callers that advance at once take turns", async () => {
  const { clock } = setUp();
  await Promise.all([clock.advance(100), clock.advance(100)]);
  expect(clock.now()).toBe(1200);
});
