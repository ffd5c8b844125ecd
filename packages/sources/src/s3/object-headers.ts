/** What S3 keeps beside an object's body, and gives back as it was given. */
import type { StoredObject } from "@tripline/kernel";
import { metadataTooLarge } from "./errors.ts";
import { s3Limits } from "./limits.ts";

/** Members of PutObject that are kept and answered by GetObject and HeadObject. */
export interface ObjectHeaders {
  CacheControl?: string;
  ContentDisposition?: string;
  ContentEncoding?: string;
  ContentLanguage?: string;
  ContentType?: string;
  Expires?: Date;
  Metadata?: Record<string, string>;
  WebsiteRedirectLocation?: string;
}

/** Checksums, base64. The endpoint has checked them against the body; one that came as a trailer is set once the body was read. */
export interface ObjectChecksums {
  ChecksumCRC32?: string;
  ChecksumCRC32C?: string;
  ChecksumCRC64NVME?: string;
  ChecksumSHA1?: string;
  ChecksumSHA256?: string;
  ChecksumSHA512?: string;
  ChecksumMD5?: string;
}

/** Names of {@link ObjectHeaders}. */
export const headerMembers: readonly (keyof ObjectHeaders)[] = [
  "CacheControl",
  "ContentDisposition",
  "ContentEncoding",
  "ContentLanguage",
  "ContentType",
  "Expires",
  "Metadata",
  "WebsiteRedirectLocation",
];

/** Names of {@link ObjectChecksums}. */
export const checksumMembers: readonly (keyof ObjectChecksums)[] = [
  "ChecksumCRC32",
  "ChecksumCRC32C",
  "ChecksumCRC64NVME",
  "ChecksumSHA1",
  "ChecksumSHA256",
  "ChecksumSHA512",
  "ChecksumMD5",
];

/** What is kept of `input`; S3's default type is `binary/octet-stream`. `aws-chunked` is framing, not part of the object. */
export function toAttributes(input: ObjectHeaders & ObjectChecksums): Record<string, unknown> {
  const kept: Record<string, unknown> = { ContentType: "binary/octet-stream" };
  for (const name of [...headerMembers, ...checksumMembers]) {
    const value = input[name];
    if (value !== undefined && value !== "") kept[name] = value instanceof Date ? value.getTime() : value;
  }
  const encodings = input.ContentEncoding?.split(",").map((one) => one.trim()) ?? [];
  const own = encodings.filter((one) => one !== "aws-chunked" && one !== "").join(",");
  if (own === "") delete kept["ContentEncoding"];
  else kept["ContentEncoding"] = own;
  return kept;
}

/** Metadata counts in bytes of names and values. Throws `MetadataTooLarge`. */
export function checkMetadata(metadata: Readonly<Record<string, string>> = {}): void {
  let size = 0;
  for (const [name, value] of Object.entries(metadata)) size += Buffer.byteLength(name) + Buffer.byteLength(value);
  if (size > s3Limits.userMetadataBytesMax) throw metadataTooLarge(size);
}

/** What GetObject and HeadObject answer of an object, without its body and length. */
export function toHeaders(object: StoredObject, withChecksums: boolean): Record<string, unknown> {
  const { Expires: expires, ChecksumType: _type, ...attributes } = object.attributes;
  const headers: Record<string, unknown> = {
    AcceptRanges: "bytes",
    ETag: `"${object.etag}"`,
    LastModified: new Date(Math.floor(object.lastModifiedMs / 1000) * 1000),
    Metadata: {},
    ServerSideEncryption: "AES256",
    ...attributes,
  };
  if (typeof expires === "number") headers["Expires"] = new Date(expires);
  for (const name of checksumMembers) delete headers[name];
  return withChecksums ? { ...headers, ...toChecksums(object.attributes) } : headers;
}

/** The checksums among `attributes`, with their type; `{}` where there are none. */
export function toChecksums(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const checksums: Record<string, unknown> = {};
  for (const name of checksumMembers) {
    if (attributes[name] === undefined) continue;
    checksums[name] = attributes[name];
    checksums["ChecksumType"] = attributes["ChecksumType"] ?? "FULL_OBJECT";
  }
  return checksums;
}

/** The algorithms of the checksums among `attributes`, and their type, as lists have them. */
export function toChecksumAlgorithms(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { ChecksumType: type, ...checksums } = toChecksums(attributes);
  if (type === undefined) return {};
  return {
    ChecksumAlgorithm: Object.keys(checksums).map((name) => name.slice("Checksum".length)),
    ChecksumType: type,
  };
}

/** What a copy takes over of an object's headers, as the input of a write has them: all but the redirect. */
export function toHeaderInput(attributes: Readonly<Record<string, unknown>>): ObjectHeaders {
  const headers: Record<string, unknown> = {};
  for (const name of headerMembers) {
    const value = attributes[name];
    if (value !== undefined && name !== "WebsiteRedirectLocation")
      headers[name] = name === "Expires" ? new Date(Number(value)) : value;
  }
  return headers;
}
