/**
 * The mappings that exist, and their pollers.
 *
 * M1. A change is durable before it is seen.
 * M2. Creating, Enabling and Updating are over as soon as they are answered; Disabling and Deleting last until what is in hand is done.
 *     Meanwhile a mapping takes no other change.
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
  /** Until what is in hand is done. */
  passing: Promise<void> | undefined;
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
      const state = value.isEnabled ? "Enabled" : "Disabled";
      this.#entries.set(key, new RunningMapping(value, state));
    }
    this.#isRunning = true;
    for (const entry of this.#entries.values()) this.#poll(entry);
  }

  /** Ends intake, and waits for what is in hand. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await Promise.all(Array.from(this.#entries.values(), async (entry) => entry.passing ?? entry.end()));
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

  /** Returns the state to answer with. */
  async create(mapping: EventSourceMapping): Promise<MappingState> {
    await this.#house.documents.put(kind, mapping.uuid, mapping); // M1
    const state = mapping.isEnabled ? "Enabled" : "Disabled";
    const entry = new RunningMapping(mapping, state);
    this.#entries.set(mapping.uuid, entry);
    this.#poll(entry);
    await entry.poller?.settled?.();
    return mapping.isEnabled ? "Creating" : "Disabled";
  }

  /** Replaces the mapping of the same uuid. Returns the state to answer with. */
  async update(mapping: EventSourceMapping): Promise<MappingState> {
    const entry = this.#changeable(mapping.uuid, "update");
    const wasEnabled = entry.mapping.isEnabled;
    await this.#house.documents.put(kind, mapping.uuid, mapping); // M1
    entry.mapping = mapping;
    if (wasEnabled && !mapping.isEnabled) {
      this.#pass(entry, "Disabling", () => {
        entry.state = "Disabled";
      });
      return "Disabling";
    }
    entry.state = mapping.isEnabled ? "Enabled" : "Disabled";
    if (entry.poller === undefined) this.#poll(entry);
    else entry.poller.update(mapping);
    return wasEnabled === mapping.isEnabled ? "Updating" : "Enabling";
  }

  /** Returns what it was. */
  async delete(uuid: string): Promise<EventSourceMapping> {
    const entry = this.#changeable(uuid, "delete");
    await this.#house.documents.delete(kind, uuid); // M1
    this.#pass(entry, "Deleting", async () => {
      await new LaneCheckpoints(this.#house.documents, uuid).removeAll();
      this.#entries.delete(uuid);
    });
    return entry.mapping;
  }

  /** Has the mapping look again for its source and its function. */
  wake(uuid: string): void {
    this.#entries.get(uuid)?.poller?.wake();
  }

  /** Until the mapping may be changed. */
  async settled(uuid: string): Promise<void> {
    await this.#entries.get(uuid)?.passing;
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

  #pass(entry: RunningMapping, state: MappingState, then: () => void | Promise<void>): void {
    entry.state = state;
    const pass = async (): Promise<void> => {
      await entry.end();
      await then();
      entry.passing = undefined;
    };
    entry.passing = pass();
  }
}
