/**
 * Filters of a queue's mapping. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 *
 * A body that is a JSON object or list is matched as such, any other as text. Where the message came from cannot be matched.
 */
import { compileEventPattern } from "@tripline/kernel";

/** Whether a record passes. */
export type RecordFilter = (record: Readonly<Record<string, unknown>>) => boolean;

/** Undefined where there are no patterns: everything passes. Throws `InvalidEventPatternException`. */
export function compileRecordFilter(patterns: readonly string[]): RecordFilter | undefined {
  if (patterns.length === 0) return undefined;
  const matchers = patterns.map((pattern) => compileEventPattern(pattern, "esm"));
  return (record) => {
    const { eventSource: _source, eventSourceARN: _arn, awsRegion: _region, ...rest } = record;
    const event = { ...rest, body: toBody(rest["body"]) };
    return matchers.some((matches) => matches(event));
  };
}

function toBody(body: unknown): unknown {
  if (typeof body !== "string" || !/^\s*[[{]/.test(body)) return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body; // looks like JSON and is none: text
  }
}
