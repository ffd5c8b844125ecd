/**
 * The ways in which a caller may name a function: `orders`, `orders:live`, `123456789012:function:orders`,
 * `123456789012:orders` and a full ARN, each with or without a qualifier.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
 */
import { type Scope, ServiceError } from "@tripline/kernel";
import { invalidParameter, resourceNotFound, validationException } from "./errors.ts";

/** A function's name and what was asked of it. */
export interface FunctionReference {
  functionName: string;
  qualifier?: string;
  /** Where the name says so. */
  region?: string;
  accountId?: string;
}

const namePattern = String.raw`(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`;
const qualifierPattern = String.raw`\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+`;
const qualifierMax = 128;
const name = new RegExp(`^${namePattern}$`);
const plainName = /^[a-zA-Z0-9-_]+$/;
const anyQualifier = new RegExp(`^(?:${qualifierPattern})$`);

/** Parses `text`. Throws what AWS answers where it is no reference, or where its qualifier differs from `qualifier`. */
export function parseFunctionReference(text: string, qualifier?: string): FunctionReference {
  if (qualifier === undefined && plainName.test(text)) return { functionName: text };
  const match = name.exec(text);
  const functionName = match?.[11];
  const texts = [...(qualifier === undefined ? [] : qualifierRefusals(qualifier))];
  if (functionName === undefined) {
    texts.push(
      `Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${namePattern}`,
    );
  }
  if (functionName === undefined || texts.length > 0) throw validationException(...texts);
  const region = match?.[3]?.slice(0, -1);
  const accountId = match?.[9]?.slice(0, -1);
  const derived = match?.[13];
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier) {
    throw invalidParameter("The derived qualifier from the function name does not match the specified qualifier.");
  }
  const asked = derived ?? qualifier;
  return {
    functionName,
    ...(asked === undefined ? {} : { qualifier: asked }),
    ...(region === undefined ? {} : { region }),
    ...(accountId === undefined ? {} : { accountId }),
  };
}

/** The reference, which must lead to `scope`. Throws `ResourceNotFoundException` for another region, `AccessDeniedException` for another account. */
export function requireRegion(text: string, scope: Scope, qualifier?: string): FunctionReference {
  const reference = parseFunctionReference(text, qualifier);
  if (reference.region !== undefined && reference.region !== scope.region) {
    throw resourceNotFound(`Functions from '${reference.region}' are not reachable in this region ('${scope.region}')`);
  }
  if (reference.accountId !== undefined && reference.accountId !== scope.accountId) {
    throw new ServiceError(
      "AccessDeniedException",
      `User: arn:aws:iam::${scope.accountId}:root is not authorized to perform this operation on resource: ${text}`,
      { status: 403 },
    );
  }
  return reference;
}

function qualifierRefusals(qualifier: string): string[] {
  const refusal = (constraint: string): string =>
    `Value '${qualifier}' at 'qualifier' failed to satisfy constraint: ${constraint}`;
  return [
    ...(qualifier.length > qualifierMax
      ? [refusal(`Member must have length less than or equal to ${qualifierMax}`)]
      : []),
    ...(anyQualifier.test(qualifier)
      ? []
      : [refusal(`Member must satisfy regular expression pattern: ${qualifierPattern}`)]),
  ];
}
