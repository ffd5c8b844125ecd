/** What a policy is about: a function, a version or an alias, as AddPermission, RemovePermission and GetPolicy name it. */
import { ServiceError } from "@tripline/kernel";
import { functionNotFound, invalidParameter } from "../errors.ts";
import { parseFunctionReference } from "../function-reference.ts";
import type { FunctionRegistry } from "../function-registry.ts";
import { checkQualifier } from "../member-constraints.ts";

/** See the module's header. */
export interface PolicyTarget {
  functionName: string;
  qualifier?: string;
  /** With the qualifier. */
  resource: string;
}

/** Reads the name. Throws where it is none, and for `$LATEST`, which has no policy of its own. */
export function parsePolicyTarget(
  registry: FunctionRegistry,
  input: { FunctionName: string; Qualifier?: string },
): PolicyTarget {
  checkQualifier(input.Qualifier);
  const { functionName, qualifier } = parseFunctionReference(input.FunctionName, input.Qualifier);
  if (qualifier === "$LATEST") throw invalidParameter("We currently do not support adding policies for $LATEST.");
  const arn = registry.toArn(functionName);
  return qualifier === undefined
    ? { functionName, resource: arn }
    : { functionName, qualifier, resource: `${arn}:${qualifier}` };
}

/** Throws `ResourceNotFoundException` where there is nothing that the policy could be about. */
export function mustExist(registry: FunctionRegistry, { functionName, qualifier, resource }: PolicyTarget): void {
  if (registry.find(functionName, qualifier) !== undefined) return;
  throw isAliasName(qualifier) ? aliasNotFound(resource) : functionNotFound(resource);
}

/** Whether `qualifier` can only be the name of an alias. */
export function isAliasName(qualifier: string | undefined): boolean {
  return qualifier !== undefined && /^(?!\d+$)[a-zA-Z0-9-_]+$/.test(qualifier);
}

/** 404. */
export function aliasNotFound(aliasArn: string): ServiceError {
  return notFound(`Cannot find alias arn: ${aliasArn}`);
}

/** 404, with the two members that Lambda gives it. */
export function notFound(message: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", message, { status: 404, members: { Type: "User" } });
}

/** 412, where the caller has read something else than what is there now. */
export function policyRevisionDiffers(): ServiceError {
  return new ServiceError(
    "PreconditionFailedException",
    "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id",
    { status: 412, members: { Type: "User" } },
  );
}
