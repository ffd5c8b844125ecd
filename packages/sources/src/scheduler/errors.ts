/** EventBridge Scheduler's own errors, as its API answers them. */
import { ServiceError } from "@tripline/kernel";

/** 400 `ValidationException`. */
export function invalid(message: string): ServiceError {
  return new ServiceError("ValidationException", message);
}

/** 400 `ValidationException` in the form that all of AWS uses for a member that breaks its model's constraint. */
export function constraint(
  value: string | number | object | null | undefined,
  member: string,
  rule: string,
): ServiceError {
  const shown =
    value === undefined || value === null
      ? "Value null"
      : `Value '${typeof value === "object" ? JSON.stringify(value) : value}'`;
  return invalid(`1 validation error detected: ${shown} at '${member}' failed to satisfy constraint: ${rule}`);
}

/** What Tripline does not simulate: refused by name, never ignored. */
export function notSimulated(member: string, why: string): ServiceError {
  return invalid(`${member} is not simulated by Tripline: ${why}`);
}

export function scheduleNotFound(name: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", `Schedule ${name} does not exist.`, { status: 404 });
}

export function scheduleExists(name: string): ServiceError {
  return new ServiceError("ConflictException", `Schedule ${name} already exists.`, { status: 409 });
}

export function scheduleGroupNotFound(name: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", `Schedule group ${name} does not exist.`, { status: 404 });
}

export function scheduleGroupExists(name: string): ServiceError {
  return new ServiceError("ConflictException", `Schedule group ${name} already exists.`, { status: 409 });
}
