import { badRequest } from "../../errors.ts";
import { warningsFound } from "../../openapi/warnings-found.ts";

/**
 * What an import tells of a document. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
 *
 * Errors and warnings are told as AWS tells them: `Warnings found during import:` and a line for each.
 */
export class ImportFindings {
  /** What is valid, and ignored. */
  readonly infos: string[] = [];
  /** What was left out. */
  readonly warnings: string[] = [];
  readonly #errors: string[] = [];

  /** `paths./pets.get: key [requestBody] will be ignored by API Gateway`. */
  ignored(where: string, key: string): void {
    this.infos.push(`${where}: key [${key}] will be ignored by API Gateway`);
  }

  /** `what` could not be made. */
  leftOut(what: string, why: string): void {
    this.warnings.push(`Unable to create ${what}: ${why.replace(/\.$/, "")}. Ignoring.`);
  }

  error(text: string): void {
    this.#errors.push(text);
  }

  /** Throws BadRequestException where there are errors, or warnings that are to fail the import. */
  check(failOnWarnings: boolean): void {
    if (this.#errors.length > 0) throw badRequest(`Errors found during import:\n\t${this.#errors.join("\n\t")}`);
    if (failOnWarnings && this.warnings.length > 0) throw warningsFound(this.warnings);
  }
}
