import type { BlobBody, CallContext, Operation } from "@tripline/kernel";
import { defaultChecksum } from "@tripline/kernel/checksums";
import { toWriteCondition } from "../conditions.ts";
import { invalidDigest } from "../errors.ts";
import type { S3House } from "../house.ts";
import { expirationHeader } from "../lifecycle/expiration-header.ts";
import { checkObjectKey } from "../object-key.ts";
import {
  checkMetadata,
  checksumMembers,
  headerMembers,
  type ObjectChecksums,
  type ObjectHeaders,
  toAttributes,
  toChecksums,
} from "../object-headers.ts";
import { parseTagging } from "../tags.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";
import { checksumsRefused, directoryReason, writeRefused } from "./refused-members.ts";
import {
  checkWriteSettings,
  toChecksumAlgorithm,
  versionMember,
  type WriteSettings,
  writeSettings,
} from "./write-settings.ts";

/** A body as operations are given it. */
export interface BodyInput extends ObjectChecksums {
  Body?: BlobBody | string;
  ContentLength?: number;
  /** Base64. */
  ContentMD5?: string;
  ChecksumAlgorithm?: string;
}

/** Names of {@link BodyInput}. */
export const bodyMembers: readonly (keyof BodyInput)[] = [
  "Body",
  "ContentLength",
  "ContentMD5",
  "ChecksumAlgorithm",
  ...checksumMembers,
];

/** Input of PutObject. */
export interface PutObjectInput extends BucketInput, BodyInput, ObjectHeaders, WriteSettings {
  Key: string;
  IfMatch?: string;
  IfNoneMatch?: string;
  Tagging?: string;
}

/**
 * Answers once the object, its body and the notifications that it causes are durable.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function putObjectOperation(house: S3House): Operation<PutObjectInput, object> {
  return {
    name: "PutObject",
    honoured: [
      "Bucket",
      "Key",
      ...bodyMembers,
      ...headerMembers,
      ...writeSettings,
      "IfMatch",
      "IfNoneMatch",
      "Tagging",
      "ExpectedBucketOwner",
    ],
    refused: { ...writeRefused, ...checksumsRefused, WriteOffsetBytes: directoryReason },
    async run(input, context) {
      const bucket = openBucket(house, input);
      checkObjectKey(input.Key);
      checkMetadata(input.Metadata);
      checkWriteSettings(input);
      const onlyIf = toWriteCondition(input);
      const tags = input.Tagging === undefined ? [] : parseTagging(input.Tagging);
      const checksum = checksumToCompute(input, context);
      const object = await house.writer.put(
        {
          bucket,
          key: input.Key,
          eventName: "ObjectCreated:Put",
          body: toBody(input.Body),
          attributes: (taken) => ({
            ...toAttributes(input),
            ...(taken.checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: taken.checksum }),
          }),
          tags,
          ...checksum,
          ...(onlyIf === undefined ? {} : { onlyIf }),
          ...toLengthAndMd5(input),
        },
        context,
      );
      const expiration = expirationHeader(bucket, object);
      return {
        ETag: `"${object.etag}"`,
        ServerSideEncryption: "AES256",
        ...toChecksums(object.attributes),
        ...versionMember(bucket, object.versionId),
        ...(expiration === undefined ? {} : { Expiration: expiration }),
      };
    },
  };
}

/** The checksum that S3 makes itself: none where the caller sends one, with the headers or behind the body. */
export function checksumToCompute(
  input: BodyInput,
  { headers }: CallContext,
): { algorithm?: ReturnType<typeof toChecksumAlgorithm> } {
  const isSent = checksumMembers.some((name) => input[name] !== undefined);
  if (isSent || (headers["x-amz-trailer"] ?? "").includes("x-amz-checksum-")) return {};
  const { ChecksumAlgorithm: asked } = input;
  return { algorithm: asked === undefined ? defaultChecksum : toChecksumAlgorithm(asked) };
}

/** What the caller says of the body's length and MD5. Throws `InvalidDigest`. */
export function toLengthAndMd5(input: BodyInput): { length?: number; md5?: string } {
  return {
    ...(input.ContentLength === undefined ? {} : { length: input.ContentLength }),
    ...(input.ContentMD5 === undefined ? {} : { md5: toMd5(input.ContentMD5) }),
  };
}

/** A body that the library may give as text. */
export function toBody(body: BodyInput["Body"]): BlobBody {
  if (body === undefined) return new Uint8Array(0);
  return typeof body === "string" ? Buffer.from(body) : body;
}

function toMd5(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length !== 16 || bytes.toString("base64") !== base64) throw invalidDigest();
  return bytes.toString("hex");
}
