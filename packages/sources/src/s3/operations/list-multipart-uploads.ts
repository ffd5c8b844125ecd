import type { Operation, StoredUpload } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { itemsOf, keyEncoder, listPage, pageSize, prefixesOf, present } from "../listing.ts";
import { type MultipartUpload, uploadChecksumMembers } from "../multipart-upload.ts";
import { owner } from "./list-objects-v2.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";
import { requestPayerRefused } from "./refused-members.ts";

/** Input of ListMultipartUploads. */
export interface ListMultipartUploadsInput extends BucketInput {
  Prefix?: string;
  Delimiter?: string;
  KeyMarker?: string;
  UploadIdMarker?: string;
  MaxUploads?: number;
  EncodingType?: string;
}

interface Position {
  from: string;
  afterId?: string;
}

/** By key, then from the oldest on. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export function listMultipartUploadsOperation(
  house: S3House,
): Operation<ListMultipartUploadsInput, Record<string, unknown>> {
  const { uploads } = house;
  return {
    name: "ListMultipartUploads",
    honoured: [
      "Bucket",
      "Prefix",
      "Delimiter",
      "KeyMarker",
      "UploadIdMarker",
      "MaxUploads",
      "EncodingType",
      "ExpectedBucketOwner",
    ],
    refused: requestPayerRefused,
    async run(input) {
      openBucket(house, input);
      const { Prefix: prefix = "", Delimiter: delimiter = "", KeyMarker = "", UploadIdMarker = "" } = input;
      const encode = keyEncoder(input.EncodingType);
      const max = pageSize("max-uploads", input.MaxUploads);
      const goesOn = KeyMarker !== "" && UploadIdMarker !== "";
      const { entries, next } = await listPage<StoredUpload, Position>({
        prefix,
        delimiter,
        max,
        start: goesOn
          ? { from: KeyMarker, afterId: UploadIdMarker }
          : { from: KeyMarker === "" ? "" : `${KeyMarker}\u0000` },
        ...(KeyMarker === "" || goesOn ? {} : { afterKey: KeyMarker }),
        fetch: (position, count) => uploads.list(input.Bucket, { prefix, max: count, ...position }),
        after: (upload) => ({ from: upload.key, afterId: upload.id }),
        at: (key) => ({ from: key }),
      });
      const last = entries.at(-1);
      const nextMarkers =
        next === undefined || last === undefined
          ? {}
          : "item" in last
            ? { NextKeyMarker: encode(last.item.key), NextUploadIdMarker: last.item.id }
            : { NextKeyMarker: encode(last.commonPrefix) };
      return {
        Bucket: input.Bucket,
        KeyMarker: encode(KeyMarker),
        UploadIdMarker,
        MaxUploads: max,
        IsTruncated: next !== undefined,
        ...nextMarkers,
        ...present({
          Prefix: encode(prefix),
          Delimiter: encode(delimiter),
          EncodingType: input.EncodingType,
          Uploads: itemsOf(entries).map((upload) => ({
            UploadId: upload.id,
            Key: encode(upload.key),
            Initiated: new Date(upload.initiatedMs),
            StorageClass: "STANDARD",
            Owner: owner,
            Initiator: owner,
            ...uploadChecksumMembers(upload as unknown as MultipartUpload),
          })),
          CommonPrefixes: prefixesOf(entries, encode),
        }),
      };
    },
  };
}
