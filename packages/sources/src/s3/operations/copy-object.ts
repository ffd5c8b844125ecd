import type { BlobBody, Operation, StoredObject } from "@tripline/kernel";
import { type ChecksumAlgorithm, defaultChecksum, isChecksumAlgorithm } from "@tripline/kernel/checksums";
import { copySourceConditions, toWriteCondition } from "../conditions.ts";
import { invalidArgument, invalidRequest, noSuchKey } from "../errors.ts";
import type { S3House } from "../house.ts";
import { expirationHeader } from "../lifecycle/expiration-header.ts";
import { s3Limits } from "../limits.ts";
import {
  checkMetadata,
  checksumMembers,
  headerMembers,
  type ObjectHeaders,
  toAttributes,
  toChecksums,
  toHeaderInput,
} from "../object-headers.ts";
import { checkObjectKey } from "../object-key.ts";
import { parseTagging } from "../tags.ts";
import { type CopySource, type CopySourceInput, findCopySource } from "./copy-source.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";
import { openBody } from "./read-object.ts";
import { copySourceRefused, writeRefused } from "./refused-members.ts";
import {
  checkWriteSettings,
  toChecksumAlgorithm,
  versionMember,
  type WriteSettings,
  writeSettings,
} from "./write-settings.ts";

/** Input of CopyObject. */
export interface CopyObjectInput extends BucketInput, CopySourceInput, ObjectHeaders, WriteSettings {
  Key: string;
  MetadataDirective?: string;
  TaggingDirective?: string;
  Tagging?: string;
  ChecksumAlgorithm?: string;
  IfMatch?: string;
  IfNoneMatch?: string;
}

/**
 * A copy is an object of its own: its bytes are read and stored again, so that its ETag is their MD5 even where the source was uploaded
 * in parts. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function copyObjectOperation(house: S3House): Operation<CopyObjectInput, Record<string, unknown>> {
  return {
    name: "CopyObject",
    honoured: [
      "Bucket",
      "Key",
      "CopySource",
      ...copySourceConditions,
      ...headerMembers,
      ...writeSettings,
      "MetadataDirective",
      "TaggingDirective",
      "Tagging",
      "ChecksumAlgorithm",
      "IfMatch",
      "IfNoneMatch",
      "ExpectedBucketOwner",
      "ExpectedSourceBucketOwner",
    ],
    refused: { ...writeRefused, ...copySourceRefused, AnnotationDirective: "annotations are not simulated" },
    async run(input, context) {
      const bucket = openBucket(house, input);
      checkObjectKey(input.Key);
      checkWriteSettings(input);
      const replacesHeaders = isReplace("metadata", input.MetadataDirective);
      const replacesTags = isReplace("tagging", input.TaggingDirective);
      const onlyIf = toWriteCondition(input);
      const { source, body } = await openSource(house, input);
      checkSource(source, input, replacesHeaders);
      const headers = replacesHeaders ? input : { ...toHeaderInput(source.object.attributes), ...redirectOf(input) };
      checkMetadata(headers.Metadata);
      const algorithm = toAlgorithm(input.ChecksumAlgorithm, source.object);
      const object = await house.writer.put(
        {
          bucket,
          key: input.Key,
          eventName: "ObjectCreated:Copy",
          body,
          attributes: (taken) => ({ ...toAttributes(headers), [`Checksum${algorithm}`]: taken.checksum }),
          algorithm,
          length: source.object.size,
          tags: replacesTags ? parseTagging(input.Tagging ?? "") : (source.object.tags ?? []),
          ...(onlyIf === undefined ? {} : { onlyIf }),
        },
        context,
      );
      const expiration = expirationHeader(bucket, object);
      return {
        CopyObjectResult: {
          ETag: `"${object.etag}"`,
          LastModified: new Date(object.lastModifiedMs),
          ...toChecksums(object.attributes),
        },
        ServerSideEncryption: "AES256",
        ...(source.bucket.versioning === undefined ? {} : { CopySourceVersionId: source.object.versionId }),
        ...versionMember(bucket, object.versionId),
        ...(expiration === undefined ? {} : { Expiration: expiration }),
      };
    },
  };
}

/** The source and its body, as they are at one moment. */
async function openSource(house: S3House, input: CopySourceInput): Promise<{ source: CopySource; body: BlobBody }> {
  for (;;) {
    const source = await findCopySource(house, input);
    const { object } = source;
    if (object.size > s3Limits.copyBytesMax)
      throw invalidRequest(
        `The specified copy source is larger than the maximum allowable size for a copy source: ${s3Limits.copyBytesMax}`,
      );
    const body = await openBody(house, object);
    if (body !== undefined) return { source, body };
    const now = await house.objects.get(object.bucket, object.key, source.versionId);
    if (now?.sequence === object.sequence) throw noSuchKey(object.key);
  }
}

/** A copy of an object to itself must change something. */
function checkSource(source: CopySource, input: CopyObjectInput, replacesHeaders: boolean): void {
  const { object, versionId } = source;
  const isItself = object.bucket === input.Bucket && object.key === input.Key && versionId === undefined;
  const changes =
    replacesHeaders ||
    input.StorageClass !== undefined ||
    input.ServerSideEncryption !== undefined ||
    input.WebsiteRedirectLocation !== undefined;
  if (!isItself || changes) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/** It is not copied, and may be given without replacing the rest. */
function redirectOf({ WebsiteRedirectLocation: location }: ObjectHeaders): ObjectHeaders {
  const redirect: ObjectHeaders = {};
  if (location !== undefined) redirect.WebsiteRedirectLocation = location;
  return redirect;
}

function isReplace(of: "metadata" | "tagging", directive: string | undefined): boolean {
  if (directive === undefined || directive === "COPY") return false;
  if (directive === "REPLACE") return true;
  throw invalidArgument(`Unknown ${of} directive.`, {
    ArgumentName: `x-amz-${of}-directive`,
    ArgumentValue: directive,
  });
}

/** What is asked for; else what the source has; else S3's own. */
function toAlgorithm(asked: string | undefined, source: StoredObject): ChecksumAlgorithm {
  if (asked !== undefined) return toChecksumAlgorithm(asked);
  const member = checksumMembers.find((name) => source.attributes[name] !== undefined);
  const name = member?.slice("Checksum".length) ?? defaultChecksum;
  return isChecksumAlgorithm(name) ? name : defaultChecksum;
}
