import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { itemsOf, keyEncoder, pageSize, prefixesOf, present } from "../listing.ts";
import { listObjects, toListedObject } from "./list-objects-v2.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";
import { listRefused } from "./refused-members.ts";

/** Input of ListObjects. */
export interface ListObjectsInput extends BucketInput {
  Prefix?: string;
  Delimiter?: string;
  Marker?: string;
  MaxKeys?: number;
  EncodingType?: string;
}

/** The older list. `NextMarker` comes only with a delimiter. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export function listObjectsOperation(house: S3House): Operation<ListObjectsInput, Record<string, unknown>> {
  return {
    name: "ListObjects",
    honoured: ["Bucket", "Prefix", "Delimiter", "Marker", "MaxKeys", "EncodingType", "ExpectedBucketOwner"],
    refused: listRefused,
    async run(input) {
      openBucket(house, input);
      const { Prefix = "", Delimiter = "", Marker = "", EncodingType } = input;
      const encode = keyEncoder(EncodingType);
      const max = pageSize("max-keys", input.MaxKeys);
      const { entries, next } = await listObjects(house, {
        bucket: input.Bucket,
        prefix: Prefix,
        delimiter: Delimiter,
        max,
        afterKey: Marker,
      });
      const last = entries.at(-1);
      const lastName = last === undefined ? "" : "item" in last ? last.item.key : last.commonPrefix;
      return {
        Name: input.Bucket,
        Prefix: encode(Prefix),
        Marker: encode(Marker),
        MaxKeys: max,
        IsTruncated: next !== undefined,
        ...present({
          Delimiter: encode(Delimiter),
          NextMarker: next !== undefined && Delimiter !== "" ? encode(lastName) : undefined,
          EncodingType,
          Contents: itemsOf(entries).map((object) => toListedObject(object, encode, true)),
          CommonPrefixes: prefixesOf(entries, encode),
        }),
      };
    },
  };
}
