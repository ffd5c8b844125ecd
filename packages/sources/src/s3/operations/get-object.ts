import type { Operation } from "@tripline/kernel";
import { noSuchKey } from "../errors.ts";
import type { S3House } from "../house.ts";
import { readMembers, readObject, type ReadObjectInput } from "./read-object.ts";
import { readRefused } from "./refused-members.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function getObjectOperation(house: S3House): Operation<ReadObjectInput, Record<string, unknown>> {
  return {
    name: "GetObject",
    honoured: readMembers,
    refused: readRefused,
    async run(input) {
      for (;;) {
        const { object, range, output } = await readObject(house, input);
        const body = await house.blobs.read(object.blobId, range);
        if (body !== undefined) return { ...output, Body: body };
        // The object was replaced or deleted between the two reads: look again.
        if ((await house.objects.get(input.Bucket, input.Key))?.blobId === object.blobId) throw noSuchKey(input.Key);
      }
    },
  };
}
