import { invalidParameter } from "../errors.ts";
import { limits, reservedEnvironmentKeys } from "../limits.ts";

/** Environment variables, checked. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
export function toEnvironment(variables: Record<string, string>): Record<string, string> {
  const reserved = Object.keys(variables).filter((key) => reservedEnvironmentKeys.has(key));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  if (!Object.keys(variables).every((key) => /^[a-zA-Z][a-zA-Z0-9_]+$/.test(key))) {
    throw invalidParameter(
      `1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]`,
    );
  }
  const measured = JSON.stringify(variables);
  if (new TextEncoder().encode(measured).byteLength > limits.environmentBytesMax) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${measured}`,
    );
  }
  return variables;
}
