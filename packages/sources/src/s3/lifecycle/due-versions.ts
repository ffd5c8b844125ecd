/**
 * What lifecycle rules do to the versions of one key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 *
 * L1. The current version expires by age or date: it is deleted, or with versioning hidden by a marker.
 * L2. A noncurrent version counts its days from when it was followed by another; so many newer noncurrent ones must be there.
 * L3. A marker that hides nothing goes, by the rule that says so, or once it is as old as the rule's days.
 */
import type { ListedVersion } from "@tripline/kernel";
import { expiresAt } from "./expiration-header.ts";
import { coversObject, dueAfterDays, type LifecycleRule } from "./lifecycle-rules.ts";

/** A version that is due: removed for good, or hidden. */
export interface DueVersion {
  version: ListedVersion;
  action: "expire" | "remove";
}

/** `versions` are all of one key, from the newest on. */
export function dueVersions(
  rules: readonly LifecycleRule[],
  versions: readonly ListedVersion[],
  nowMs: number,
): DueVersion[] {
  const due: DueVersion[] = [];
  for (const [index, version] of versions.entries()) {
    const follower = versions[index - 1];
    const isDue = (rule: LifecycleRule): boolean => {
      if (follower !== undefined) return isNoncurrentDue(rule, version, { follower, newer: index - 1, nowMs }); // L2
      if (version.isDeleteMarker === true) return versions.length === 1 && isMarkerDue(rule, version, nowMs); // L3
      return (expiresAt(rule, version) ?? Infinity) <= nowMs; // L1
    };
    if (!rules.some(isDue)) continue;
    const isCurrentObject = follower === undefined && version.isDeleteMarker !== true;
    due.push({ version, action: isCurrentObject ? "expire" : "remove" });
  }
  return due;
}

function isNoncurrentDue(
  rule: LifecycleRule,
  version: ListedVersion,
  { follower, newer, nowMs }: { follower: ListedVersion; newer: number; nowMs: number },
): boolean {
  return (
    rule.noncurrentDays !== undefined &&
    newer >= rule.newerNoncurrentVersions &&
    coversObject(rule, version) &&
    dueAfterDays(follower.lastModifiedMs, rule.noncurrentDays) <= nowMs
  );
}

function isMarkerDue(rule: LifecycleRule, marker: ListedVersion, nowMs: number): boolean {
  if (!marker.key.startsWith(rule.prefix) || rule.tags.length > 0) return false;
  return rule.removesLoneMarkers || (expiresAt(rule, marker) ?? Infinity) <= nowMs;
}
