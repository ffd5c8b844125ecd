/** What operations ask before they change a function. */
import { invalidParameter, resourceConflict, revisionMismatch } from "./errors.ts";
import { type FunctionDefinition, latestVersion } from "./function-definition.ts";
import { parseFunctionReference } from "./function-reference.ts";
import type { FunctionRegistry } from "./function-registry.ts";

/** `$LATEST` of a function that is named without a qualifier. Throws where there is one, or no such function. */
export function requireFunction(registry: FunctionRegistry, name: string): FunctionDefinition {
  const { functionName, qualifier } = parseFunctionReference(name);
  if (qualifier !== undefined && qualifier !== latestVersion) {
    throw invalidParameter(
      "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.",
    );
  }
  return registry.describe(functionName);
}

/** Throws 412 where a revision id is given, and is not the current one. */
export function requireRevision(given: string | undefined, current: { revisionId: string }): void {
  if (given !== undefined && given !== current.revisionId) throw revisionMismatch("GetFunction/GetAlias");
}

/** Throws 409 while a function is being created or updated. */
export function requireSettled(definition: FunctionDefinition): void {
  requireInvocable(definition);
  if (definition.lastUpdateStatus === "InProgress") {
    throw resourceConflict(
      `The operation cannot be performed at this time. An update is in progress for resource: ${definition.functionArn}`,
    );
  }
}

/** Throws 409 while a version is being created. */
export function requireInvocable({ state }: FunctionDefinition): void {
  if (state === "Active") return;
  throw resourceConflict(
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
  );
}
