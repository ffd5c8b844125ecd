/** One rule with a schedule, or one schedule, for whoever lists or foretells firings. */
export interface ScheduleSummary {
  name: string;
  kind: "rule" | "schedule";
  arn: string;
  expression: string;
  /** IANA name; `UTC` for rules. */
  timezone: string;
  state: "ENABLED" | "DISABLED";
  targetArns: readonly string[];
  startMs?: number;
  endMs?: number;
  /** The first firing strictly after `afterMs`; undefined when there is none, or the schedule is disabled. Pure. */
  next(afterMs: number): number | undefined;
}
