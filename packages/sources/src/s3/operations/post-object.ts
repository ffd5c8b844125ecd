import type { BlobBody, ObjectTag, Operation } from "@tripline/kernel";
import { type ChecksumAlgorithm, checksumAlgorithms, defaultChecksum } from "@tripline/kernel/checksums";
import { invalidArgument, malformedXml, notSimulated } from "../errors.ts";
import type { S3House } from "../house.ts";
import { checkMetadata, type ObjectHeaders, toAttributes } from "../object-headers.ts";
import { checkObjectKey } from "../object-key.ts";
import { checkPostPolicy } from "../post-policy.ts";
import { checkTags } from "../tags.ts";
import { openBucket } from "./open-bucket.ts";
import { checkWriteSettings, versionMember, type WriteSettings } from "./write-settings.ts";

/** Input of PostObject: a form. */
export interface PostObjectInput {
  Bucket: string;
  /** By name in lower case. */
  Fields: Readonly<Record<string, string>>;
  /** Of the file, without folders. */
  FileName: string;
  Body: BlobBody;
}

/** Fields that are headers of the object. */
const headerFields = {
  "cache-control": "CacheControl",
  "content-disposition": "ContentDisposition",
  "content-encoding": "ContentEncoding",
  "content-language": "ContentLanguage",
  "content-type": "ContentType",
  "x-amz-website-redirect-location": "WebsiteRedirectLocation",
} as const;

/** Fields of the signature, and those that are looked at one by one. */
const knownFields =
  /^(x-amz-(algorithm|credential|date|signature|security-token|storage-class|server-side-encryption|website-redirect-location|checksum-algorithm|meta-.*))$/;

/** An upload by a form, as browsers make it. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html */
export function postObjectOperation(house: S3House): Operation<PostObjectInput, Record<string, unknown>> {
  return {
    name: "PostObject",
    honoured: ["Bucket", "Fields", "FileName", "Body"],
    async run(input, context) {
      const bucket = openBucket(house, input);
      const { key, fields } = withKey(input);
      checkObjectKey(key);
      const { policy } = fields;
      const sizeRange =
        policy === undefined
          ? undefined
          : checkPostPolicy(policy, { bucket: bucket.name, fields, nowMs: house.clock.now() });
      const { headers, settings, checksum } = readFields(fields);
      checkMetadata(headers.Metadata);
      checkWriteSettings(settings);
      const { algorithm } = checksum;
      const object = await house.writer.put(
        {
          bucket,
          key,
          body: input.Body,
          eventName: "ObjectCreated:Post",
          attributes: (taken) => ({ ...toAttributes(headers), [`Checksum${algorithm}`]: taken.checksum }),
          tags: fields["tagging"] === undefined ? [] : parseTagDocument(fields["tagging"]),
          ...checksum,
          ...(sizeRange === undefined ? {} : { sizeRange }),
        },
        context,
      );
      const etag = `"${object.etag}"`;
      const path = key.split("/").map(encodeURIComponent).join("/");
      return {
        ...toAnswer(fields, { bucket: bucket.name, key, etag }, `${context.endpoint}/${bucket.name}/${path}`),
        Bucket: bucket.name,
        Key: key,
        ETag: etag,
        ...versionMember(bucket, object.versionId),
      };
    },
  };
}

/** `${filename}` stands for the file's name, in the key and every other field. */
function withKey({ Fields: given, FileName: name }: PostObjectInput): { key: string; fields: Record<string, string> } {
  const fields: Record<string, string> = {};
  for (const [field, value] of Object.entries(given)) fields[field] = value.replaceAll("${filename}", () => name);
  const { key } = fields;
  if (key === undefined || key === "")
    throw invalidArgument(
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      { ArgumentName: "key", ArgumentValue: "" },
    );
  return { key, fields };
}

function readFields(fields: Readonly<Record<string, string>>): {
  headers: ObjectHeaders;
  settings: WriteSettings;
  checksum: { algorithm: ChecksumAlgorithm; checksum?: string };
} {
  const headers: ObjectHeaders = {};
  const metadata: Record<string, string> = {};
  let checksum: { algorithm: ChecksumAlgorithm; checksum?: string } = { algorithm: defaultChecksum };
  for (const [name, value] of Object.entries(fields)) {
    if (name in headerFields) headers[headerFields[name as keyof typeof headerFields]] = value;
    if (name.startsWith("x-amz-meta-")) metadata[name.slice("x-amz-meta-".length)] = value;
    const algorithm = checksumAlgorithms.find((one) => name === `x-amz-checksum-${one.toLowerCase()}`);
    if (algorithm !== undefined) checksum = { algorithm, checksum: value };
    else if (name.startsWith("x-amz-") && !knownFields.test(name))
      throw notSimulated(`The form field ${name}`, "it is not simulated");
  }
  if (Object.keys(metadata).length > 0) headers.Metadata = metadata;
  if (fields["expires"] !== undefined) headers.Expires = new Date(fields["expires"]);
  const settings: WriteSettings = {};
  if (fields["acl"] !== undefined) settings.ACL = fields["acl"];
  if (fields["x-amz-storage-class"] !== undefined) settings.StorageClass = fields["x-amz-storage-class"];
  if (fields["x-amz-server-side-encryption"] !== undefined)
    settings.ServerSideEncryption = fields["x-amz-server-side-encryption"];
  return { headers, settings, checksum };
}

/** The tags of a form are a document in a field. */
function parseTagDocument(xml: string): ObjectTag[] {
  const tags = [...xml.matchAll(/<Tag>\s*<Key>([^<]*)<\/Key>\s*<Value>([^<]*)<\/Value>\s*<\/Tag>/g)];
  if (!/^\s*<Tagging[\s>]/.test(xml) || tags.length !== xml.split("<Tag>").length - 1) throw malformedXml();
  return checkTags(
    tags.map(([, key = "", value = ""]) => ({ Key: unescapeXml(key), Value: unescapeXml(value) })),
    "object",
  );
}

function unescapeXml(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}

/** A redirect, if the form asks for one to a URL; else the status that it asks for, else 204. */
function toAnswer(
  fields: Readonly<Record<string, string>>,
  made: { bucket: string; key: string; etag: string },
  location: string,
): { Status: number; Location: string } {
  const redirect = fields["success_action_redirect"] ?? fields["redirect"];
  if (redirect !== undefined && URL.canParse(redirect)) {
    const url = new URL(redirect);
    for (const [name, value] of Object.entries(made)) url.searchParams.set(name, value);
    return { Status: 303, Location: url.href };
  }
  const asked = fields["success_action_status"];
  return { Status: asked === "200" || asked === "201" ? Number(asked) : 204, Location: location };
}
