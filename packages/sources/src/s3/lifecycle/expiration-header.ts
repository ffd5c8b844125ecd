import type { StoredObject } from "@tripline/kernel";
import type { Bucket } from "../bucket-registry.ts";
import { coversObject, dueAfterDays, type LifecycleRule, lifecycleRules } from "./lifecycle-rules.ts";

/** When the current version `object` expires by `rule`, epoch milliseconds; undefined: never. */
export function expiresAt(rule: LifecycleRule, object: StoredObject): number | undefined {
  if (!coversObject(rule, object)) return undefined;
  if (rule.expireAtMs !== undefined) return rule.expireAtMs;
  return rule.expireAfterDays === undefined ? undefined : dueAfterDays(object.lastModifiedMs, rule.expireAfterDays);
}

/** `x-amz-expiration`: when the object goes, and by which rule. Undefined where none is for it. */
export function expirationHeader(bucket: Bucket, object: StoredObject): string | undefined {
  let first: { atMs: number; id: string } | undefined;
  for (const rule of lifecycleRules(bucket)) {
    const atMs = expiresAt(rule, object);
    if (atMs !== undefined && (first === undefined || atMs < first.atMs)) first = { atMs, id: rule.id };
  }
  if (first === undefined) return undefined;
  return `expiry-date="${new Date(first.atMs).toUTCString()}", rule-id="${encodeURIComponent(first.id)}"`;
}
