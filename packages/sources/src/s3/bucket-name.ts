import { invalidBucketName } from "./errors.ts";
import { s3Limits } from "./limits.ts";

/**
 * Refuses names that S3 does not take: 3 to 63 of lower-case letters, digits, dots and hyphens, a letter or digit at both ends,
 * no two dots together, not an IP address, none of the reserved prefixes and suffixes.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function checkBucketName(name: string): void {
  const isValid =
    name.length >= s3Limits.bucketNameMin &&
    name.length <= s3Limits.bucketNameMax &&
    /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(name) &&
    !name.includes("..") &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (!isValid) throw invalidBucketName(name);
}
