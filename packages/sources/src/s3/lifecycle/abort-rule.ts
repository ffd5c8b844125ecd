import type { Bucket } from "../bucket-registry.ts";
import { dueAfterDays, lifecycleRules } from "./lifecycle-rules.ts";

/** When an upload in progress is thrown away, and by which rule, as answers about it say; `{}`: never. */
export function abortRule(
  bucket: Bucket,
  upload: { key: string; initiatedMs: number },
): { AbortDate?: Date; AbortRuleId?: string } {
  let first: { atMs: number; id: string } | undefined;
  for (const { prefix, abortAfterDays, id } of lifecycleRules(bucket)) {
    if (abortAfterDays === undefined || !upload.key.startsWith(prefix)) continue;
    const atMs = dueAfterDays(upload.initiatedMs, abortAfterDays);
    if (first === undefined || atMs < first.atMs) first = { atMs, id };
  }
  return first === undefined ? {} : { AbortDate: new Date(first.atMs), AbortRuleId: first.id };
}
