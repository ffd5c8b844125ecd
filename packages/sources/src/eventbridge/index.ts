import {
  type Activity,
  type Clock,
  createService,
  type DocumentStore,
  type EventBus,
  type Rng,
  type ScheduleStore,
  type Scope,
  type Service,
  type SourceAdapter,
} from "@tripline/kernel";
import type { ScheduleSummary } from "../schedule-runner/index.ts";
import { firingsOf, type Rule, toRuleArn } from "./rule.ts";
import { createRuleBook } from "./rule-book.ts";
import { createRuleSource } from "./source.ts";

/** Options of {@link createEventBridge}. */
export interface EventBridgeOptions {
  clock: Clock;
  rng: Rng;
  activity: Activity;
  bus: EventBus;
  scope: Scope;
  documents: DocumentStore;
  store: ScheduleStore;
}

/** EventBridge: rules with a schedule on the default event bus. */
export interface EventBridge {
  /** Signing name `events`. */
  readonly service: Service;
  readonly source: SourceAdapter;
  /** Every rule, by name. What the data directory holds is seen once the source has started or an operation has run. */
  schedules(): ScheduleSummary[];
}

/** EventBridge on the given ports. */
export function createEventBridge(options: EventBridgeOptions): EventBridge {
  const { clock, scope, documents } = options;
  const rules = createRuleBook(clock, scope, documents);
  return {
    service: createService({
      id: "events",
      activity: options.activity,
      operations: async () => (await import("./operations/index.ts")).createRuleOperations(rules),
    }),
    source: createRuleSource({ ...options, rng: options.rng.fork("events"), rules }),
    schedules: () => rules.all().map((rule) => toSummary(rule, scope)),
  };
}

function toSummary(rule: Rule, scope: Scope): ScheduleSummary {
  return {
    name: rule.name,
    kind: "rule",
    arn: toRuleArn(scope, rule.name),
    expression: rule.scheduleExpression,
    timezone: "UTC",
    state: rule.state,
    targetArns: rule.targets.map((target) => target.Arn),
    next: rule.state === "ENABLED" ? firingsOf(rule) : () => undefined,
  };
}
