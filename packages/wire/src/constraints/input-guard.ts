/**
 * Refuses input that breaks the model, in the service's own words, before its operation sees it.
 */
import { ServiceError } from "@tripline/kernel";
import { missingMembers, type PathStep } from "../codec/required-members.ts";
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import { malformedXml } from "../wire-errors.ts";
import { createInputCheck } from "./input-check.ts";

/** Throws ServiceError (400). */
export type InputGuard = (input: Readonly<Record<string, unknown>>) => void;

/** The guard of one operation. S3 and SQS say what is missing in words of their own, and leave the rest to their operations. */
export function createInputGuard(operation: OperationModel): InputGuard {
  const { input, service } = operation;
  if (input === undefined) return () => undefined;
  const missingIn = missingErrors[service.id];
  if (missingIn !== undefined) {
    return (given) => {
      const [first] = missingMembers(input, given);
      if (first !== undefined) throw missingIn(first);
    };
  }
  const check = createInputCheck(service, operation);
  return (given) => {
    const violations = check(given);
    if (violations.length > 0) throw validationException(service, violations);
  };
}

const missingErrors: Readonly<Record<string, (path: readonly PathStep[]) => ServiceError>> = {
  s3: (path) =>
    path.length > 1
      ? malformedXml() // inside the document it is a document that is wrong
      : new ServiceError("InvalidRequest", `Missing required parameter for this request: '${String(path[0])}'.`),
  sqs: (path) =>
    new ServiceError("MissingRequiredParameterException", `The request must contain the parameter ${path.join(".")}.`, {
      queryCode: "MissingParameter",
    }),
};

/** As AWS's Java services word it. */
function validationException(service: ServiceModel, violations: readonly string[]): ServiceError {
  const count = `${violations.length} validation error${violations.length === 1 ? "" : "s"} detected`;
  return new ServiceError(service.validationCode ?? "ValidationException", `${count}: ${violations.join("; ")}`);
}
