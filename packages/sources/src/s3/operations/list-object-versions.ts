import type { ListedVersion, Operation } from "@tripline/kernel";
import { invalidArgument } from "../errors.ts";
import type { S3House } from "../house.ts";
import { itemsOf, keyEncoder, listPage, pageSize, prefixesOf, present } from "../listing.ts";
import { isVersionId, sequenceOfVersion } from "../version-id.ts";
import { owner, toListedObject } from "./list-objects-v2.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";
import { listRefused } from "./refused-members.ts";

/** Input of ListObjectVersions. */
export interface ListObjectVersionsInput extends BucketInput {
  Prefix?: string;
  Delimiter?: string;
  KeyMarker?: string;
  VersionIdMarker?: string;
  MaxKeys?: number;
  EncodingType?: string;
}

interface Position {
  from: string;
  before?: number;
}

/** Keys in order, the versions of each from the newest on. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
export function listObjectVersionsOperation(
  house: S3House,
): Operation<ListObjectVersionsInput, Record<string, unknown>> {
  const { objects } = house;
  return {
    name: "ListObjectVersions",
    honoured: [
      "Bucket",
      "Prefix",
      "Delimiter",
      "KeyMarker",
      "VersionIdMarker",
      "MaxKeys",
      "EncodingType",
      "ExpectedBucketOwner",
    ],
    refused: listRefused,
    async run(input) {
      openBucket(house, input);
      const { Prefix: prefix = "", Delimiter: delimiter = "", EncodingType, KeyMarker = "", VersionIdMarker } = input;
      const encode = keyEncoder(EncodingType);
      const max = pageSize("max-keys", input.MaxKeys);
      const start = await toStart(house, input.Bucket, KeyMarker, VersionIdMarker);
      const { entries, next } = await listPage<ListedVersion, Position>({
        prefix,
        delimiter,
        max,
        start,
        ...(KeyMarker === "" || start.before !== undefined ? {} : { afterKey: KeyMarker }),
        fetch: (position, count) => objects.listVersions(input.Bucket, { prefix, max: count, ...position }),
        after: (version) => ({ from: version.key, before: version.sequence }),
        at: (key) => ({ from: key }),
      });
      const versions = itemsOf(entries);
      const last = entries.at(-1);
      const nextMarkers =
        next === undefined || last === undefined
          ? {}
          : "item" in last
            ? { NextKeyMarker: encode(last.item.key), NextVersionIdMarker: last.item.versionId }
            : { NextKeyMarker: encode(last.commonPrefix) };
      return {
        Name: input.Bucket,
        Prefix: encode(prefix),
        KeyMarker: encode(KeyMarker),
        VersionIdMarker: VersionIdMarker ?? "",
        MaxKeys: max,
        IsTruncated: next !== undefined,
        ...nextMarkers,
        ...present({
          Delimiter: encode(delimiter),
          EncodingType,
          Versions: versions
            .filter((one) => one.isDeleteMarker !== true)
            .map((one) => ({
              ...toListedObject(one, encode, true),
              VersionId: one.versionId,
              IsLatest: one.isLatest,
            })),
          DeleteMarkers: versions
            .filter((one) => one.isDeleteMarker === true)
            .map((one) => ({
              Key: encode(one.key),
              VersionId: one.versionId,
              IsLatest: one.isLatest,
              LastModified: new Date(one.lastModifiedMs),
              Owner: owner,
            })),
          CommonPrefixes: prefixesOf(entries, encode),
        }),
      };
    },
  };
}

/** A version that is gone meanwhile is still a place to go on from; a `null` one that is gone begins its key again. */
async function toStart(
  { objects }: S3House,
  bucket: string,
  key: string,
  versionId: string | undefined,
): Promise<Position> {
  if (versionId === undefined || versionId === "") return { from: key === "" ? "" : `${key}\u0000` };
  if (key === "")
    throw invalidArgument("A version-id marker cannot be specified without a key marker.", {
      ArgumentName: "version-id-marker",
      ArgumentValue: versionId,
    });
  if (!isVersionId(versionId))
    throw invalidArgument("Invalid version id specified", {
      ArgumentName: "version-id-marker",
      ArgumentValue: versionId,
    });
  const before = sequenceOfVersion(versionId) ?? (await objects.get(bucket, key, versionId))?.sequence;
  return before === undefined ? { from: key } : { from: key, before };
}
