import type { Bucket } from "../bucket-registry.ts";
import { accessDenied } from "../errors.ts";
import type { S3House } from "../house.ts";

/** What names a bucket in every operation's input. */
export interface BucketInput {
  Bucket: string;
  ExpectedBucketOwner?: string;
}

/** The bucket. Throws `NoSuchBucket`, and `AccessDenied` where the caller expects another owner: this simulator plays one account. */
export function openBucket({ registry, scope }: S3House, input: BucketInput): Bucket {
  const bucket = registry.get(input.Bucket);
  checkOwner(scope.accountId, input.ExpectedBucketOwner);
  return bucket;
}

/** Throws `AccessDenied` where another owner is expected. */
export function checkOwner(owner: string, expected: string | undefined): void {
  if (expected !== undefined && expected !== owner) throw accessDenied();
}
