import { type Operation, ServiceError } from "@tripline/kernel";
import { malformedXml, notSimulated } from "../errors.ts";
import type { S3House } from "../house.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";

/** Nothing is answered for a bucket whose versioning was never on. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
export function getBucketVersioningOperation(house: S3House): Operation<BucketInput, { Status?: string }> {
  return {
    name: "GetBucketVersioning",
    honoured: ["Bucket", "ExpectedBucketOwner"],
    async run(input) {
      const { versioning } = openBucket(house, input);
      return versioning === undefined ? {} : { Status: versioning };
    },
  };
}

/** Input of PutBucketVersioning. */
export interface PutBucketVersioningInput extends BucketInput {
  VersioningConfiguration: { Status?: string; MFADelete?: string };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html */
export function putBucketVersioningOperation(
  house: S3House,
): Operation<PutBucketVersioningInput, Record<string, never>> {
  return {
    name: "PutBucketVersioning",
    honoured: ["Bucket", "VersioningConfiguration", "ContentMD5", "ChecksumAlgorithm", "ExpectedBucketOwner"],
    refused: { MFA: "deletion with multi-factor authentication is not simulated" },
    async run(input) {
      openBucket(house, input);
      const { Status: status, MFADelete: mfa } = input.VersioningConfiguration;
      if (mfa !== undefined && mfa !== "Disabled")
        throw notSimulated("MfaDelete", "deletion with multi-factor authentication is not simulated");
      if (status === undefined)
        throw new ServiceError("IllegalVersioningConfigurationException", "The Versioning element must be specified");
      if (status !== "Enabled" && status !== "Suspended") throw malformedXml();
      await house.registry.update(input.Bucket, (bucket) => ({ ...bucket, versioning: status }));
      return {};
    },
  };
}
