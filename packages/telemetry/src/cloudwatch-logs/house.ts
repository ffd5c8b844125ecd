import type { Clock, LogStore, Rng, Scope } from "@tripline/kernel";
import type { LogGroups } from "./log-group.ts";
import type { LogKeeper } from "./log-keeper.ts";

/** What the operations of CloudWatch Logs share. */
export interface LogsHouse {
  clock: Clock;
  rng: Rng;
  scope: Scope;
  store: LogStore;
  groups: LogGroups;
  keeper: LogKeeper;
}
