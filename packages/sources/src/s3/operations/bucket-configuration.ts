/** Operations on one of a bucket's configurations that is kept as it was put: put, get, delete. */
import type { Operation } from "@tripline/kernel";
import { noSuchConfiguration } from "../errors.ts";
import type { S3House } from "../house.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";

/** What tells one configuration from another. */
export interface ConfigurationKind<Value> {
  /** Where it is kept: `Cors`. */
  noun: string;
  /** `PutBucketCors`, `GetBucketCors`, `DeleteBucketCors`. */
  operations: { put: string; get: string; remove: string };
  /** The member of the put's input: `CORSConfiguration`. */
  member: string;
  /** Further members of the put that are honoured, such as checksums of the document. */
  honoured?: readonly string[];
  refused?: Readonly<Record<string, string>>;
  /** Makes what is kept of what is put; must survive `JSON.stringify`. Throws S3's errors. */
  parse(value: Value, input: Readonly<Record<string, unknown>>): unknown;
  /** What the get answers. Default: what is kept, under the put's member. */
  toAnswer?(kept: unknown): Record<string, unknown>;
  /** What a bucket has that nobody gave one. */
  initial?: unknown;
  /** Deleting it brings `initial` back. */
  resets?: boolean;
  /** The error where there is none. */
  missing: { code: string; message: string };
  onChange?(bucket: string): void;
}

/** The three operations of `kind`. */
export function bucketConfigurationOperations<Value>(house: S3House, kind: ConfigurationKind<Value>): Operation[] {
  const { registry, activity } = house;
  const { noun, member, missing, operations } = kind;
  const keep = (name: string, value: unknown): Promise<void> =>
    activity.track("s3 bucket", async () => {
      await registry.update(name, (bucket) => ({
        ...bucket,
        configurations: { ...bucket.configurations, [noun]: value },
      }));
      kind.onChange?.(name);
    });
  const put: Operation<BucketInput & Record<string, unknown>, Record<string, unknown>> = {
    name: operations.put,
    honoured: ["Bucket", member, "ContentMD5", "ChecksumAlgorithm", "ExpectedBucketOwner", ...(kind.honoured ?? [])],
    ...(kind.refused === undefined ? {} : { refused: kind.refused }),
    async run(input) {
      openBucket(house, input);
      await keep(input.Bucket, kind.parse(input[member] as Value, input));
      return {};
    },
  };
  const get: Operation<BucketInput, Record<string, unknown>> = {
    name: operations.get,
    honoured: ["Bucket", "ExpectedBucketOwner"],
    async run(input) {
      const bucket = openBucket(house, input);
      const own = bucket.configurations?.[noun];
      const kept = own === undefined ? kind.initial : own;
      if (kept === undefined || kept === null) throw noSuchConfiguration(missing.code, missing.message, bucket.name);
      return kind.toAnswer?.(kept) ?? { [member]: kept };
    },
  };
  const remove: Operation<BucketInput, Record<string, never>> = {
    name: operations.remove,
    honoured: ["Bucket", "ExpectedBucketOwner"],
    async run(input) {
      openBucket(house, input);
      await keep(input.Bucket, kind.resets === true ? undefined : null);
      return {};
    },
  };
  return [put, get, remove];
}
