import type { Operation } from "@tripline/kernel";
import { bucketNotEmpty } from "../errors.ts";
import type { S3House } from "../house.ts";
import { abortUpload } from "./abort-multipart-upload.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";

/** Uploads in progress end with it. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export function deleteBucketOperation(house: S3House): Operation<BucketInput, Record<string, never>> {
  const { registry, objects, uploads } = house;
  return {
    name: "DeleteBucket",
    honoured: ["Bucket", "ExpectedBucketOwner"],
    async run(input) {
      const { name, versioning } = openBucket(house, input);
      const some = await objects.listVersions(name, { prefix: "", from: "", max: 1 });
      if (some.length > 0) throw bucketNotEmpty(name, versioning !== undefined);
      await registry.delete(name);
      for (;;) {
        const page = await uploads.list(name, { prefix: "", from: "", max: 1000 });
        if (page.length === 0) break;
        for (const upload of page) await abortUpload(house, upload.id);
      }
      house.rulesChanged();
      return {};
    },
  };
}
