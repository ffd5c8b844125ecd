/** How S3 is addressed: `/bucket/key`, or `bucket` in the host name. https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
import { decodeUri } from "../rest/rest-routes.ts";

/** A request's bucket, and its path without it. */
export interface BucketAddress {
  bucket: string | undefined;
  path: string;
}

/** `hostBucket` is the bucket that the host name carries, if it does. */
export function toBucketAddress(path: string, hostBucket: string | undefined): BucketAddress {
  if (hostBucket !== undefined) return { bucket: hostBucket, path };
  const slash = path.indexOf("/", 1);
  const bucket = slash === -1 ? path.slice(1) : path.slice(1, slash);
  return { bucket: bucket === "" ? undefined : decodeUri(bucket), path: slash === -1 ? "/" : path.slice(slash) };
}
