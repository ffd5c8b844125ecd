import { invalidParameter } from "../errors.ts";
import { limits } from "../limits.ts";

/** Throws for more tags than a resource may have. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > limits.tagsMax) throw invalidParameter("Number of tags exceeds resource tag limit.");
}
