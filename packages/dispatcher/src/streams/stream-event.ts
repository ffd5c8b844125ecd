import type { BatchRecord } from "./stream-batch.ts";

/** The event of `records`, JSON text; `members`: what a tumbling window adds, without braces. */
export function toStreamEvent(records: readonly BatchRecord[], members?: string): string {
  const list = records.map(({ text }) => text).join(",");
  return members === undefined ? `{"Records":[${list}]}` : `{"Records":[${list}],${members}}`;
}
