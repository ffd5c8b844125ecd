import { EventEmitter } from "eventemitter3";
import type { Cancel } from "./clock/clock.ts";
import type { DeliveryRecord, InvocationRecord, LogLine, MappingCount } from "./records.ts";

/** What is told on the bus. Listeners look on: nothing may depend on one being there, and none may throw. */
export interface SimulatorEvents {
  /** A delivery was accepted, or changed its state. */
  delivery: (record: DeliveryRecord) => void;
  /** An invocation ended. */
  invocation: (record: InvocationRecord) => void;
  /** A line of output of a function or of its environment. */
  log: (line: LogLine) => void;
  /** Events of a mapping whose `MetricsConfig` asks for it were counted. */
  mappingCount: (count: MappingCount) => void;
  /** Something the user should see once. */
  notice: (notice: Notice) => void;
}

/** A remark for the user, not tied to a request. */
export interface Notice {
  level: "info" | "warning";
  /** What it is about: a function's name, a folder, a resource. */
  subject: string;
  message: string;
}

/** The simulator's event bus. */
export class EventBus {
  readonly #emitter = new EventEmitter();

  emit<Name extends keyof SimulatorEvents>(name: Name, event: Parameters<SimulatorEvents[Name]>[0]): void {
    this.#emitter.emit(name, event);
  }

  on<Name extends keyof SimulatorEvents>(name: Name, listener: SimulatorEvents[Name]): Cancel {
    this.#emitter.on(name, listener);
    return () => {
      this.#emitter.off(name, listener);
    };
  }

  /** Whether anyone listens: lets a hot path skip building what nobody reads. */
  hasListeners(name: keyof SimulatorEvents): boolean {
    return this.#emitter.listenerCount(name) > 0;
  }
}
