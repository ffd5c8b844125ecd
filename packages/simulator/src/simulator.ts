import type { DeliveryRecord, InvocationRecord, LogLine, Scope } from "@tripline/kernel";
import type { ScheduleSummary, WatchedFolder } from "@tripline/sources";
import type { MappingSummary } from "@tripline/dispatcher";
import type { DeliveryFilter, InvocationFilter, LogFilter, MappingCounts } from "@tripline/telemetry";
import type { TemplatePlan } from "@tripline/templates";
import type { InvokeHelper } from "./helpers/invoke-helper.ts";
import type { S3Helper } from "./helpers/s3-helper.ts";
import type { SqsHelper } from "./helpers/sqs-helper.ts";
import type { House } from "./house.ts";
import type { ResourceNames } from "./resource-names.ts";
import type { ClockChoice, SimulatorClock } from "./simulator-clock.ts";

/** Options of {@link createSimulator}. */
export interface SimulatorOptions {
  /** A SAM or CloudFormation template, or the folder that holds one. */
  template?: string;
  /** Resources as a template's `Resources` would have them, instead of a template. Relative code folders resolve against `folder`. */
  resources?: Record<string, unknown>;
  /** Default: the current folder. */
  folder?: string;
  /** Values of the template's parameters. */
  parameters?: Record<string, string>;
  /** Default `"system"`. */
  clock?: ClockChoice;
  /** Where virtual time starts. Default 2026-01-01T00:00:00Z. */
  startAt?: Date | number;
  /** Folder for what must outlive the process. Default: nothing does. */
  dataDir?: string;
  /** Seed of all chance. Default: a fresh one, see `simulator.seed`. */
  seed?: string;
  /** `"process"` (default): each environment is a process. `"inline"`: handlers run in this process, for simulation at speed. */
  isolation?: "process" | "inline";
  /** Where the AWS endpoint listens. Default 127.0.0.1 on a free port; `false`: not at all. */
  listen?: { host?: string; port?: number } | false;
  /** Watched folders: what is dropped there becomes an object of the bucket. */
  drops?: readonly { bucket: string; folder: string }[];
  /** Refuse templates with anything that is not simulated. Default false. */
  strict?: boolean;
  /**
   * Keys of Cognito user pools by pool id, for tokens that no pool of AWS has signed: a file with a JSON Web Key Set, or the URL that a local
   * pool publishes it at. Default: what AWS publishes for the pool.
   */
  userPoolKeys?: Readonly<Record<string, string>>;
  /** Region and account. Default us-east-1, 000000000000. */
  scope?: Scope;
  /** Concurrent executions of the account. Default 1,000. */
  accountConcurrency?: number;
  /** Pick up changes of functions' code at their next invocation. Default true on wall time, false on virtual time. */
  watchCode?: boolean;
  /** Freeze environments between invocations, as Lambda does. Default true. */
  freeze?: boolean;
  /** Whether rules and schedules fire. Default true. */
  runSchedules?: boolean;
  /** How much `deliveries`, `invocations` and `logs` remember of each kind: the newest, up to 100,000 and 256 MiB by default. */
  history?: { entriesMax?: number; bytesMax?: number };
  /** Called with the parts before anything starts: to listen on the bus from the first event on. */
  onHouse?: (house: House) => void;
}

/** An event source mapping, and what was counted for it since the start; nothing unless its `MetricsConfig` asks for `EventCount`. */
export interface MappingReport extends MappingSummary {
  counts: MappingCounts;
}

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`; undefined with `listen: false`. */
  readonly endpoint: string | undefined;
  readonly seed: string;
  readonly clock: SimulatorClock;
  /** What the template asked for, if there was one. */
  readonly plan: TemplatePlan | undefined;
  readonly names: ResourceNames;
  readonly drops: readonly WatchedFolder[];
  readonly s3: S3Helper;
  readonly sqs: SqsHelper;
  /** Invokes a function and waits for its answer; with `{ async: true }` queues an event. */
  readonly invoke: InvokeHelper;
  /** A new random id, from the simulator's seed. */
  newId(): string;
  /** The parts, for those who extend the simulator. */
  readonly house: House;
  /** Waits until nothing is in flight. Virtual time does not move. */
  settle(): Promise<void>;
  /** What was delivered to whom and why. */
  deliveries(filter?: DeliveryFilter): DeliveryRecord[];
  /** What was invoked. `functionName` may be a logical id. */
  invocations(filter?: InvocationFilter): InvocationRecord[];
  logs(filter?: LogFilter): LogLine[];
  /** Event source mappings with Lambda's counts (`PolledEventCount`, …), by source and function. */
  mappings(): MappingReport[];
  /** Rules and schedules, by name. */
  schedules(): ScheduleSummary[];
  /** Ends intake, waits (bounded) for what is in hand, ends every environment and closes the storage. */
  stop(): Promise<void>;
}
