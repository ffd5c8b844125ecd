import { expect, it } from "vitest";
import type { RealTime } from "../ports/real-time.ts";
import { createScaledClock, createSystemClock } from "./system-clock.ts";

/** Real time, driven by hand. */
function handTime(startMs: number): { realTime: RealTime; pass: (ms: number) => void; armed: () => number } {
  let nowMs = startMs;
  let timers: { dueMs: number; run: () => void }[] = [];
  return {
    realTime: {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      after(delayMs, run) {
        const timer = { dueMs: nowMs + delayMs, run };
        timers.push(timer);
        return () => {
          timers = timers.filter((one) => one !== timer);
        };
      },
      turn: () => Promise.resolve(),
    },
    pass(ms) {
      nowMs += ms;
      const due = timers.filter((timer) => timer.dueMs <= nowMs);
      timers = timers.filter((timer) => timer.dueMs > nowMs);
      for (const timer of due) timer.run();
    },
    armed: () => timers.length,
  };
}

it("createSystemClock fires what is due in (due, insertion) order, with one real timer", () => {
  const hand = handTime(1000);
  const clock = createSystemClock(hand.realTime);
  const fired: string[] = [];
  clock.at(3000, () => fired.push("c"));
  clock.at(2000, () => fired.push("a"));
  clock.at(2000, () => fired.push("b"));
  expect(hand.armed()).toBe(1);
  hand.pass(2500);
  expect(fired).toEqual(["a", "b", "c"]);
  expect(hand.armed()).toBe(0);
});

it("createSystemClock goes on after a timer that throws", () => {
  const hand = handTime(1000);
  const clock = createSystemClock(hand.realTime);
  const fired: string[] = [];
  clock.at(2000, () => {
    throw new Error("no");
  });
  clock.at(3000, () => fired.push("next"));
  expect(() => {
    hand.pass(1000);
  }).toThrow("no");
  hand.pass(1000);
  expect(fired).toEqual(["next"]);
});

it("createScaledClock runs N times as fast", () => {
  const hand = handTime(1000);
  const clock = createScaledClock(hand.realTime, 60);
  const fired: number[] = [];
  clock.at(61_000, () => fired.push(clock.now()));
  hand.pass(999);
  expect(fired).toEqual([]);
  hand.pass(1);
  expect(fired).toEqual([61_000]);
});

it("a cancelled timer and a stopped clock leave no real timer behind", () => {
  const hand = handTime(0);
  const clock = createSystemClock(hand.realTime);
  clock.at(10, () => undefined)();
  expect(hand.armed()).toBe(0);
  clock.at(20, () => undefined);
  clock.stop();
  expect(hand.armed()).toBe(0);
});
