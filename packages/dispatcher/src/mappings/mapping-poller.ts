import type { EventSourceMapping } from "./event-source-mapping.ts";

/** Takes what a source has to the function, for one mapping. */
export interface MappingPoller {
  /** There may be something to do. */
  wake(): void;
  /** The mapping has changed: what is taken from now on goes by it. */
  update(mapping: EventSourceMapping): void;
  /** Nothing more is taken; what is in hand is waited for. */
  stop(): Promise<void>;
  /** Until the mapping has decided where it begins. Absent: it need not. */
  settled?(): Promise<void>;
  /** `LastProcessingResult`; undefined before the first invoke. */
  readonly lastResult?: string | undefined;
}
