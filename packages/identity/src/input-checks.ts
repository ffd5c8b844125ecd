/** Names, paths, tags and pages: what most operations of IAM take. */
import { invalidValue, validationError } from "./errors.ts";
import { limits } from "./limits.ts";

/** A tag as the API has it. */
export interface Tag {
  Key: string;
  Value: string;
}

/** Throws `ValidationError`. `member` as AWS's texts have it: `roleName`. */
export function checkName(name: string, member: string, max: number): void {
  if (name.length > max) throw invalidValue(name, member, `Member must have length less than or equal to ${max}`);
  if (name === "") throw invalidValue(name, member, "Member must have length greater than or equal to 1");
  if (!/^[\w+=,.@-]+$/.test(name)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
}

/** Throws `ValidationError`. */
export function checkPath(path: string): void {
  if (path.length > limits.pathMax) {
    throw invalidValue(path, "path", `Member must have length less than or equal to ${limits.pathMax}`);
  }
  if (!/^(\/|\/[\x21-\x7e]+\/)$/.test(path)) {
    throw validationError(
      "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
    );
  }
}

/** Throws `ValidationError` for more than a thousand characters. */
export function checkDescription(description: string): void {
  if (description.length <= limits.descriptionMax) return;
  throw invalidValue(
    description,
    "description",
    `Member must have length less than or equal to ${limits.descriptionMax}`,
  );
}

/** Throws `ValidationError`, `InvalidInput`. */
export function toTags(tags: readonly Tag[] = []): Record<string, string> {
  const result: Record<string, string> = {};
  const seen = new Set<string>();
  for (const [index, { Key, Value }] of tags.entries()) {
    const at = `tags.${index + 1}.member`;
    if (Key === "" || Key.length > 128) {
      throw invalidValue(
        Key,
        `${at}.key`,
        "Member must have length less than or equal to 128, and greater than or equal to 1",
      );
    }
    if (Value.length > 256)
      throw invalidValue(Value, `${at}.value`, "Member must have length less than or equal to 256");
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u.test(Key)) {
      throw invalidValue(
        Key,
        `${at}.key`,
        "Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+",
      );
    }
    if (seen.has(Key.toLowerCase())) {
      throw validationError("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    seen.add(Key.toLowerCase());
    result[Key] = Value;
  }
  checkTagCount(result);
  return result;
}

/** Throws `ValidationError` for more than fifty. */
export function checkTagCount(tags: Readonly<Record<string, string>>): void {
  const count = Object.keys(tags).length;
  if (count <= limits.tagsMax) return;
  throw invalidValue(`[${count} tags]`, "tags", `Member must have length less than or equal to ${limits.tagsMax}`);
}

/** As the API shows them. */
export function fromTags(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** What the operations that list take. */
export interface PageInput {
  Marker?: string;
  MaxItems?: number;
}

/** The members that say where a list goes on. */
export interface PageOutput {
  IsTruncated: boolean;
  Marker?: string;
}

/** The page of `items` that `Marker` leads to. Throws `ValidationError`. */
export function takePage<T>(
  items: readonly T[],
  { Marker, MaxItems = limits.pageItems }: PageInput,
): [T[], PageOutput] {
  if (MaxItems < 1) throw invalidValue(MaxItems, "maxItems", "Member must have value greater than or equal to 1");
  if (MaxItems > limits.pageItemsMax) {
    throw invalidValue(MaxItems, "maxItems", `Member must have value less than or equal to ${limits.pageItemsMax}`);
  }
  const start = Marker === undefined ? 0 : parseMarker(Marker);
  const page = items.slice(start, start + MaxItems);
  const end = start + page.length;
  return [page, end < items.length ? { IsTruncated: true, Marker: toMarker(end) } : { IsTruncated: false }];
}

function toMarker(position: number): string {
  return Buffer.from(`page:${position}`).toString("base64url");
}

function parseMarker(marker: string): number {
  const match = /^page:(\d+)$/.exec(Buffer.from(marker, "base64url").toString());
  if (match === null) throw validationError("Invalid Marker.");
  return Number(match[1]);
}
