import { validationError } from "../../errors.ts";

/** What is wrong with a status code, for AWS's list of faults. */
export function statusCodeFaults(statusCode: string): Parameters<typeof validationError>[0] {
  if (/^[1-5]\d\d$/.test(statusCode)) return [];
  const constraint = String.raw`Member must satisfy regular expression pattern: [1-5]\d\d`;
  return [{ value: statusCode, at: "statusCode", constraint }];
}

/** Throws ValidationException for anything but `100` to `599`. */
export function checkStatusCode(statusCode: string): void {
  const faults = statusCodeFaults(statusCode);
  if (faults.length > 0) throw validationError(faults);
}
