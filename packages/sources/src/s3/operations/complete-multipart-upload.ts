import { createHash } from "node:crypto";
import type { ObjectPart, Operation } from "@tripline/kernel";
import { combineChecksums } from "../checksums/multipart-checksum.ts";
import { bareEtag, toWriteCondition } from "../conditions.ts";
import { badChecksum, entityTooSmall, invalidPart, invalidPartOrder, invalidRequest, malformedXml } from "../errors.ts";
import type { S3House } from "../house.ts";
import { expirationHeader } from "../lifecycle/expiration-header.ts";
import { s3Limits } from "../limits.ts";
import { findUpload, type MultipartUpload } from "../multipart-upload.ts";
import { checksumMembers, type ObjectChecksums, toChecksums } from "../object-headers.ts";
import { type BucketInput, openBucket } from "./open-bucket.ts";
import { checksumsRefused, customerKeyRefused, requestPayerRefused } from "./refused-members.ts";
import { versionMember } from "./write-settings.ts";

/** A part as the caller lists it. */
interface CompletedPart extends ObjectChecksums {
  PartNumber?: number;
  ETag?: string;
}

/** Input of CompleteMultipartUpload. */
export interface CompleteMultipartUploadInput extends BucketInput, ObjectChecksums {
  Key: string;
  UploadId: string;
  MultipartUpload?: { Parts?: CompletedPart[] };
  ChecksumType?: string;
  MpuObjectSize?: number;
  IfMatch?: string;
  IfNoneMatch?: string;
}

/**
 * The parts become the object as they lie: nothing is copied. Parts that are not listed are thrown away.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export function completeMultipartUploadOperation(
  house: S3House,
): Operation<CompleteMultipartUploadInput, Record<string, unknown>> {
  return {
    name: "CompleteMultipartUpload",
    honoured: [
      "Bucket",
      "Key",
      "UploadId",
      "MultipartUpload.Parts.PartNumber",
      "MultipartUpload.Parts.ETag",
      ...checksumMembers.map((name) => `MultipartUpload.Parts.${name}`),
      ...checksumMembers,
      "ChecksumType",
      "MpuObjectSize",
      "IfMatch",
      "IfNoneMatch",
      "ExpectedBucketOwner",
    ],
    refused: {
      ...checksumsRefused,
      ...Object.fromEntries(
        Object.entries(checksumsRefused).map(([name, why]) => [`MultipartUpload.Parts.${name}`, why]),
      ),
      ...customerKeyRefused,
      ...requestPayerRefused,
    },
    async run(input, context) {
      const bucket = openBucket(house, input);
      const onlyIf = toWriteCondition(input);
      const upload = await findUpload(house, input);
      const parts = await chooseParts(house, upload, input.MultipartUpload?.Parts ?? []);
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== size)
        throw invalidRequest(
          `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${size}`,
        );
      const checksum = await wholeChecksum(upload, parts, input);
      const { attributes, tags, algorithm, type } = upload.value;
      const object = await house.writer.complete(
        {
          bucket,
          key: input.Key,
          upload: { id: upload.id, partNumbers: parts.map((part) => part.number) },
          size,
          etag: wholeEtag(parts),
          attributes: { ...attributes, [`Checksum${algorithm}`]: checksum, ChecksumType: type },
          tags,
          ...(onlyIf === undefined ? {} : { onlyIf }),
        },
        context,
      );
      const expiration = expirationHeader(bucket, object);
      const path = input.Key.split("/").map(encodeURIComponent).join("/");
      return {
        Location: `${context.endpoint}/${input.Bucket}/${path}`,
        Bucket: input.Bucket,
        Key: input.Key,
        ETag: `"${object.etag}"`,
        ServerSideEncryption: "AES256",
        ...toChecksums(object.attributes),
        ...versionMember(bucket, object.versionId),
        ...(expiration === undefined ? {} : { Expiration: expiration }),
      };
    },
  };
}

/** The parts that the caller lists. Throws `MalformedXML`, `InvalidPartOrder`, `InvalidPart`, `EntityTooSmall`. */
async function chooseParts(
  { uploads }: S3House,
  upload: MultipartUpload,
  listed: readonly CompletedPart[],
): Promise<ObjectPart[]> {
  if (listed.length === 0) throw malformedXml();
  const stored = new Map<number, ObjectPart>();
  for (const part of await uploads.parts(upload.id, { after: 0, max: s3Limits.partNumberMax }))
    stored.set(part.number, part);
  let last = 0;
  const chosen = listed.map((given) => {
    const { PartNumber: number = 0, ETag: etag = "" } = given;
    if (number <= last) throw invalidPartOrder(upload.id);
    last = number;
    const part = stored.get(number);
    if (part === undefined || part.etag !== bareEtag(etag)) throw invalidPart(upload.id, number, bareEtag(etag));
    checkPartChecksum(upload, part, given);
    return part;
  });
  for (const part of chosen.slice(0, -1))
    if (part.size < s3Limits.partBytesMin) throw entityTooSmall(part, s3Limits.partBytesMin);
  return chosen;
}

function checkPartChecksum({ id, value }: MultipartUpload, part: ObjectPart, given: CompletedPart): void {
  const { algorithm, type, isDefaultChecksum } = value;
  if (isDefaultChecksum) return; // the caller's own were checked as the part came
  const sent = given[`Checksum${algorithm}`];
  if (sent === undefined) {
    if (type === "FULL_OBJECT") return;
    throw invalidRequest(
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`,
    );
  }
  if (sent !== part.checksums[algorithm]) throw invalidPart(id, part.number, part.etag);
}

/** The object's checksum; one that the caller sends must be it. */
async function wholeChecksum(
  { value }: MultipartUpload,
  parts: readonly ObjectPart[],
  input: CompleteMultipartUploadInput,
): Promise<string> {
  const { algorithm, type } = value;
  if (input.ChecksumType !== undefined && input.ChecksumType !== type)
    throw invalidRequest(
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    );
  const checksum = await combineChecksums(
    algorithm,
    type,
    parts.map((part) => ({ checksum: part.checksums[algorithm] ?? "", size: part.size })),
  );
  const sent = input[`Checksum${algorithm}`];
  if (sent !== undefined && sent !== checksum && sent !== checksum.replace(/-\d+$/, "")) throw badChecksum(algorithm);
  return checksum;
}

/** The MD5 of the parts' MD5s, and how many they are. */
function wholeEtag(parts: readonly ObjectPart[]): string {
  const hash = createHash("md5");
  for (const { etag } of parts) hash.update(etag, "hex");
  return `${hash.digest("hex")}-${parts.length}`;
}
