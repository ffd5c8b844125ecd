export { type Agenda, type AgendaOptions, createAgenda } from "./agenda.ts";
export { createDefinitionBook, type DefinitionBook } from "./definition-book.ts";
export type { Firing } from "./firing.ts";
export { pageOf } from "./page-of.ts";
export { type Failure, retryLimits } from "./retry-policy.ts";
export type { ScheduleSummary } from "./schedule-summary.ts";
export { createTargetInvoker, type TargetInvoker, type TargetInvokerOptions } from "./target-invoker.ts";
