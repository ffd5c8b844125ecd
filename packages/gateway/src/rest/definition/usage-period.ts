/** Quotas: which requests count together, and how many are left. https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html */
import type { Usage, UsagePlan } from "./account-store.ts";

const dayMs = 86_400_000;

/** `2026-01-31`, in UTC. */
export function toDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** The first moment of the period of `atMs`: midnight, Sunday's midnight, the first of the month; in UTC. */
export function periodStartMs(period: "DAY" | "WEEK" | "MONTH", atMs: number): number {
  const date = new Date(atMs);
  const midnightMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  if (period === "DAY") return midnightMs;
  if (period === "WEEK") return midnightMs - date.getUTCDay() * dayMs;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** Requests that are left at the end of the day of `atMs`; undefined without a quota. */
export function remainingOf(
  { quota, createdAtMs }: UsagePlan,
  usage: Usage | undefined,
  atMs: number,
): number | undefined {
  if (quota === undefined) return undefined;
  const startMs = periodStartMs(quota.period, atMs);
  const [first, last] = [toDay(startMs), toDay(atMs)];
  let used = startMs === periodStartMs(quota.period, createdAtMs) ? quota.offset : 0;
  for (const [day, count] of Object.entries(usage?.days ?? {})) if (day >= first && day <= last) used += count;
  return quota.limit + (usage?.granted[first] ?? 0) - used;
}

/** Every day of `from` to `to`, both included. */
export function daysBetween(from: string, to: string): number[] {
  const days: number[] = [];
  for (let atMs = Date.parse(`${from}T00:00:00Z`); atMs <= Date.parse(`${to}T00:00:00Z`); atMs += dayMs)
    days.push(atMs);
  return days;
}
