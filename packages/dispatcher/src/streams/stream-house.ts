import type { Delivery, DocumentStore, Rng, StreamSources } from "@tripline/kernel";
import type { MappingHouse } from "../mappings/mapping-house.ts";

/** What mappings of streams need beside what every mapping needs. */
export interface StreamHouse extends MappingHouse {
  rng: Rng;
  documents: DocumentStore;
  streams: StreamSources;
  /** Tells an on-failure destination. */
  deliver: (delivery: Delivery) => Promise<void>;
}
