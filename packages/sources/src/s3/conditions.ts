import type { StoredObject } from "@tripline/kernel";
import { notModified, preconditionFailed } from "./errors.ts";

/** The conditions of a read. */
export interface ReadConditions {
  IfMatch?: string;
  IfNoneMatch?: string;
  IfModifiedSince?: Date;
  IfUnmodifiedSince?: Date;
}

/** Throws `PreconditionFailed` or `NotModified`, in the order of RFC 9110; an ETag condition outranks its date. */
export function checkReadConditions(object: StoredObject, conditions: ReadConditions): void {
  const modifiedSeconds = Math.floor(object.lastModifiedMs / 1000);
  const isAfter = (date: Date): boolean => modifiedSeconds > Math.floor(date.getTime() / 1000);
  if (conditions.IfMatch !== undefined) {
    if (!matchesEtag(conditions.IfMatch, object.etag)) throw preconditionFailed("If-Match");
  } else if (conditions.IfUnmodifiedSince !== undefined && isAfter(conditions.IfUnmodifiedSince)) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  if (conditions.IfNoneMatch !== undefined) {
    if (matchesEtag(conditions.IfNoneMatch, object.etag)) throw notModified();
  } else if (conditions.IfModifiedSince !== undefined && !isAfter(conditions.IfModifiedSince)) {
    throw notModified();
  }
}

/** Whether a list of ETags (quoted or not, `*` for any) names `etag`. */
export function matchesEtag(header: string, etag: string): boolean {
  return header.split(",").some((one) => one.trim() === "*" || bareEtag(one) === etag);
}

/** An ETag without quotes and weakness. */
export function bareEtag(text: string): string {
  return text
    .trim()
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1");
}
