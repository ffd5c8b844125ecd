/** Constraints of the API's model, for operations that templates call as well: AWS's texts. */
import { ServiceError } from "@tripline/kernel";

/** 400: `1 validation error detected: Value 'x' at 'member' failed to satisfy constraint: Member must …`. */
export function constraintBroken(member: string, value: unknown, constraint: string): ServiceError {
  return new ServiceError(
    "ValidationException",
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${constraint}`,
  );
}

/** Refuses text that the whole pattern does not match; undefined passes. `pattern` is printed as it is. */
export function checkPattern(member: string, value: string | undefined, pattern: string): void {
  if (value === undefined || new RegExp(`^(?:${pattern})$`, "s").test(value)) return;
  throw constraintBroken(member, value, `satisfy regular expression pattern: ${pattern}`);
}

/** Refuses longer text; undefined passes. */
export function checkLength(member: string, value: string | undefined, max: number): void {
  if (value === undefined || value.length <= max) return;
  throw constraintBroken(member, value, `have length less than or equal to ${max}`);
}

/** Refuses what is not one of `allowed`; undefined passes. */
export function checkEnum(member: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  throw constraintBroken(member, value, `satisfy enum value set: [${allowed.join(", ")}]`);
}

/** A version, an alias, or one of the names that Lambda gives. */
export const qualifierPattern = "\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+";

/** See {@link qualifierPattern}. */
export function checkQualifier(qualifier: string | undefined): void {
  checkLength("qualifier", qualifier, 128);
  checkPattern("qualifier", qualifier, qualifierPattern);
}
