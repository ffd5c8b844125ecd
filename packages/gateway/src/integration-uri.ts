import { parseArn } from "@tripline/kernel";

/**
 * The function that an integration's URI names: a function's ARN, or `arn:aws:apigateway:…:lambda:path/2015-03-31/functions/<arn>/invocations`.
 * Undefined where it names none.
 */
export function functionOfUri(uri: string): string | undefined {
  const wrapped = /^arn:[^:]+:apigateway:[^:]*:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri)?.[1];
  const arn = parseArn(wrapped ?? uri);
  return arn?.service === "lambda" && arn.resource.startsWith("function:") ? (wrapped ?? uri) : undefined;
}

/** The name in a function's ARN. */
export function functionNameOf(arn: string): string {
  return parseArn(arn)?.resource.split(":")[1] ?? arn;
}
