import { isServiceError, type ObjectCondition, ServiceError, type StoredObject } from "@tripline/kernel";
import { noSuchKey, notModified, preconditionFailed } from "./errors.ts";

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
    if (matchesEtag(conditions.IfNoneMatch, object.etag)) throw notModified(object);
  } else if (conditions.IfModifiedSince !== undefined && !isAfter(conditions.IfModifiedSince)) {
    throw notModified(object);
  }
}

/** The conditions of a copy's source; the error names the header of the one that fails. */
export interface CopySourceConditions {
  CopySourceIfMatch?: string;
  CopySourceIfNoneMatch?: string;
  CopySourceIfModifiedSince?: Date;
  CopySourceIfUnmodifiedSince?: Date;
}

/** Names of {@link CopySourceConditions}. */
export const copySourceConditions: readonly (keyof CopySourceConditions)[] = [
  "CopySourceIfMatch",
  "CopySourceIfNoneMatch",
  "CopySourceIfModifiedSince",
  "CopySourceIfUnmodifiedSince",
];

/** Throws `PreconditionFailed`: a copy knows no `NotModified`. */
export function checkCopySource(object: StoredObject, conditions: CopySourceConditions): void {
  const toRead: ReadConditions = {};
  for (const member of copySourceConditions) {
    const value = conditions[member];
    if (value !== undefined) Object.assign(toRead, { [member.slice("CopySource".length)]: value });
  }
  try {
    checkReadConditions(object, toRead);
  } catch (error) {
    if (!isServiceError(error)) throw error;
    const name =
      error.code === "NotModified"
        ? conditions.CopySourceIfNoneMatch === undefined
          ? "If-Modified-Since"
          : "If-None-Match"
        : String(error.members["Condition"]);
    throw preconditionFailed(`x-amz-copy-source-${name}`);
  }
}

/** The condition of a write, from `If-Match` and `If-None-Match`. Throws `NotImplemented` for what S3 does not take either. */
export function toWriteCondition(input: { IfMatch?: string; IfNoneMatch?: string }): ObjectCondition | undefined {
  const { IfMatch: match, IfNoneMatch: none } = input;
  if (match !== undefined && none !== undefined) throw notImplementedHeader("If-Match,If-None-Match");
  if (none !== undefined) {
    if (none !== "*") throw notImplementedHeader("If-None-Match");
    return { absent: true };
  }
  if (match === "*") throw notImplementedHeader("If-None-Match");
  return match === undefined ? undefined : { etag: bareEtag(match) };
}

/** 501, as S3 answers conditions of writes that it does not know. */
function notImplementedHeader(header: string): ServiceError {
  return new ServiceError("NotImplemented", "A header you provided implies functionality that is not implemented", {
    status: 501,
    members: {
      Header: header,
      additionalMessage: header.includes(",")
        ? "Multiple conditional request headers present in the request"
        : "We don't accept the provided value of If-None-Match header for this API",
    },
  });
}

/** The error of a write whose condition failed: `current` is what was there. */
export function writeConditionFailed(
  key: string,
  condition: ObjectCondition,
  current: StoredObject | undefined,
): ServiceError {
  if ("absent" in condition) return preconditionFailed("If-None-Match");
  return current === undefined || current.isDeleteMarker === true ? noSuchKey(key) : preconditionFailed("If-Match");
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
