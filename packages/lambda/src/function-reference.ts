/**
 * The ways in which a caller may name a function: `orders`, `orders:live`, `123456789012:function:orders`,
 * `123456789012:orders` and a full ARN, each with or without a qualifier.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
 */
import { invalidParameter } from "./errors.ts";

/** A function's name and what was asked of it. */
export interface FunctionReference {
  functionName: string;
  qualifier?: string;
}

const forms =
  /^(?:arn:aws[a-z-]*:lambda:[a-z0-9-]*:(?:\d{12})?:function:|(?:\d{12}:)?function:|\d{12}:)?([a-zA-Z0-9-_]{1,140})(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/;

/** Parses `text`. Throws `InvalidParameterValueException` where it is no reference, or where its qualifier differs from `qualifier`. */
export function parseFunctionReference(text: string, qualifier?: string): FunctionReference {
  const match = forms.exec(text);
  const functionName = match?.[1];
  if (functionName === undefined) {
    throw invalidParameter(
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
    );
  }
  const derived = match?.[2];
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier) {
    throw invalidParameter("The derived qualifier from the function name does not match the specified qualifier.");
  }
  const asked = derived ?? qualifier;
  return asked === undefined ? { functionName } : { functionName, qualifier: asked };
}
