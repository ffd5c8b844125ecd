/**
 * Replays recorded events through a simulator of their own and reports what came of them.
 *
 * P1. Every event is counted once, and every delivery that it caused is followed to its end: delivered, filtered, dead-lettered or failed.
 * P2. On the virtual clock a retry two minutes away costs no waiting: time moves to the next timer while a delivery is open.
 * P3. Schedules of the template do not fire while replaying.
 */
import type { DeliveryRecord, DeliveryState } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import type { Simulator } from "../simulator.ts";
import { createNameMap } from "./name-map.ts";
import type { Fixture } from "./read-fixtures.ts";
import { type EventKind, eventTime } from "./recognise.ts";
import type { routeEvent as RouteEvent } from "./route-event.ts";

/** As fast as it goes, with the recorded gaps, or so many a second. */
export type Pace = "max" | "recorded" | { perSecond: number };

/** Options of {@link replay}. */
export interface ReplayOptions {
  simulator: Simulator;
  fixtures: readonly Fixture[];
  /** Only this function: logical id, name or ARN. */
  functionName?: string;
  direct?: boolean;
  pace?: Pace;
  /** Recorded name -> local name. */
  map?: Readonly<Record<string, string>>;
  /** Called after each event, with how many were sent. */
  onProgress?: (sent: number) => void;
}

/** What {@link replay} reports. Times are real milliseconds. */
export interface ReplayReport {
  events: number;
  deliveries: number;
  invocations: number;
  retries: number;
  /** Events and deliveries that ended in failure, those that matched nothing among them. */
  failures: number;
  /** Events a second. */
  throughput: number;
  /** Handler time. */
  p50: number;
  p99: number;
  byKind: Record<string, number>;
  failed: { name: string; error: string }[];
}

const finalStates: ReadonlySet<DeliveryState> = new Set(["delivered", "filtered", "dead-lettered", "failed"]);
const failedStates: ReadonlySet<DeliveryState> = new Set(["dead-lettered", "failed"]);
const sendingMax = 64;

/** See the module's header. */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const { simulator, fixtures } = options;
  const tally = createTally(simulator);
  const failed: { name: string; error: string }[] = [];
  const byKind: Record<string, number> = {};
  const { routeEvent } = await import("./route-event.ts"); // only replays need it
  const send = createSender(options, routeEvent, (name, kind, error) => {
    byKind[kind ?? "unrecognised"] = (byKind[kind ?? "unrecognised"] ?? 0) + 1;
    if (error !== undefined) failed.push({ name, error });
  });

  const beginMs = realTime.monotonicMs();
  await sendAll(options, inOrder(fixtures, options.pace ?? "max"), send);
  await drain(simulator, tally);
  const elapsedMs = realTime.monotonicMs() - beginMs;
  tally.stop();

  for (const record of tally.failures())
    failed.push({
      name: tally.nameOf(record),
      error: `${record.state}${record.reason === undefined ? "" : `: ${record.reason}`}`,
    });
  const durations = tally.durations.sort((a, b) => a - b);
  return {
    events: fixtures.length,
    deliveries: tally.deliveries(),
    invocations: tally.durations.length,
    retries: tally.retries(),
    failures: failed.length,
    throughput: Math.round((fixtures.length / elapsedMs) * 1000),
    p50: percentile(durations, 0.5),
    p99: percentile(durations, 0.99),
    byKind,
    failed,
  };
}

type Send = (fixture: Fixture) => Promise<void>;

function createSender(
  options: ReplayOptions,
  route: typeof RouteEvent,
  done: (name: string, kind: EventKind | undefined, error: string | undefined) => void,
): Send {
  const { simulator } = options;
  const names = createNameMap(options.map ?? {}, (name) => physicalName(simulator, name));
  const functionName =
    options.functionName === undefined ? undefined : simulator.names.functionName(options.functionName);
  let sent = 0;
  return async ({ name, event }) => {
    const routed = await route(event, {
      house: simulator.house,
      names,
      ...(functionName === undefined ? {} : { functionName }),
      direct: options.direct === true,
      newId: () => simulator.newId(),
    }).catch((error: unknown) => ({ kind: undefined, error: error instanceof Error ? error.message : String(error) }));
    done(name, routed.kind, routed.error);
    options.onProgress?.(++sent);
  };
}

/** Fixtures may use logical ids: wherever a name is taken, they work. Names of nothing stay as they are. */
function physicalName(simulator: Simulator, name: string): string {
  return simulator.plan?.resources.find((resource) => resource.logicalId === name)?.physicalId ?? name;
}

function inOrder(fixtures: readonly Fixture[], pace: Pace): readonly Fixture[] {
  if (pace !== "recorded") return fixtures;
  return [...fixtures].sort((a, b) => (eventTime(a.event) ?? 0) - (eventTime(b.event) ?? 0));
}

async function sendAll(options: ReplayOptions, fixtures: readonly Fixture[], send: Send): Promise<void> {
  const pace = options.pace ?? "max";
  if (pace === "max") return sendAtOnce(fixtures, send);
  const { simulator } = options;
  const firstEventMs = eventTime(fixtures[0]?.event ?? {}) ?? 0;
  const startMs = simulator.clock.now();
  for (const [index, fixture] of fixtures.entries()) {
    const offsetMs =
      pace === "recorded" ? (eventTime(fixture.event) ?? firstEventMs) - firstEventMs : (index * 1000) / pace.perSecond;
    await waitUntil(simulator, startMs + offsetMs);
    await send(fixture);
  }
}

async function sendAtOnce(fixtures: readonly Fixture[], send: Send): Promise<void> {
  let next = 0;
  const sender = async (): Promise<void> => {
    for (let fixture = fixtures[next++]; fixture !== undefined; fixture = fixtures[next++]) await send(fixture);
  };
  await Promise.all(Array.from({ length: Math.min(sendingMax, fixtures.length) }, sender));
}

async function waitUntil(simulator: Simulator, untilMs: number): Promise<void> {
  const waitMs = untilMs - simulator.clock.now();
  if (waitMs <= 0) return;
  if (simulator.clock.mode === "virtual") return simulator.clock.advanceTo(untilMs);
  await new Promise<void>((resolve) => {
    simulator.house.clock.at(untilMs, resolve);
  });
}

async function drain(simulator: Simulator, tally: Tally): Promise<void> {
  if (simulator.clock.mode !== "virtual") {
    await simulator.settle(); // what a mapping has not read yet is not open yet
    return tally.whenNoneOpen();
  }
  for (;;) {
    await simulator.settle();
    if (!tally.hasOpen()) return;
    const nextMs = simulator.clock.nextDueMs();
    if (nextMs === undefined) return; // nothing will ever happen again: what is open shows as a failure
    await simulator.clock.advanceTo(nextMs); // P2
  }
}

/** Follows every delivery and invocation, without keeping them. */
interface Tally {
  readonly durations: number[];
  deliveries(): number;
  retries(): number;
  failures(): DeliveryRecord[];
  nameOf(record: DeliveryRecord): string;
  hasOpen(): boolean;
  whenNoneOpen(): Promise<void>;
  stop(): void;
}

function createTally(simulator: Simulator): Tally {
  const { house } = simulator;
  const open = new Map<string, DeliveryRecord>();
  const failures: DeliveryRecord[] = [];
  const durations: number[] = [];
  let ended = 0;
  let retries = 0;
  let wake: (() => void) | undefined;
  const mapped = new Set(house.dispatcher.mappings().map((mapping) => mapping.eventSourceArn));
  const isFollowed = (record: DeliveryRecord): boolean =>
    record.targetArn.includes(":lambda:") || mapped.has(record.targetArn);
  const cancels = [
    house.bus.on("invocation", (record) => {
      durations.push(record.durationMs);
      if (record.attempt > 1) retries++;
    }),
    house.bus.on("delivery", (record) => {
      if (!isFollowed(record)) return;
      if (!finalStates.has(record.state)) {
        open.set(record.id, record);
        return;
      }
      open.delete(record.id);
      ended++;
      if (failedStates.has(record.state)) failures.push(record);
      if (open.size === 0) wake?.();
    }),
  ];
  return {
    durations,
    deliveries: () => ended + open.size,
    retries: () => retries,
    failures: () => [...failures, ...open.values()],
    nameOf: (record) => `${record.source} -> ${record.targetArn.split(":").at(-1) ?? record.targetArn}`,
    hasOpen: () => open.size > 0,
    async whenNoneOpen() {
      while (open.size > 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        await simulator.settle();
      }
    },
    stop() {
      for (const cancel of cancels) cancel();
    },
  };
}

function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return value === undefined ? 0 : Math.round(value * 1000) / 1000;
}
