import {
  type Activity,
  type Clock,
  createScaledClock,
  createSystemClock,
  type RealTime,
  SimulatorError,
  VirtualClock,
} from "@tripline/kernel";

/** How time runs: as it does, N times as fast, or only when told. */
export type ClockChoice = "system" | "virtual" | { scaled: number };

/** The simulator's time, as its user sees it. */
export interface SimulatorClock {
  readonly mode: "system" | "scaled" | "virtual";
  /** Epoch milliseconds. */
  now(): number;
  /** Moves virtual time by `durationMs`, firing what falls due in order, and waits until all that it caused is done. */
  advance(durationMs: number): Promise<void>;
  /** Moves virtual time to `until`. */
  advanceTo(until: Date | number): Promise<void>;
  /** When the next timer of virtual time is due; undefined where there is none, and on wall time. */
  nextDueMs(): number | undefined;
}

/** A clock with its two faces: the port for the parts, and the handle for the user. */
export interface ClockParts {
  clock: Clock;
  handle: SimulatorClock;
  /** Waits until nothing is in flight. Virtual time does not move; on wall time, work that waits for a timer is not waited for. */
  settle(): Promise<void>;
  stop(): void;
}

/** Builds the clock that was chosen. `startMs`: where virtual time starts, default 2026-01-01T00:00:00Z. */
export function createClockParts(
  choice: ClockChoice,
  options: { activity: Activity; realTime: RealTime; startMs?: number },
): ClockParts {
  if (choice === "virtual") {
    const clock = new VirtualClock(options);
    const handle: SimulatorClock = {
      mode: clock.mode,
      now: () => clock.now(),
      advance: (durationMs) => clock.advance(durationMs),
      advanceTo: (until) => clock.advanceTo(Number(until)),
      nextDueMs: () => clock.nextDueMs(),
    };
    return { clock, handle, settle: () => clock.settle(), stop: () => undefined };
  }
  const clock =
    choice === "system" ? createSystemClock(options.realTime) : createScaledClock(options.realTime, choice.scaled);
  const refuse = async (): Promise<never> => {
    throw new SimulatorError("SIM_CLOCK_NOT_VIRTUAL", {
      what: "Only virtual time can be moved.",
      next: 'Create the simulator with clock: "virtual" (or start with --clock virtual).',
    });
  };
  return {
    clock,
    handle: {
      mode: clock.mode,
      now: () => clock.now(),
      advance: refuse,
      advanceTo: refuse,
      nextDueMs: () => undefined,
    },
    settle: () => whenQuiet(options.activity, options.realTime),
    stop: () => {
      clock.stop();
    },
  };
}

async function whenQuiet(activity: Activity, realTime: RealTime): Promise<void> {
  for (;;) {
    await realTime.turn();
    if (activity.isIdle()) return;
    await new Promise<void>((resolve) => {
      activity.onIdle(resolve);
    });
  }
}
