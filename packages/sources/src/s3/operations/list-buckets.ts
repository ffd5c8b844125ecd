import type { Operation } from "@tripline/kernel";
import { invalidArgument } from "../errors.ts";
import type { S3House } from "../house.ts";
import { s3Limits } from "../limits.ts";
import { owner } from "./list-objects-v2.ts";

/** Input of ListBuckets. */
export interface ListBucketsInput {
  Prefix?: string;
  BucketRegion?: string;
  MaxBuckets?: number;
  ContinuationToken?: string;
}

/** In pages only where `MaxBuckets` asks for it. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export function listBucketsOperation({ registry, scope }: S3House): Operation<ListBucketsInput, object> {
  return {
    name: "ListBuckets",
    honoured: ["Prefix", "BucketRegion", "MaxBuckets", "ContinuationToken"],
    async run({ Prefix = "", BucketRegion: region = scope.region, MaxBuckets, ContinuationToken: token }) {
      const max = MaxBuckets ?? s3Limits.bucketsListedMax;
      if (!(max >= 1 && max <= s3Limits.bucketsListedMax)) {
        throw invalidArgument(`Argument max-buckets must be an integer between 1 and ${s3Limits.bucketsListedMax}`, {
          ArgumentName: "max-buckets",
          ArgumentValue: String(max),
        });
      }
      const from = token === undefined ? "" : Buffer.from(token, "base64url").toString();
      const buckets = registry
        .list()
        .filter((one) => region === scope.region && one.name.startsWith(Prefix) && one.name >= from);
      const next = buckets[max];
      return {
        Buckets: buckets.slice(0, max).map((one) => ({
          Name: one.name,
          CreationDate: new Date(one.createdAtMs),
          ...(MaxBuckets === undefined ? {} : { BucketRegion: scope.region }),
        })),
        Owner: owner,
        ...(Prefix === "" ? {} : { Prefix }),
        ...(next === undefined ? {} : { ContinuationToken: Buffer.from(next.name).toString("base64url") }),
      };
    },
  };
}
