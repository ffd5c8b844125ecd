/**
 * The rules, and their places on the agenda.
 *
 * E1. A rule is on the agenda while it is enabled, has a target, and the source is started.
 * E2. Changing targets, description or role leaves the rhythm as it is; a new expression starts `rate()` anew.
 * E3. Firings that fell due while the simulator was stopped are skipped: a rule goes on at its next due time.
 */
import type { Clock, DocumentStore, Scope } from "@tripline/kernel";
import { type Agenda, createDefinitionBook } from "../schedule-runner/index.ts";
import { ruleNotFound } from "./errors.ts";
import { firingsOf, type Rule, toRuleArn } from "./rule.ts";

/** What operations and the source work on. */
export interface RuleBook {
  readonly scope: Scope;
  readonly clock: Clock;
  ready(): Promise<void>;
  get(name: string): Rule | undefined;
  /** Throws `ResourceNotFoundException`. */
  find(name: string): Rule;
  /** Ordered by name. */
  all(): Rule[];
  toArn(name: string): string;
  /** Runs one change after another, so that it may read before it writes. */
  exclusive<R>(change: () => Promise<R>): Promise<R>;
  save(rule: Rule): Promise<void>;
  delete(name: string): Promise<void>;
  /** Puts every rule on the agenda, and keeps it up to date from now on. */
  open(agenda: Agenda): void;
  /** Rules leave the agenda alone from now on. */
  close(): void;
}

/** A book of the rules in `documents`. */
export function createRuleBook(clock: Clock, scope: Scope, documents: DocumentStore): RuleBook {
  const rules = createDefinitionBook<Rule>(documents, "events/rule");
  let agenda: Agenda | undefined;

  const schedule = (rule: Rule, afterMs: number): void => {
    if (isFiring(rule)) agenda?.set(rule.name, firingsOf(rule), afterMs);
    else agenda?.remove(rule.name);
  };
  return {
    scope,
    clock,
    ready: rules.ready,
    get: rules.get,
    find(name) {
      const rule = rules.get(name);
      if (rule === undefined) throw ruleNotFound(name);
      return rule;
    },
    all: rules.all,
    toArn: (name) => toRuleArn(scope, name),
    exclusive: rules.exclusive,
    async save(rule) {
      const before = rules.get(rule.name);
      await rules.put(rule.name, rule);
      const isUntouched =
        before !== undefined &&
        isFiring(before) === isFiring(rule) &&
        before.scheduleExpression === rule.scheduleExpression;
      // A rule that has never fired may fire at the very instant that completes it.
      const isNew = before === undefined || before.targets.length === 0;
      if (!isUntouched) schedule(rule, isNew ? clock.now() - 1 : clock.now()); // E2
    },
    async delete(name) {
      await rules.delete(name);
      agenda?.remove(name);
    },
    open(newAgenda) {
      agenda = newAgenda;
      for (const rule of rules.all()) schedule(rule, clock.now() - 1); // E3
    },
    close() {
      agenda = undefined;
    },
  };
}

function isFiring(rule: Rule): boolean {
  return rule.state === "ENABLED" && rule.targets.length > 0; // E1
}
