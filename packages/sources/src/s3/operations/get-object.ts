import type { Operation } from "@tripline/kernel";
import { noSuchKey } from "../errors.ts";
import type { S3House } from "../house.ts";
import { openBody, readMembers, readObject, type ReadObjectInput } from "./read-object.ts";
import { readRefused } from "./refused-members.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function getObjectOperation(house: S3House): Operation<ReadObjectInput, Record<string, unknown>> {
  return {
    name: "GetObject",
    honoured: readMembers,
    refused: readRefused,
    async run(input) {
      for (;;) {
        const { object, range, output } = await readObject(house, input, "GET");
        const body = await openBody(house, object, range);
        if (body !== undefined) return { ...output, Body: body };
        // The object was replaced or deleted between the two reads: look again.
        const now = await house.objects.get(input.Bucket, input.Key, input.VersionId);
        if (now?.sequence === object.sequence) throw noSuchKey(input.Key);
      }
    },
  };
}
