/** EventBridge's own errors, as its API answers them. */
import { ServiceError } from "@tripline/kernel";

/** 400 `ValidationException`. */
export function invalid(message: string): ServiceError {
  return new ServiceError("ValidationException", message);
}

/** 400 `ValidationException` in the form that all of AWS uses for a member that breaks its model's constraint. */
export function constraint(value: unknown, member: string, rule: string): ServiceError {
  return invalid(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

/** What Tripline does not simulate: refused by name, never ignored. */
export function notSimulated(member: string, why: string): ServiceError {
  return invalid(`${member} is not simulated by Tripline: ${why}`);
}

export function ruleNotFound(name: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus default.`);
}

export function eventBusNotFound(name: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", `Event bus ${name} does not exist.`);
}

export function limitExceeded(): ServiceError {
  return new ServiceError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
}
