import { ServiceError } from "@tripline/kernel";
import type { PathStep } from "../codec/required-members.ts";
import type { ServiceModel } from "../model/service-model.ts";

/** 400, as AWS's Java services word it: required members that are missing. */
export function validationException(model: ServiceModel, paths: readonly PathStep[][]): ServiceError {
  const errors = paths.map(
    (path) => `Value null at '${toMemberPath(path)}' failed to satisfy constraint: Member must not be null`,
  );
  return new ServiceError(
    model.validationCode ?? "ValidationException",
    `${paths.length} validation error${paths.length === 1 ? "" : "s"} detected: ${errors.join("; ")}`,
  );
}

/** `FileSystemConfigs.1.Arn` is `fileSystemConfigs.1.member.arn`. */
function toMemberPath(path: readonly PathStep[]): string {
  return path
    .map((step) => (typeof step === "number" ? `${step}.member` : step.charAt(0).toLowerCase() + step.slice(1)))
    .join(".");
}
