/** Constraints of the API's model that operations check themselves, since templates and the library call them too. */
import { invalidParameter, validationException } from "../errors.ts";

/** A whole number within bounds. */
export function inRange(member: string, value: number, min: number, max: number): number {
  if (value < min || value > max || !Number.isInteger(value)) {
    const bound = value < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
    throw invalidParameter(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  return value;
}

/** One of some texts. */
export function oneOf<const T extends string>(member: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw notOneOf(member, value, allowed);
  return found;
}

function notOneOf(member: string, value: string, allowed: readonly string[]): Error {
  return validationException(
    `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(", ")}]`,
  );
}

/** A text of a pattern, which is matched whole. */
export function matching(member: string, value: string, pattern: string): string {
  if (!new RegExp(`^(?:${pattern})$`).test(value)) {
    throw validationException(
      `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`,
    );
  }
  return value;
}

/** A text of at most `max` characters. */
export function atMost(member: string, value: string, max: number): string {
  if (value.length > max) {
    throw validationException(
      `Value '${value}' at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${max}`,
    );
  }
  return value;
}
