import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultScope, type Delivery, ServiceError, toArn } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  call,
  createTestBench,
  type TestBench,
  type TestBenchOptions,
  textOf,
} from "../schedule-runner/conformance/index.ts";
import { createScheduler, type Scheduler } from "./index.ts";

const functionArn = toArn(defaultScope, "lambda", "function:report");
const hourMs = 3_600_000;

let dataDir: string;
const open: (() => Promise<void>)[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "tripline-scheduler-"));
});
afterEach(async () => {
  for (const close of open.splice(0)) await close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A simulator's life on the data directory, until `end`. */
async function begin(
  options: TestBenchOptions,
  onDelivery: TestBench["intercept"]["onDelivery"] = () => undefined,
): Promise<{ bench: TestBench; scheduler: Scheduler; end: () => Promise<void> }> {
  const bench = createTestBench({ dataDir, ...options });
  bench.intercept.onDelivery = onDelivery;
  const scheduler = createScheduler(bench.ports);
  await scheduler.source.start(bench.host);
  const end = async (): Promise<void> => {
    await scheduler.source.stop();
    bench.close();
  };
  open.push(end);
  return {
    bench,
    scheduler,
    async end() {
      open.splice(open.indexOf(end), 1);
      await end();
    },
  };
}

const create = (scheduler: Scheduler, name: string, expression: string, more: object = {}): Promise<unknown> =>
  call(scheduler.service, "CreateSchedule", {
    Name: name,
    ScheduleExpression: expression,
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: { Arn: functionArn, RoleArn: "arn:aws:iam::000000000000:role/r", Input: `"${name}"` },
    ...more,
  });
const fired = (bench: TestBench): string[] =>
  bench.deliveries.map(({ atMs, delivery }) => `${new Date(atMs).toISOString()} ${textOf(delivery)}`);
const down = (): never => {
  throw new ServiceError("ServiceUnavailable", "down", { status: 503 });
};

it("firings missed while stopped are skipped: a schedule goes on at its next due time, in its rhythm", async () => {
  const first = await begin({ startAt: "2026-01-01T00:00:30Z" });
  await create(first.scheduler, "cron", "cron(0 * * * ? *)");
  await create(first.scheduler, "rate", "rate(2 hours)");
  await first.bench.clock.advance(hourMs);
  await first.end();
  const second = await begin({ startAt: "2026-01-01T05:10:00Z" });
  await second.bench.clock.advance(2 * hourMs);
  expect(fired(first.bench)).toEqual(['2026-01-01T00:00:30.000Z "rate"', '2026-01-01T01:00:00.000Z "cron"']);
  expect(fired(second.bench)).toEqual([
    '2026-01-01T06:00:00.000Z "cron"',
    '2026-01-01T06:00:30.000Z "rate"',
    '2026-01-01T07:00:00.000Z "cron"',
  ]);
});

it("a one-time schedule whose time passed while stopped is done: ActionAfterCompletion DELETE deletes it", async () => {
  const first = await begin({});
  await create(first.scheduler, "gone", "at(2026-01-01T01:00:00)", { ActionAfterCompletion: "DELETE" });
  await create(first.scheduler, "stays", "at(2026-01-01T01:00:00)");
  await first.end();
  const second = await begin({ startAt: "2026-01-02T00:00:00Z" });
  await second.bench.clock.advance(hourMs);
  expect(fired(second.bench)).toEqual([]);
  expect(second.scheduler.schedules().map(({ name }) => name)).toEqual(["stays"]);
});

it("a firing that waits for its retry, or inside its flexible time window, goes on after a restart", async () => {
  const first = await begin({}, down);
  await create(first.scheduler, "retried", "at(2026-01-01T01:00:00)", { ActionAfterCompletion: "DELETE" });
  await create(first.scheduler, "flexible", "at(2026-01-01T01:00:00)", {
    FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 60 },
  });
  await first.bench.clock.advanceTo(Date.parse("2026-01-01T01:00:00Z"));
  await first.end();
  expect(fired(first.bench)).toEqual([]);
  const second = await begin({ startAt: "2026-01-01T03:00:00Z" });
  await second.bench.clock.settle();
  expect(fired(second.bench).sort()).toEqual([
    '2026-01-01T03:00:00.000Z "flexible"',
    '2026-01-01T03:00:00.000Z "retried"',
  ]);
  expect(await second.bench.ports.store.list("scheduler")).toEqual([]);
  expect(second.scheduler.schedules().map(({ name }) => name)).toEqual(["flexible"]);
});

it("T2 on wall time a firing is kept before its target has it: a crash in between loses none", async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const seen: Delivery[] = [];
  const first = await begin({ mode: "system" }, async (delivery) => {
    seen.push(delivery);
    await held;
  });
  await create(first.scheduler, "s", "at(2026-01-01T01:00:00)");
  const advanced = first.bench.clock.advanceTo(Date.parse("2026-01-01T01:00:00Z"));
  const kept = await until(async () => (await first.bench.ports.store.list("scheduler")).map(({ id }) => id));
  expect(kept).toEqual(seen.map(({ id }) => id));
  release();
  await advanced;
  expect(await first.bench.ports.store.list("scheduler")).toEqual([]);
});

/** What `look` finds, once it finds something. Each look is a turn of the event loop later. */
async function until<T>(look: () => Promise<T[]>): Promise<T[]> {
  for (;;) {
    const found = await look();
    if (found.length > 0) return found;
    await realTime.turn();
  }
}
