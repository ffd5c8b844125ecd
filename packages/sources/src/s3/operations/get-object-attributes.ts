import type { Operation, StoredObject } from "@tripline/kernel";
import { invalidArgument } from "../errors.ts";
import type { S3House } from "../house.ts";
import { pageSize, present } from "../listing.ts";
import { checksumMembers, toChecksums } from "../object-headers.ts";
import { toPartMarker } from "./list-parts.ts";
import { findObject, type VersionInput } from "./read-object.ts";
import { customerKeyRefused, requestPayerRefused } from "./refused-members.ts";

/** Input of GetObjectAttributes. */
export interface GetObjectAttributesInput extends VersionInput {
  ObjectAttributes: string[];
  MaxParts?: number;
  /** A number, as text. */
  PartNumberMarker?: string | number;
}

const known: ReadonlySet<string> = new Set(["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]);

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html */
export function getObjectAttributesOperation(
  house: S3House,
): Operation<GetObjectAttributesInput, Record<string, unknown>> {
  return {
    name: "GetObjectAttributes",
    honoured: ["Bucket", "Key", "VersionId", "ObjectAttributes", "MaxParts", "PartNumberMarker", "ExpectedBucketOwner"],
    refused: { ...customerKeyRefused, ...requestPayerRefused },
    async run(input) {
      const wanted = new Set(input.ObjectAttributes);
      for (const name of wanted) {
        if (!known.has(name))
          throw invalidArgument("Invalid attribute name specified.", {
            ArgumentName: "x-amz-object-attributes",
            ArgumentValue: name,
          });
      }
      const { bucket, object } = await findObject(house, input, "GET");
      const checksums = toChecksums(object.attributes);
      return {
        LastModified: new Date(Math.floor(object.lastModifiedMs / 1000) * 1000),
        ...(bucket.versioning === undefined ? {} : { VersionId: object.versionId }),
        ...(wanted.has("ETag") ? { ETag: object.etag } : {}),
        ...(wanted.has("Checksum") && Object.keys(checksums).length > 0
          ? { Checksum: { ...checksums, ...bareComposite(checksums) } }
          : {}),
        ...(wanted.has("ObjectParts") && object.partCount !== undefined
          ? { ObjectParts: await toParts(house, object, input) }
          : {}),
        ...(wanted.has("StorageClass") ? { StorageClass: "STANDARD" } : {}),
        ...(wanted.has("ObjectSize") ? { ObjectSize: object.size } : {}),
      };
    },
  };
}

/** Here a composite checksum comes without the number of parts behind it. */
function bareComposite(checksums: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    checksumMembers.flatMap((name) => {
      const value = checksums[name];
      return typeof value === "string" ? [[name, value.replace(/-\d+$/, "")]] : [];
    }),
  );
}

/** Parts are listed only where the upload was begun with a composite checksum. */
async function toParts(
  { objects }: S3House,
  object: StoredObject,
  input: GetObjectAttributesInput,
): Promise<Record<string, unknown>> {
  const max = pageSize("max-parts", input.MaxParts);
  const after = toPartMarker(input.PartNumberMarker);
  const all = await objects.parts(object.sequence);
  if (object.attributes["ChecksumType"] !== "COMPOSITE") return { TotalPartsCount: all.length };
  const left = all.filter((part) => part.number > after);
  const page = left.slice(0, max);
  return {
    TotalPartsCount: all.length,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
    MaxParts: max,
    IsTruncated: left.length > max,
    ...present({
      Parts: page.map((part) => ({
        PartNumber: part.number,
        Size: part.size,
        ...Object.fromEntries(Object.entries(part.checksums).map(([name, value]) => [`Checksum${name}`, value])),
      })),
    }),
  };
}
