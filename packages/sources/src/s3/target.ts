/** Deliveries to buckets: records of failures that destinations keep. Each becomes an object, with the notifications of a put. */
import type { CallContext, DeliveryTarget } from "@tripline/kernel";
import { invariant, parseArn } from "@tripline/kernel";
import type { S3House } from "./house.ts";
import { putObjectOperation } from "./operations/put-object.ts";

export function createS3Target(house: S3House): DeliveryTarget {
  const putObject = putObjectOperation(house);
  return {
    service: "s3",
    async deliver({ id, targetArn, objectKey, body }) {
      invariant(objectKey !== undefined, "a delivery to a bucket names its object");
      const context: CallContext = {
        requestId: id,
        parentId: id,
        endpoint: "",
        sourceIp: "127.0.0.1",
        signal: neverAborted,
        headers: {},
      };
      const bucket = parseArn(targetArn)?.resource ?? "";
      const input = { Bucket: bucket, Key: objectKey, Body: body, ContentType: "application/json" };
      await putObject.run(input, context);
    },
  };
}

const neverAborted = new AbortController().signal;
