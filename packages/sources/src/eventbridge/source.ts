/** The adapter: fires rules and hands their events to the host. */
import {
  type Activity,
  type Clock,
  type EventBus,
  type Rng,
  type ScheduleStore,
  type SourceAdapter,
} from "@tripline/kernel";
import { createAgenda, createTargetInvoker, type Firing, retryLimits } from "../schedule-runner/index.ts";
import { toRuleDeadLetterAttributes } from "./dead-letter-attributes.ts";
import type { RuleBook } from "./rule-book.ts";
import type { RuleTarget } from "./rule-target.ts";
import { toTargetInput } from "./target-input.ts";

/** Options of {@link createRuleSource}. */
export interface RuleSourceOptions {
  clock: Clock;
  rng: Rng;
  activity: Activity;
  bus: EventBus;
  store: ScheduleStore;
  rules: RuleBook;
}

/** The source `events`. */
export function createRuleSource(options: RuleSourceOptions): SourceAdapter {
  const { rules, rng, clock } = options;
  const invoker = createTargetInvoker({
    ...options,
    source: "events",
    toBody: (firing) => firing.body,
    toDeadLetterAttributes: toRuleDeadLetterAttributes,
  });
  const agenda = createAgenda({
    clock,
    fire(name, dueMs) {
      const rule = rules.get(name);
      if (rule === undefined) return;
      const ruleArn = rules.toArn(name);
      const firing = { ruleName: name, id: rng.uuid(), dueMs };
      for (const [index, target] of rule.targets.entries()) {
        const body = toTargetInput(target, firing, rules.scope);
        const id = index === 0 ? firing.id : rng.uuid(); // the first delivery has the id of the event
        invoker.send(toFiring(target, id, name, ruleArn, rules.scope.accountId, body, dueMs, clock.now()));
      }
    },
  });
  return {
    service: "events",
    async start(host) {
      await rules.ready();
      await invoker.start(host);
      rules.open(agenda);
    },
    async stop() {
      rules.close();
      agenda.clear();
      await invoker.stop();
    },
  };
}

function toFiring(
  target: RuleTarget,
  id: string,
  key: string,
  sourceArn: string,
  sourceAccount: string,
  body: string,
  dueMs: number,
  nowMs: number,
): Firing {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = target.RetryPolicy ?? {};
  const messageGroupId = target.SqsParameters?.MessageGroupId;
  const deadLetterArn = target.DeadLetterConfig?.Arn;
  return {
    id,
    key,
    sourceArn,
    ...(target.RoleArn === undefined ? { caller: { service: "events.amazonaws.com", sourceArn, sourceAccount } } : {}),
    targetArn: target.Arn,
    body,
    ...(messageGroupId === undefined ? {} : { messageGroupId }),
    dueMs,
    firedMs: nowMs,
    nextAttemptMs: nowMs,
    attempts: 0,
    maximumRetryAttempts: MaximumRetryAttempts ?? retryLimits.maximumRetryAttemptsMax,
    maximumEventAgeMs: (MaximumEventAgeInSeconds ?? retryLimits.maximumEventAgeSecondsMax) * 1000,
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
  };
}
