import { badRequest } from "../errors.ts";

/** Why an import fails that was told to fail on warnings: AWS's heading, and a line for each. Of HTTP APIs and REST APIs alike. */
export function warningsFound(warnings: readonly string[]): Error {
  return badRequest(`Warnings found during import:\n\t${warnings.join("\n\t")}`);
}
