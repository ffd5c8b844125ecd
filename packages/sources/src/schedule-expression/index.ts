export { createFiringTimes, type FiringTimesOptions, type NextFiring, nextFirings } from "./firing-times.ts";
export { isTimezone } from "./local-time.ts";
export { parseScheduleExpression, type ScheduleExpression, type ScheduleKind } from "./schedule-expression.ts";
