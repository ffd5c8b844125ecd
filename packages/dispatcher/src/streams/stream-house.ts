import type { Delivery, DocumentStore, Rng, StreamSources } from "@tripline/kernel";
import type { EventSourceMapping } from "../mappings/event-source-mapping.ts";
import type { MappingHouse } from "../mappings/mapping-house.ts";
import type { StreamSettings } from "./stream-settings.ts";

/** A mapping of a stream. */
export type StreamMapping = EventSourceMapping & { stream: StreamSettings };

/** What mappings of streams need beside what every mapping needs. */
export interface StreamHouse extends MappingHouse {
  rng: Rng;
  documents: DocumentStore;
  streams: StreamSources;
  /** Tells an on-failure destination. */
  deliver: (delivery: Delivery) => Promise<void>;
}
