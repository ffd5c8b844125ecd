import {
  type Activity,
  type Clock,
  createService,
  type DocumentStore,
  type EventBus,
  type LogStore,
  type RealTime,
  type Rng,
  type Scope,
  type Service,
} from "@tripline/kernel";
import type { LogsHouse } from "./house.ts";
import { LogGroups } from "./log-group.ts";
import { LogKeeper, type ServiceLogLine } from "./log-keeper.ts";

/** Options of {@link createCloudWatchLogs}. */
export interface CloudWatchLogsOptions {
  clock: Clock;
  activity: Activity;
  realTime: RealTime;
  rng: Rng;
  bus: EventBus;
  scope: Scope;
  store: LogStore;
  documents: DocumentStore;
  /** Most bytes of logs that are kept; beyond, the oldest go. Default 256 MiB. */
  keptBytesMax?: number;
}

/** Amazon CloudWatch Logs, holding what functions log. */
export interface CloudWatchLogs {
  /** Id `logs`. */
  service: Service;
  /** Takes a line that a service logs; its group and stream are made with their first line. */
  take(line: ServiceLogLine): void;
  /** Loads what an earlier run has kept, and begins to take what functions log: before the first function runs. */
  start(): Promise<void>;
  /** Writes what is in memory. After the last function. */
  stop(): Promise<void>;
}

const note =
  "Every function's output is here, under Lambda's names. At most 256 MiB are kept over all groups: beyond that the oldest go, whatever a group's retention says.";

/** Builds CloudWatch Logs. */
export function createCloudWatchLogs(options: CloudWatchLogsOptions): CloudWatchLogs {
  const { clock, rng, scope, store } = options;
  const groups = new LogGroups(options);
  const keeper = new LogKeeper({ ...options, groups });
  const house: LogsHouse = { clock, rng, scope, store, groups, keeper };
  return {
    service: createService({
      id: "logs",
      note,
      activity: options.activity,
      operations: async () => (await import("./operations/index.ts")).createLogsOperations(house),
    }),
    take: (line) => {
      keeper.take(line);
    },
    start: () => keeper.start(),
    stop: () => keeper.stop(),
  };
}
