import { isServiceError } from "@tripline/kernel";
import { expect, it } from "vitest";
import { ConcurrencyLeases } from "./concurrency.ts";

function take(leases: ConcurrencyLeases, name: string, version: string, reserved?: number): (() => void) | string {
  try {
    return leases.take(name, version, reserved);
  } catch (error) {
    if (isServiceError(error)) return String(error.members["Reason"]);
    throw error;
  }
}
const isLease = (lease: unknown): boolean => typeof lease === "function";
const account = "ConcurrentInvocationLimitExceeded";
const reservation = "ReservedFunctionConcurrentInvocationLimitExceeded";

it("what is provisioned for a version is its own; what exceeds it is on demand, and others have the rest", () => {
  const leases = new ConcurrencyLeases(3);
  leases.provision("orders", "1", 2);
  const held = [1, 2].map(() => take(leases, "orders", "1"));
  expect(held.map(isLease)).toEqual([true, true]);
  const other = take(leases, "mail", "$LATEST");
  expect([isLease(other), take(leases, "mail", "$LATEST"), take(leases, "orders", "1")]).toEqual([
    true,
    account,
    account,
  ]);
  if (typeof other === "function") other();
  expect(isLease(take(leases, "orders", "1"))).toBe(true);
  expect(take(leases, "mail", "$LATEST")).toBe(account);
  for (const release of held) if (typeof release === "function") release();
  expect(isLease(take(leases, "orders", "1"))).toBe(true);
});

it("a reservation that is provisioned as a whole leaves nothing for other versions", () => {
  const leases = new ConcurrencyLeases(100);
  leases.provision("orders", "1", 2);
  expect(take(leases, "orders", "$LATEST", 2)).toBe(reservation);
  expect([1, 2].map(() => isLease(take(leases, "orders", "1", 2)))).toEqual([true, true]);
  expect(take(leases, "orders", "1", 2)).toBe(reservation);
});

it("what is no longer provisioned is on demand again; leases that were taken from it end where they began", () => {
  const leases = new ConcurrencyLeases(2);
  leases.provision("orders", "1", 1);
  const held = take(leases, "orders", "1");
  leases.provision("orders", "1", 0);
  expect([1, 2].map(() => isLease(take(leases, "mail", "$LATEST")))).toEqual([true, true]);
  expect(take(leases, "orders", "1")).toBe(account);
  if (typeof held === "function") held();
  expect(take(leases, "orders", "1")).toBe(account);
});

it("a reservation of zero runs nothing, provisioned or not", () => {
  const leases = new ConcurrencyLeases(2);
  leases.provision("orders", "1", 1);
  expect(take(leases, "orders", "1", 0)).toBe(reservation);
});
