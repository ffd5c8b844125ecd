import { ServiceError } from "@tripline/kernel";
import type { PathStep } from "../codec/required-members.ts";

/** 400, as SQS words it. */
export function missingParameter(path: readonly PathStep[]): ServiceError {
  return new ServiceError(
    "MissingRequiredParameterException",
    `The request must contain the parameter ${path.join(".")}.`,
    { queryCode: "MissingParameter" },
  );
}
