import type { BlobBody, ObjectCondition, Operation } from "@tripline/kernel";
import { bareEtag } from "../conditions.ts";
import { invalidArgument, invalidDigest } from "../errors.ts";
import type { S3House } from "../house.ts";
import { checkObjectKey } from "../object-key.ts";
import {
  checkMetadata,
  checksumMembers,
  headerMembers,
  type ObjectChecksums,
  type ObjectHeaders,
  toAttributes,
} from "../object-headers.ts";
import { checkOwner } from "./check-owner.ts";
import { encryptionRefused, lockRefused, permissionsRefused } from "./refused-members.ts";

/** Input of PutObject. */
export interface PutObjectInput extends ObjectHeaders, ObjectChecksums {
  Bucket: string;
  Key: string;
  Body?: BlobBody | string;
  ContentLength?: number;
  /** Base64. */
  ContentMD5?: string;
  ChecksumAlgorithm?: string;
  IfMatch?: string;
  IfNoneMatch?: string;
  StorageClass?: string;
  ServerSideEncryption?: string;
  ExpectedBucketOwner?: string;
}

/**
 * Answers once the object, its body and the notifications that it causes are durable.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function putObjectOperation({ registry, writer, scope }: S3House): Operation<PutObjectInput, object> {
  return {
    name: "PutObject",
    honoured: [
      "Bucket",
      "Key",
      "Body",
      "ContentLength",
      "ContentMD5",
      "ChecksumAlgorithm",
      ...checksumMembers,
      ...headerMembers,
      "IfMatch",
      "IfNoneMatch",
      "StorageClass",
      "ServerSideEncryption",
      "ExpectedBucketOwner",
    ],
    refused: {
      ...permissionsRefused,
      ...encryptionRefused,
      ...lockRefused,
      Tagging: "tags of objects are not simulated yet",
      WriteOffsetBytes: "directory buckets are not simulated",
      RequestPayer: "nobody pays here",
    },
    async run(input, context) {
      const bucket = registry.get(input.Bucket);
      checkOwner(scope, input.ExpectedBucketOwner);
      checkObjectKey(input.Key);
      checkMetadata(input.Metadata);
      refuseOther("x-amz-storage-class", input.StorageClass, "STANDARD");
      refuseOther("x-amz-server-side-encryption", input.ServerSideEncryption, "AES256");
      const onlyIf = toCondition(input);
      const object = await writer.put(
        {
          bucket,
          key: input.Key,
          body: toBody(input.Body),
          attributes: () => toAttributes(input),
          ...(onlyIf === undefined ? {} : { onlyIf }),
          ...(input.ContentLength === undefined ? {} : { length: input.ContentLength }),
          ...(input.ContentMD5 === undefined ? {} : { md5: toMd5(input.ContentMD5) }),
        },
        context,
      );
      const checksums = checksumMembers.filter((name) => object.attributes[name] !== undefined);
      return {
        ETag: `"${object.etag}"`,
        ServerSideEncryption: "AES256",
        ...Object.fromEntries(checksums.map((name) => [name, object.attributes[name]])),
        ...(checksums.length === 0 ? {} : { ChecksumType: "FULL_OBJECT" }),
      };
    },
  };
}

function toBody(body: PutObjectInput["Body"]): BlobBody {
  if (body === undefined) return new Uint8Array(0);
  return typeof body === "string" ? Buffer.from(body) : body;
}

function toCondition({ IfMatch: etag, IfNoneMatch: none }: PutObjectInput): ObjectCondition | undefined {
  if (none !== undefined) {
    if (none !== "*")
      throw invalidArgument("If-None-Match takes only *.", { ArgumentName: "If-None-Match", ArgumentValue: none });
    return { absent: true };
  }
  return etag === undefined ? undefined : { etag: bareEtag(etag) };
}

function toMd5(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length !== 16 || bytes.toString("base64") !== base64) throw invalidDigest();
  return bytes.toString("hex");
}

function refuseOther(name: string, given: string | undefined, only: string): void {
  if (given === undefined || given === only) return;
  throw invalidArgument(`Tripline keeps every object as ${only}: leave ${name} out.`, {
    ArgumentName: name,
    ArgumentValue: given,
  });
}
