/**
 * CloudWatch Logs' filter patterns: what FilterLogEvents and Live Tail select by.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 *
 * P1. `{ … }` is a condition on JSON events, `[ … ]` on fields between spaces, everything else a list of terms. Case counts.
 * P2. An event that is no JSON, or has another number of fields, does not match.
 */
import { invalidParameter } from "../errors.ts";
import { compileFieldPattern } from "./field-pattern.ts";
import { compileJsonPattern } from "./json-pattern.ts";
import { compileTermPattern } from "./term-pattern.ts";

/** Whether an event's message matches. */
export type FilterPattern = (message: string) => boolean;

const patternLengthMax = 1024;
const everything: FilterPattern = () => true;

/** Throws `InvalidParameterException` for a pattern that is none. */
export function compileFilterPattern(text: string): FilterPattern {
  if (text.length > patternLengthMax) {
    throw invalidParameter(
      `1 validation error detected: Value '${text}' at 'filterPattern' failed to satisfy constraint: Member must have length less than or equal to ${patternLengthMax}`,
    );
  }
  const pattern = text.trim();
  if (pattern === "") return everything;
  if (pattern.startsWith("{")) return compileJsonPattern(pattern);
  if (pattern.startsWith("[")) return compileFieldPattern(pattern);
  return compileTermPattern(pattern);
}
