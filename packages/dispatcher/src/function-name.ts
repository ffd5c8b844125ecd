/** Which function a caller means: `orders`, `orders:live`, `123456789012:function:orders` or a full ARN, each with or without a qualifier. */
import { invalidParameter } from "./lambda-errors.ts";

/** A function's name, and the version or alias that was asked for. */
export interface QualifiedName {
  functionName: string;
  qualifier?: string;
}

const forms = /^(?:arn:[^:]+:lambda:[^:]*:[^:]*:function:|(?:\d{12}:)?function:|\d{12}:)?([^:]+)(?::([^:]+))?$/;

/** Takes `text` apart. Throws `InvalidParameterValueException` where its own qualifier differs from `qualifier`. */
export function parseFunctionName(text: string, qualifier?: string): QualifiedName {
  const match = forms.exec(text);
  const functionName = match?.[1] ?? text;
  const derived = match?.[2];
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier) {
    throw invalidParameter("The derived qualifier from the function name does not match the specified qualifier.");
  }
  const asked = derived ?? qualifier;
  return asked === undefined ? { functionName } : { functionName, qualifier: asked };
}
