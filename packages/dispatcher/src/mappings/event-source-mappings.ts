/**
 * The mappings that exist, and their pollers.
 *
 * M1. A change is durable before it is seen.
 * M2. Each change passes through a state in -ing, which lasts for `transitionMs` on the clock, and Disabling and Deleting at least until what
 *     is in hand is done. Meanwhile a mapping takes no other change. A template waits for none of it, as a stack is not done before.
 *     Differs from AWS: a mapping polls from the moment that it is accepted, so that virtual time need not move for it.
 */
import { resourceInUse } from "../lambda-errors.ts";
import type { EventSourceMapping, MappingState } from "./event-source-mapping.ts";
import { LaneCheckpoints } from "../streams/lane-checkpoint.ts";
import { StreamReader } from "../streams/stream-reader.ts";
import type { StreamHouse } from "../streams/stream-house.ts";
import type { MappingPoller } from "./mapping-poller.ts";
import { QueuePoller } from "./queue-poller.ts";

/** A mapping and where it stands. */
export interface MappingEntry {
  mapping: EventSourceMapping;
  state: MappingState;
  /** Of the last invoke, for a stream's mapping; undefined before the first. */
  readonly lastResult: string | undefined;
}

class RunningMapping implements MappingEntry {
  poller: MappingPoller | undefined;
  /** Until the change is over. */
  passing: Promise<void> | undefined;
  /** Ends the wait on the clock that belongs to the change. */
  hurry: () => void = () => undefined;
  mapping: EventSourceMapping;
  state: MappingState;
  #lastResult: string | undefined;

  constructor(mapping: EventSourceMapping, state: MappingState) {
    this.mapping = mapping;
    this.state = state;
  }

  get lastResult(): string | undefined {
    return this.poller?.lastResult ?? this.#lastResult;
  }

  async end(): Promise<void> {
    await this.poller?.stop();
    this.#lastResult = this.lastResult;
    this.poller = undefined;
  }
}

const kind = "lambda-event-source-mapping";

/** See the module's header. */
export class EventSourceMappings {
  readonly #house: StreamHouse;
  readonly #entries = new Map<string, RunningMapping>();
  #isRunning = false;

  constructor(house: StreamHouse) {
    this.#house = house;
  }

  /** Reads what an earlier run has kept, and begins to poll. */
  async start(): Promise<void> {
    for (const { key, value } of await this.#house.documents.list<EventSourceMapping>(kind)) {
      if (this.#entries.has(key)) continue;
      this.#entries.set(key, new RunningMapping(value, stateOf(value)));
    }
    this.#isRunning = true;
    for (const entry of this.#entries.values()) this.#poll(entry);
  }

  /** Ends intake, and waits for what is in hand. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    for (const entry of this.#entries.values()) entry.hurry();
    await Promise.all(Array.from(this.#entries.values(), async (entry) => entry.passing ?? entry.end()));
    await Promise.all(Array.from(this.#entries.values(), (entry) => entry.end()));
  }

  /** Ordered by source and function. */
  list(): MappingEntry[] {
    const keyOf = ({ mapping }: MappingEntry): string =>
      `${mapping.eventSourceArn} ${mapping.functionName} ${mapping.uuid}`;
    return [...this.#entries.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  get(uuid: string): MappingEntry | undefined {
    return this.#entries.get(uuid);
  }

  /** The mapping of a source to a function. */
  find(source: Pick<EventSourceMapping, "eventSourceArn" | "functionName" | "qualifier">): MappingEntry | undefined {
    return [...this.#entries.values()].find(
      ({ mapping }) =>
        mapping.eventSourceArn === source.eventSourceArn &&
        mapping.functionName === source.functionName &&
        mapping.qualifier === source.qualifier,
    );
  }

  /** Returns the state to answer with. `transitionMs`: see M2. */
  async create(mapping: EventSourceMapping, transitionMs: number): Promise<MappingState> {
    await this.#house.documents.put(kind, mapping.uuid, mapping); // M1
    const entry = new RunningMapping(mapping, stateOf(mapping));
    this.#entries.set(mapping.uuid, entry);
    this.#poll(entry);
    await entry.poller?.settled?.();
    return this.#transit(entry, "Creating", transitionMs);
  }

  /** Replaces the mapping of the same uuid. Returns the state to answer with. */
  async update(mapping: EventSourceMapping, transitionMs: number): Promise<MappingState> {
    const entry = this.#changeable(mapping.uuid, "update");
    const wasEnabled = entry.mapping.isEnabled;
    await this.#house.documents.put(kind, mapping.uuid, mapping); // M1
    entry.mapping = mapping;
    if (wasEnabled && !mapping.isEnabled) {
      this.#pass(entry, "Disabling", transitionMs, () => {
        entry.state = "Disabled";
      });
      return "Disabling";
    }
    entry.state = stateOf(mapping);
    if (entry.poller === undefined) this.#poll(entry);
    else entry.poller.update(mapping);
    return this.#transit(entry, wasEnabled === mapping.isEnabled ? "Updating" : "Enabling", transitionMs);
  }

  /** Returns what it was. */
  async delete(uuid: string, transitionMs: number): Promise<EventSourceMapping> {
    const entry = this.#changeable(uuid, "delete");
    await this.#house.documents.delete(kind, uuid); // M1
    this.#pass(entry, "Deleting", transitionMs, async () => {
      await new LaneCheckpoints(this.#house.documents, uuid).removeAll();
      this.#entries.delete(uuid);
    });
    return entry.mapping;
  }

  /** Has the mapping look again for its source and its function. */
  wake(uuid: string): void {
    this.#entries.get(uuid)?.poller?.wake();
  }

  /** Until the mapping may be changed; the clock is not waited for. */
  async settled(uuid: string): Promise<void> {
    const entry = this.#entries.get(uuid);
    entry?.hurry();
    await entry?.passing;
  }

  /** Keeps the tags of a mapping, whatever state it is in. */
  async tag(uuid: string, tags: Record<string, string>): Promise<void> {
    const entry = this.#entries.get(uuid);
    if (entry === undefined) return;
    const mapping = { ...entry.mapping, tags };
    await this.#house.documents.put(kind, uuid, mapping); // M1
    entry.mapping = mapping;
  }

  #changeable(uuid: string, change: string): RunningMapping {
    const entry = this.#entries.get(uuid);
    if (entry === undefined || entry.passing !== undefined) {
      throw resourceInUse(`Cannot ${change} the event source mapping because it is in use.`); // M2
    }
    return entry;
  }

  #poll(entry: RunningMapping): void {
    if (!this.#isRunning || !entry.mapping.isEnabled || entry.poller !== undefined) return;
    entry.poller = this.#toPoller(entry.mapping);
    entry.poller.wake();
  }

  #toPoller(mapping: EventSourceMapping): MappingPoller {
    const { stream } = mapping;
    return stream === undefined
      ? new QueuePoller(this.#house, mapping)
      : new StreamReader(this.#house, { ...mapping, stream });
  }

  /** Polling ends, then the mapping is what it is to be. */
  #pass(entry: RunningMapping, state: MappingState, transitionMs: number, then: () => void | Promise<void>): void {
    entry.state = state;
    const wait = this.#wait(entry, transitionMs);
    const pass = async (): Promise<void> => {
      await Promise.all([entry.end(), wait]);
      await then();
      entry.passing = undefined;
    };
    entry.passing = pass();
  }

  /** The mapping is what it is to be, and says so after a while. */
  #transit(entry: RunningMapping, state: MappingState, transitionMs: number): MappingState {
    if (transitionMs === 0) return state;
    const { state: after } = entry;
    entry.state = state;
    entry.passing = this.#wait(entry, transitionMs).then(() => {
      entry.state = after;
      entry.passing = undefined;
    });
    return state;
  }

  /** Outside of the activity: the clock may move. */
  #wait(entry: RunningMapping, delayMs: number): Promise<void> {
    if (delayMs === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const { clock } = this.#house;
      const cancel = clock.at(clock.now() + delayMs, resolve);
      entry.hurry = () => {
        cancel();
        resolve();
      };
    });
  }
}

function stateOf({ isEnabled }: EventSourceMapping): MappingState {
  return isEnabled ? "Enabled" : "Disabled";
}
