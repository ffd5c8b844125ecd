/**
 * The schedules and their groups, and the schedules' places on the agenda.
 *
 * S1. A schedule is on the agenda while it is enabled and the source is started.
 * S2. An update that leaves expression, time zone and dates alone leaves the rhythm as it is.
 * S3. Firings that fell due while the simulator was stopped are skipped: a schedule goes on at its next due time, and a one-time
 *     schedule whose time passed is completed.
 * S4. A completed schedule with ActionAfterCompletion DELETE is deleted, once its last firing has reached its target or was given up.
 */
import type { Clock, DocumentStore, Scope } from "@tripline/kernel";
import { type Agenda, createDefinitionBook, type DefinitionBook } from "../schedule-runner/index.ts";
import { scheduleGroupNotFound, scheduleNotFound } from "./errors.ts";
import { firingsOf, type Schedule, scheduleKey, toScheduleArn } from "./schedule.ts";

/** A group of schedules as it is kept. */
export interface ScheduleGroup {
  name: string;
  createdMs: number;
  clientToken?: string;
}

/** What operations and the source work on. */
export interface ScheduleBook {
  readonly scope: Scope;
  readonly clock: Clock;
  ready(): Promise<void>;
  get(key: string): Schedule | undefined;
  /** Throws `ResourceNotFoundException` for the group or the schedule. */
  find(groupName: string, name: string): Schedule;
  /** Ordered by group and name. */
  all(): Schedule[];
  toArn(schedule: Pick<Schedule, "groupName" | "name">): string;
  exclusive<R>(change: () => Promise<R>): Promise<R>;
  save(schedule: Schedule): Promise<void>;
  delete(schedule: Schedule): Promise<void>;
  /** Throws `ResourceNotFoundException`. */
  findGroup(name: string): ScheduleGroup;
  hasGroup(name: string): boolean;
  /** Ordered by name, the default group among them. */
  groups(): ScheduleGroup[];
  saveGroup(group: ScheduleGroup): Promise<void>;
  deleteGroup(name: string): Promise<void>;
  /** Deletes a schedule that is done, if that is its ActionAfterCompletion (S4). */
  complete(key: string): Promise<void>;
  /** Puts every schedule on the agenda, and keeps it up to date from now on. */
  open(agenda: Agenda): void;
  /** Schedules leave the agenda alone from now on. */
  close(): void;
}

/** The group that always is. */
export const defaultGroupName = "default";

/** A book of the schedules in `documents`. */
export function createScheduleBook(clock: Clock, scope: Scope, documents: DocumentStore): ScheduleBook {
  const schedules = createDefinitionBook<Schedule>(documents, "scheduler/schedule");
  const groups: DefinitionBook<ScheduleGroup> = createDefinitionBook(documents, "scheduler/group");
  const defaultGroup: ScheduleGroup = { name: defaultGroupName, createdMs: clock.now() };
  let agenda: Agenda | undefined;

  const ready = async (): Promise<void> => {
    await Promise.all([schedules.ready(), groups.ready()]);
  };
  const schedule = (definition: Schedule, afterMs: number): void => {
    const key = keyOf(definition);
    if (definition.state === "ENABLED") agenda?.set(key, firingsOf(definition), afterMs); // S1
    else agenda?.remove(key);
  };
  const findGroup = (name: string): ScheduleGroup => {
    const group = name === defaultGroupName ? defaultGroup : groups.get(name);
    if (group === undefined) throw scheduleGroupNotFound(name);
    return group;
  };
  const remove = async (definition: Schedule): Promise<void> => {
    await schedules.delete(keyOf(definition));
    agenda?.remove(keyOf(definition));
  };
  const isFinished = (definition: Schedule): boolean =>
    definition.state === "ENABLED" &&
    definition.actionAfterCompletion === "DELETE" &&
    firingsOf(definition)(clock.now()) === undefined;

  const book: ScheduleBook = {
    scope,
    clock,
    ready,
    get: schedules.get,
    find(groupName, name) {
      findGroup(groupName);
      const found = schedules.get(scheduleKey(groupName, name));
      if (found === undefined) throw scheduleNotFound(name);
      return found;
    },
    all: schedules.all,
    toArn: ({ groupName, name }) => toScheduleArn(scope, groupName, name),
    exclusive: (change) =>
      schedules.exclusive(async () => {
        await ready();
        return change();
      }),
    async save(definition) {
      const before = schedules.get(keyOf(definition));
      await schedules.put(keyOf(definition), definition);
      if (before !== undefined && hasSameRhythm(before, definition) && before.state === definition.state) return; // S2
      // A new schedule may fire at the very instant of its creation; so does a rate that begins anew.
      const isNew = before === undefined || before.anchorMs !== definition.anchorMs;
      const isRate = definition.scheduleExpression.startsWith("rate(");
      schedule(definition, before === undefined || (isNew && isRate) ? clock.now() - 1 : clock.now());
    },
    delete: remove,
    findGroup,
    hasGroup: (name) => name === defaultGroupName || groups.get(name) !== undefined,
    groups: () => [defaultGroup, ...groups.all()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    saveGroup: (group) => groups.put(group.name, group),
    async deleteGroup(name) {
      for (const definition of schedules.all()) if (definition.groupName === name) await remove(definition);
      await groups.delete(name);
    },
    complete: (key) =>
      book.exclusive(async () => {
        const definition = schedules.get(key);
        if (definition !== undefined && isFinished(definition)) await remove(definition); // S4
      }),
    open(newAgenda) {
      agenda = newAgenda;
      for (const definition of schedules.all()) schedule(definition, clock.now() - 1); // S3
    },
    close() {
      agenda = undefined;
    },
  };
  return book;
}

/** Whether both fire at the same times. */
export function hasSameRhythm(a: Schedule, b: Omit<Schedule, "anchorMs">): boolean {
  return (
    a.scheduleExpression === b.scheduleExpression &&
    a.timezone === b.timezone &&
    a.startMs === b.startMs &&
    a.endMs === b.endMs
  );
}

function keyOf({ groupName, name }: Schedule): string {
  return scheduleKey(groupName, name);
}
