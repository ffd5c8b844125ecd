import type { Clock, Rng, Scope } from "@tripline/kernel";
import type { Entities } from "./entities.ts";
import type { Sessions } from "./sessions.ts";

/** What the operations of IAM and STS share. */
export interface IdentityHouse {
  clock: Clock;
  rng: Rng;
  scope: Scope;
  entities: Entities;
  sessions: Sessions;
}
