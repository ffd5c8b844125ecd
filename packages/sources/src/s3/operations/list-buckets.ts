import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";

/** Input of ListBuckets. */
export interface ListBucketsInput {
  Prefix?: string;
  BucketRegion?: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export function listBucketsOperation({ registry, scope }: S3House): Operation<ListBucketsInput, object> {
  return {
    name: "ListBuckets",
    honoured: ["Prefix", "BucketRegion"],
    refused: {
      MaxBuckets: "every bucket is answered at once",
      ContinuationToken: "every bucket is answered at once",
    },
    async run({ Prefix = "", BucketRegion: region = scope.region }) {
      const buckets = region === scope.region ? registry.list().filter((one) => one.name.startsWith(Prefix)) : [];
      return {
        Buckets: buckets.map((one) => ({ Name: one.name, CreationDate: new Date(one.createdAtMs) })),
        Owner: { ID: "tripline" },
        ...(Prefix === "" ? {} : { Prefix }),
      };
    },
  };
}
