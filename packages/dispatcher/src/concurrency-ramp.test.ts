import { expect, it } from "vitest";
import { ConcurrencyRamp } from "./concurrency-ramp.ts";

it("ConcurrencyRamp grows while every place is taken, up to its bound, and begins anew after a pause", () => {
  const ramp = new ConcurrencyRamp({ start: 5, perMinute: 300, max: 7 });
  expect(ramp.limit(0)).toBe(5);
  expect(ramp.saturated(1_000)).toBe(1_200);
  expect(ramp.limit(1_199)).toBe(5);
  expect(ramp.limit(1_200)).toBe(6);
  expect(ramp.saturated(1_200)).toBe(1_400);
  expect(ramp.limit(60_000)).toBe(7);
  expect(ramp.saturated(60_000)).toBeUndefined();
  ramp.restart();
  expect(ramp.limit(60_000)).toBe(5);
  expect(new ConcurrencyRamp({ start: 5, perMinute: 300, max: 1 }).limit(0)).toBe(1);
});
