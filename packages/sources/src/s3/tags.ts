/** Tags of objects and buckets. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
import { type ObjectTag, ServiceError } from "@tripline/kernel";
import { invalidArgument, invalidTag } from "./errors.ts";
import { s3Limits } from "./limits.ts";

/** What both the key and the value of a tag are made of. */
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Checks the tags of a document. Throws `InvalidTag`, and `BadRequest` for too many tags of an object. */
export function checkTags(tags: readonly Partial<ObjectTag>[], of: "object" | "bucket"): ObjectTag[] {
  const max = of === "object" ? s3Limits.objectTagsMax : s3Limits.bucketTagsMax;
  if (tags.length > max) {
    throw of === "object"
      ? invalidTagCount("Object tags cannot be greater than 10")
      : invalidTagCount("Bucket tag count cannot be greater than 50");
  }
  const seen = new Set<string>();
  return tags.map(({ Key: key = "", Value: value = "" }) => {
    if (key.length === 0 || key.length > s3Limits.tagKeyCharactersMax || !allowed.test(key))
      throw invalidTag("The TagKey you have provided is invalid", { TagKey: key });
    if (value.length > s3Limits.tagValueCharactersMax || !allowed.test(value))
      throw invalidTag("The TagValue you have provided is invalid", { TagKey: key, TagValue: value });
    if (key.toLowerCase().startsWith("aws:"))
      throw invalidTag(
        of === "object"
          ? "Your TagKey cannot be prefixed with aws:"
          : "System tags cannot be added/updated by requester",
        {
          TagKey: key,
        },
      );
    if (seen.has(key)) throw invalidTag("Cannot provide multiple Tags with the same key", { TagKey: key });
    seen.add(key);
    return { Key: key, Value: value };
  });
}

/** The tags of an `x-amz-tagging` header: `a=1&b=2`. Throws `InvalidArgument`, `InvalidTag`. */
export function parseTagging(header: string): ObjectTag[] {
  const wrong = (): Error =>
    invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      {
        ArgumentName: "x-amz-tagging",
        ArgumentValue: header,
      },
    );
  const tags = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
  if (new Set(tags.map((tag) => tag.Key)).size !== tags.length || tags.some((tag) => tag.Key === "")) throw wrong();
  return checkTags(tags, "object");
}

function invalidTagCount(message: string): Error {
  return new ServiceError("BadRequest", message);
}
