/**
 * A bucket's lifecycle configuration: what S3 takes of it, and the rules that it makes.
 * Transitions are refused by name: there is one storage class.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
 */
import type { ObjectTag, StoredObject } from "@tripline/kernel";
import type { Bucket } from "../bucket-registry.ts";
import { invalidArgument, invalidRequest, malformedXml, notSimulated } from "../errors.ts";
import { s3Limits } from "../limits.ts";
import { checkTags } from "../tags.ts";

/** A rule as the API has it. Kept with its date as text. */
export interface LifecycleRuleDocument {
  ID?: string;
  /** The older form of `Filter.Prefix`. */
  Prefix?: string;
  Filter?: LifecycleFilter & { Tag?: ObjectTag; And?: LifecycleFilter & { Tags?: ObjectTag[] } };
  Status?: string;
  Expiration?: { Date?: Date | string; Days?: number; ExpiredObjectDeleteMarker?: boolean };
  NoncurrentVersionExpiration?: { NoncurrentDays?: number; NewerNoncurrentVersions?: number };
  AbortIncompleteMultipartUpload?: { DaysAfterInitiation?: number };
  Transitions?: unknown[];
  NoncurrentVersionTransitions?: unknown[];
}

interface LifecycleFilter {
  Prefix?: string;
  ObjectSizeGreaterThan?: number;
  ObjectSizeLessThan?: number;
}

/** A rule, ready to be applied. */
export interface LifecycleRule {
  id: string;
  prefix: string;
  tags: readonly ObjectTag[];
  largerThanBytes?: number;
  smallerThanBytes?: number;
  expireAfterDays?: number;
  expireAtMs?: number;
  removesLoneMarkers: boolean;
  noncurrentDays?: number;
  /** So many noncurrent versions stay. */
  newerNoncurrentVersions: number;
  abortAfterDays?: number;
}

const none: readonly LifecycleRule[] = [];
const compiled = new WeakMap<object, readonly LifecycleRule[]>();

/** The enabled rules of `bucket`. */
export function lifecycleRules(bucket: Bucket): readonly LifecycleRule[] {
  const kept = bucket.configurations?.["Lifecycle"] as { Rules: LifecycleRuleDocument[] } | null | undefined;
  if (kept === undefined || kept === null) return none;
  let rules = compiled.get(kept);
  if (rules === undefined) {
    rules = kept.Rules.filter((rule) => rule.Status === "Enabled").map(toRule);
    compiled.set(kept, rules);
  }
  return rules;
}

function toRule(document: LifecycleRuleDocument): LifecycleRule {
  const { Filter: filter = {}, Expiration: expiration, NoncurrentVersionExpiration: noncurrent } = document;
  const all = filter.And ?? filter;
  const rule: LifecycleRule = {
    id: document.ID ?? "",
    prefix: all.Prefix ?? document.Prefix ?? "",
    tags: filter.And?.Tags ?? (filter.Tag === undefined ? [] : [filter.Tag]),
    removesLoneMarkers: expiration?.ExpiredObjectDeleteMarker === true,
    newerNoncurrentVersions: noncurrent?.NewerNoncurrentVersions ?? 0,
  };
  if (all.ObjectSizeGreaterThan !== undefined) rule.largerThanBytes = all.ObjectSizeGreaterThan;
  if (all.ObjectSizeLessThan !== undefined) rule.smallerThanBytes = all.ObjectSizeLessThan;
  if (expiration?.Days !== undefined) rule.expireAfterDays = expiration.Days;
  if (expiration?.Date !== undefined) rule.expireAtMs = new Date(expiration.Date).getTime();
  if (noncurrent?.NoncurrentDays !== undefined) rule.noncurrentDays = noncurrent.NoncurrentDays;
  const abort = document.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
  if (abort !== undefined) rule.abortAfterDays = abort;
  return rule;
}

/** Whether `rule` is for `object`. */
export function coversObject(rule: LifecycleRule, object: StoredObject): boolean {
  if (!object.key.startsWith(rule.prefix)) return false;
  if (rule.largerThanBytes !== undefined && object.size <= rule.largerThanBytes) return false;
  if (rule.smallerThanBytes !== undefined && object.size >= rule.smallerThanBytes) return false;
  return rule.tags.every((tag) => object.tags?.some((own) => own.Key === tag.Key && own.Value === tag.Value) === true);
}

/** Checks what a client sent, and makes it what is kept. `newId` names rules that carry no id. Throws S3's errors. */
export function parseLifecycle(
  rules: readonly LifecycleRuleDocument[] | undefined,
  newId: () => string,
): LifecycleRuleDocument[] {
  if (rules === undefined || rules.length === 0 || rules.length > s3Limits.lifecycleRulesMax) throw malformedXml();
  const parsed = rules.map((rule) => parseRule(rule, newId));
  const ids = new Set(parsed.map((rule) => rule.ID));
  if (ids.size < parsed.length) throw invalidArgument("Rule ID must be unique. Found same ID for more than one rule");
  return parsed;
}

function parseRule(rule: LifecycleRuleDocument, newId: () => string): LifecycleRuleDocument {
  const { ID: id, Filter: filter, Prefix: prefix, Status: status, Expiration: expiration } = rule;
  const { NoncurrentVersionExpiration: noncurrent, AbortIncompleteMultipartUpload: abort } = rule;
  if ((rule.Transitions ?? []).length > 0) throw notSimulated("Transitions", "there is one storage class here");
  if ((rule.NoncurrentVersionTransitions ?? []).length > 0)
    throw notSimulated("NoncurrentVersionTransitions", "there is one storage class here");
  if (id !== undefined && id.length > 255) throw invalidArgument("ID length should not exceed allowed limit of 255");
  if (status !== "Enabled" && status !== "Disabled") throw malformedXml();
  if ((filter === undefined) === (prefix === undefined)) throw malformedXml();
  if (filter !== undefined) checkFilter(filter);
  if (expiration === undefined && noncurrent === undefined && abort === undefined)
    throw invalidRequest("At least one action needs to be specified in a rule");
  const hasTags = filter?.Tag !== undefined || (filter?.And?.Tags ?? []).length > 0;
  const hasSizes = [filter, filter?.And].some(
    (one) => one?.ObjectSizeGreaterThan !== undefined || one?.ObjectSizeLessThan !== undefined,
  );
  if (abort !== undefined && (hasTags || hasSizes))
    throw invalidRequest(
      `AbortIncompleteMultipartUpload cannot be specified with ${hasTags ? "Tags" : "Object Size"}.`,
    );
  if (expiration !== undefined) checkExpiration(expiration, hasTags);
  if (noncurrent !== undefined) checkDays("NoncurrentDays", "NoncurrentVersionExpiration", noncurrent.NoncurrentDays);
  if (noncurrent?.NewerNoncurrentVersions !== undefined && !(noncurrent.NewerNoncurrentVersions > 0))
    throw invalidArgument(
      "'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be a positive integer",
    );
  if (abort !== undefined)
    checkDays("DaysAfterInitiation", "AbortIncompleteMultipartUpload", abort.DaysAfterInitiation);
  const kept: LifecycleRuleDocument = { ...rule, ID: id === undefined || id === "" ? newId() : id };
  if (expiration?.Date !== undefined)
    kept.Expiration = { ...expiration, Date: new Date(expiration.Date).toISOString() };
  return kept;
}

function checkFilter(filter: NonNullable<LifecycleRuleDocument["Filter"]>): void {
  const { And: and, Tag: tag, ...plain } = filter;
  const set = Object.values(plain).filter((value) => value !== undefined).length;
  if (set + (tag === undefined ? 0 : 1) + (and === undefined ? 0 : 1) > 1) throw malformedXml();
  if (tag !== undefined) checkTags([tag], "object");
  if (and?.Tags !== undefined) checkTags(and.Tags, "object");
}

function checkExpiration(expiration: NonNullable<LifecycleRuleDocument["Expiration"]>, hasTags: boolean): void {
  const { Days: days, Date: date, ExpiredObjectDeleteMarker: marker } = expiration;
  if ([days, date, marker].filter((value) => value !== undefined).length !== 1) throw malformedXml();
  if (days !== undefined) checkDays("Days", "Expiration", days);
  if (date !== undefined && new Date(date).getTime() % dayMs !== 0)
    throw invalidArgument("'Date' must be at midnight GMT");
  if (marker !== undefined && hasTags)
    throw invalidRequest("Tag filter cannot be specified with ExpiredObjectDeleteMarker.");
}

function checkDays(name: string, action: string, days: number | undefined): void {
  if (days === undefined) throw malformedXml();
  if (!Number.isInteger(days) || days <= 0)
    throw invalidArgument(`'${name}' for ${action} action must be a positive integer`);
}

/** Milliseconds of a day. */
export const dayMs = 86_400_000;

/** When something of `sinceMs` is `days` old, as S3 counts: at the next midnight UTC after the days have passed. */
export function dueAfterDays(sinceMs: number, days: number): number {
  return Math.ceil((sinceMs + days * dayMs) / dayMs) * dayMs;
}
