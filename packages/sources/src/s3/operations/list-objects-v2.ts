import type { Operation, StoredObject } from "@tripline/kernel";
import { invalidArgument } from "../errors.ts";
import type { S3House } from "../house.ts";
import { itemsOf, keyEncoder, listPage, type ListPage, pageSize, prefixesOf, present } from "../listing.ts";
import { toChecksumAlgorithms } from "../object-headers.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";
import { listRefused } from "./refused-members.ts";

/** Input of ListObjectsV2. */
export interface ListObjectsV2Input extends BucketInput {
  Prefix?: string;
  Delimiter?: string;
  StartAfter?: string;
  ContinuationToken?: string;
  MaxKeys?: number;
  EncodingType?: string;
  FetchOwner?: boolean;
}

/**
 * Keys and common prefixes count together to `MaxKeys`. The continuation token is where the next page begins.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function listObjectsV2Operation(house: S3House): Operation<ListObjectsV2Input, Record<string, unknown>> {
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
    refused: listRefused,
    async run(input) {
      openBucket(house, input);
      const { Prefix = "", Delimiter = "", StartAfter = "", ContinuationToken: token, EncodingType } = input;
      const encode = keyEncoder(EncodingType);
      const max = pageSize("max-keys", input.MaxKeys);
      const { entries, next } = await listObjects(house, {
        bucket: input.Bucket,
        prefix: Prefix,
        delimiter: Delimiter,
        max,
        ...(token === undefined ? { afterKey: StartAfter } : { from: fromToken(token) }),
      });
      const isTruncated = next !== undefined;
      return {
        Name: input.Bucket,
        Prefix: encode(Prefix),
        MaxKeys: max,
        KeyCount: entries.length,
        IsTruncated: isTruncated,
        ...present({
          Delimiter: encode(Delimiter),
          StartAfter: encode(StartAfter),
          ContinuationToken: token,
          NextContinuationToken: isTruncated ? Buffer.from(next.key).toString("base64url") : undefined,
          EncodingType,
          Contents: itemsOf(entries).map((object) => toListedObject(object, encode, input.FetchOwner === true)),
          CommonPrefixes: prefixesOf(entries, encode),
        }),
      };
    },
  };
}

/** What to list: from a key on, or behind one. */
interface ObjectQuery {
  bucket: string;
  prefix: string;
  delimiter: string;
  max: number;
  from?: string;
  afterKey?: string;
}

/** A page of current objects. */
export function listObjects(
  { objects }: S3House,
  { bucket, prefix, delimiter, max, from, afterKey = "" }: ObjectQuery,
): Promise<ListPage<StoredObject>> {
  return listPage<StoredObject, string>({
    prefix,
    delimiter,
    max,
    start: from ?? (afterKey === "" ? "" : `${afterKey}\u0000`),
    ...(afterKey === "" ? {} : { afterKey }),
    fetch: (position, count) => objects.list(bucket, { prefix, from: position, max: count }),
    after: (object) => `${object.key}\u0000`,
    at: (key) => key,
  });
}

/** An object in a list. */
export function toListedObject(
  object: StoredObject,
  encode: (text: string) => string,
  withOwner: boolean,
): Record<string, unknown> {
  return {
    Key: encode(object.key),
    LastModified: new Date(object.lastModifiedMs),
    ETag: `"${object.etag}"`,
    Size: object.size,
    StorageClass: "STANDARD",
    ...toChecksumAlgorithms(object.attributes),
    ...(withOwner ? { Owner: owner } : {}),
  };
}

/** Who owns everything here. */
export const owner: { readonly ID: string } = { ID: "tripline" };

function fromToken(token: string): string {
  const text = Buffer.from(token, "base64url").toString();
  if (text === "" || Buffer.from(text).toString("base64url") !== token)
    throw invalidArgument("The continuation token provided is incorrect", { ArgumentName: "continuation-token" });
  return text;
}
