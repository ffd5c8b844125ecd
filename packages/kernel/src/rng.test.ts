import { expect, it } from "vitest";
import { createRng } from "./rng.ts";

const draw = (seed: string): number[] => {
  const rng = createRng(seed);
  return Array.from({ length: 5 }, () => rng.next());
};

it("createRng gives the same stream for the same seed, and another for another", () => {
  expect(draw("a")).toEqual(draw("a"));
  expect(draw("a")).not.toEqual(draw("b"));
});

it("Rng.fork gives a stream that does not depend on what was drawn before", () => {
  const fresh = createRng("a").fork("sqs").next();
  const used = createRng("a");
  used.next();
  expect(used.fork("sqs").next()).toBe(fresh);
  expect(used.fork("s3").next()).not.toBe(fresh);
});

it("Rng.below and Rng.next are even, within a few percent over 100,000 draws", () => {
  const rng = createRng("even");
  const buckets = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 100_000; i++) {
    const bucket = rng.below(10);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  expect(Math.max(...buckets) - Math.min(...buckets)).toBeLessThan(600);
});

it("Rng.uuid is a version 4 UUID, and none comes twice in 10,000", () => {
  const rng = createRng("ids");
  const ids = new Set(Array.from({ length: 10_000 }, () => rng.uuid()));
  expect(ids.size).toBe(10_000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
