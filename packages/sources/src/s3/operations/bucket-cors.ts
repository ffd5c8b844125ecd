import type { Operation } from "@tripline/kernel";
import { type CorsRule, parseCors } from "../cors.ts";
import type { S3House } from "../house.ts";
import { bucketConfigurationOperations } from "./bucket-configuration.ts";

/** PutBucketCors, GetBucketCors, DeleteBucketCors. */
export function bucketCorsOperations(house: S3House): Operation[] {
  return bucketConfigurationOperations<{ CORSRules?: CorsRule[] } | undefined>(house, {
    noun: "Cors",
    operations: { put: "PutBucketCors", get: "GetBucketCors", remove: "DeleteBucketCors" },
    member: "CORSConfiguration",
    parse: (configuration) => ({ CORSRules: parseCors(configuration?.CORSRules) }),
    toAnswer: (kept) => kept as Record<string, unknown>,
    missing: { code: "NoSuchCORSConfiguration", message: "The CORS configuration does not exist" },
  });
}
