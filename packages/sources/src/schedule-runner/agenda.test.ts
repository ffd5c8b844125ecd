import { Activity, type Clock, VirtualClock } from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { expect, it } from "vitest";
import { type Agenda, createAgenda } from "./index.ts";

const every =
  (periodMs: number, endMs = Number.POSITIVE_INFINITY) =>
  (afterMs: number): number | undefined => {
    const dueMs = (Math.floor(afterMs / periodMs) + 1) * periodMs;
    return dueMs > endMs ? undefined : dueMs;
  };

function bench(onFire: (key: string, agenda: Agenda) => void = () => undefined): {
  clock: VirtualClock;
  agenda: Agenda;
  fired: string[];
} {
  const clock = new VirtualClock({ startMs: 0, activity: new Activity(), realTime });
  const fired: string[] = [];
  const agenda: Agenda = createAgenda({
    clock,
    fire(key, dueMs, isLast) {
      fired.push(`${key}@${dueMs}/${clock.now()}${isLast ? " last" : ""}`);
      onFire(key, agenda);
    },
  });
  return { clock, agenda, fired };
}

it("A1 A2 schedules fire by due time, those of one time by key, whatever the order in which they were set", async () => {
  const { clock, agenda, fired } = bench();
  agenda.set("c", every(20), 0);
  agenda.set("b", every(10), 0);
  agenda.set("a", every(20, 20), 0);
  await clock.advanceTo(40);
  expect(fired).toEqual(["b@10/10", "a@20/20 last", "b@20/20", "c@20/20", "b@30/30", "b@40/40", "c@40/40"]);
});

it("A4 a schedule removed, or set anew, by another that is due at the same time does not fire", async () => {
  const { clock, agenda, fired } = bench((key, own) => {
    if (key !== "a") return;
    own.remove("b");
    own.set("c", every(15), 10);
  });
  for (const key of ["a", "b", "c"]) agenda.set(key, every(10), 0);
  await clock.advanceTo(15);
  expect(fired).toEqual(["a@10/10", "c@15/15"]);
});

it("clear leaves no timer behind", async () => {
  const { clock, agenda, fired } = bench();
  agenda.set("a", every(10), 0);
  agenda.clear();
  expect(clock.nextDueMs()).toBeUndefined();
  await clock.advance(100);
  expect(fired).toEqual([]);
});

/** A clock whose one timer is fired by hand, as late as a test likes. */
function lateClock(mode: Clock["mode"]): Clock & { fireAt(nowMs: number): void } {
  let nowMs = 0;
  let timer: (() => void) | undefined;
  return {
    mode,
    now: () => nowMs,
    at(_dueMs, run) {
      timer = run;
      return () => {
        timer = undefined;
      };
    },
    fireAt(lateMs) {
      nowMs = lateMs;
      timer?.();
    },
  };
}

it("A3 a schedule that slept over many due times fires once on wall time, and each of them on a scaled clock", () => {
  const firedBy = (mode: Clock["mode"]): number[] => {
    const clock = lateClock(mode);
    const fired: number[] = [];
    const agenda = createAgenda({ clock, fire: (_key, dueMs) => fired.push(dueMs) });
    agenda.set("a", every(60_000), 0);
    clock.fireAt(60_000 * 3 + 1_000);
    clock.fireAt(60_000 * 4);
    return fired;
  };
  expect(firedBy("system")).toEqual([60_000, 240_000]);
  expect(firedBy("scaled")).toEqual([60_000, 120_000, 180_000, 240_000]);
});
