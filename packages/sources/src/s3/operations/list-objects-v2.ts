import type { Operation, StoredObject } from "@tripline/kernel";
import { invalidArgument } from "../errors.ts";
import type { S3House } from "../house.ts";
import { s3Limits } from "../limits.ts";
import { checksumMembers } from "../object-headers.ts";
import { checkOwner } from "./check-owner.ts";

/** Input of ListObjectsV2. */
export interface ListObjectsV2Input {
  Bucket: string;
  Prefix?: string;
  Delimiter?: string;
  StartAfter?: string;
  ContinuationToken?: string;
  MaxKeys?: number;
  EncodingType?: string;
  FetchOwner?: boolean;
  ExpectedBucketOwner?: string;
}

/** One entry of a page: an object, or a common prefix. */
type Entry = { object: StoredObject } | { commonPrefix: string };

/**
 * Keys and common prefixes count together to `MaxKeys`. The continuation token is where the next page begins.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function listObjectsV2Operation(house: S3House): Operation<ListObjectsV2Input, Record<string, unknown>> {
  const { registry, scope } = house;
  return {
    name: "ListObjectsV2",
    honoured: [
      "Bucket",
      "Prefix",
      "Delimiter",
      "StartAfter",
      "ContinuationToken",
      "MaxKeys",
      "EncodingType",
      "FetchOwner",
      "ExpectedBucketOwner",
    ],
    refused: {
      OptionalObjectAttributes: "restored objects are not simulated",
      RequestPayer: "nobody pays here",
    },
    async run(input) {
      registry.get(input.Bucket);
      checkOwner(scope, input.ExpectedBucketOwner);
      const { Prefix = "", Delimiter = "", StartAfter = "", ContinuationToken: token, MaxKeys = 1000 } = input;
      if (MaxKeys < 0) {
        throw invalidArgument("Argument maxKeys must be an integer between 0 and 2147483647", {
          ArgumentName: "maxKeys",
          ArgumentValue: String(MaxKeys),
        });
      }
      const max = Math.min(MaxKeys, s3Limits.listKeysMax);
      const from = token !== undefined ? fromToken(token) : StartAfter === "" ? "" : `${StartAfter}\u0000`;
      const { entries, next } =
        max === 0
          ? { entries: [] }
          : await listEntries(house, {
              bucket: input.Bucket,
              prefix: Prefix,
              delimiter: Delimiter,
              from,
              max,
              isStart: token === undefined,
            });
      const encode = input.EncodingType === "url" ? encodeListed : (text: string) => text;
      const contents = entries.flatMap((entry) =>
        "object" in entry ? [toListed(entry.object, encode, input.FetchOwner === true)] : [],
      );
      const prefixes = entries.flatMap((entry) =>
        "commonPrefix" in entry ? [{ Prefix: encode(entry.commonPrefix) }] : [],
      );
      return {
        Name: input.Bucket,
        Prefix: encode(Prefix),
        MaxKeys,
        KeyCount: entries.length,
        IsTruncated: next !== undefined,
        ...(Delimiter === "" ? {} : { Delimiter: encode(Delimiter) }),
        ...(StartAfter === "" ? {} : { StartAfter: encode(StartAfter) }),
        ...(token === undefined ? {} : { ContinuationToken: token }),
        ...(next === undefined ? {} : { NextContinuationToken: Buffer.from(next).toString("base64url") }),
        ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
        ...(contents.length === 0 ? {} : { Contents: contents }),
        ...(prefixes.length === 0 ? {} : { CommonPrefixes: prefixes }),
      };
    },
  };
}

/** What to list. `isStart`: `from` is the caller's `StartAfter`, and the prefix that it lies in is not listed. */
interface EntryQuery {
  bucket: string;
  prefix: string;
  delimiter: string;
  from: string;
  max: number;
  isStart: boolean;
}

async function listEntries(
  { objects }: S3House,
  { bucket, prefix, delimiter, from, max, isStart }: EntryQuery,
): Promise<{ entries: Entry[]; next?: string }> {
  const entries: Entry[] = [];
  let position = from;
  for (;;) {
    const page = await objects.list(bucket, { prefix, from: position, max: max + 1 });
    let skip: string | undefined;
    for (const object of page) {
      if (skip !== undefined && object.key.startsWith(skip)) continue;
      if (entries.length === max) return { entries, next: object.key };
      const end = delimiter === "" ? -1 : object.key.indexOf(delimiter, prefix.length);
      if (end < 0) {
        entries.push({ object });
        continue;
      }
      skip = object.key.slice(0, end + delimiter.length);
      const last = entries.at(-1);
      const isListed = last !== undefined && "commonPrefix" in last && last.commonPrefix === skip;
      if (!isListed && !(isStart && from.startsWith(skip))) entries.push({ commonPrefix: skip });
    }
    const last = page.at(-1);
    if (last === undefined || page.length <= max) return { entries };
    position = skip !== undefined && last.key.startsWith(skip) ? `${skip}\u{10FFFF}` : `${last.key}\u0000`;
  }
}

function toListed(object: StoredObject, encode: (text: string) => string, withOwner: boolean): Record<string, unknown> {
  const algorithms = checksumMembers.filter((name) => object.attributes[name] !== undefined);
  return {
    Key: encode(object.key),
    LastModified: new Date(object.lastModifiedMs),
    ETag: `"${object.etag}"`,
    Size: object.size,
    StorageClass: "STANDARD",
    ...(algorithms.length === 0
      ? {}
      : { ChecksumAlgorithm: algorithms.map((name) => name.slice("Checksum".length)), ChecksumType: "FULL_OBJECT" }),
    ...(withOwner ? { Owner: { ID: "tripline" } } : {}),
  };
}

function fromToken(token: string): string {
  const text = Buffer.from(token, "base64url").toString();
  if (text === "" || Buffer.from(text).toString("base64url") !== token)
    throw invalidArgument("The continuation token provided is incorrect", { ArgumentName: "continuation-token" });
  return text;
}

function encodeListed(text: string): string {
  return encodeURIComponent(text).replaceAll("%2F", "/").replaceAll("%20", "+");
}
