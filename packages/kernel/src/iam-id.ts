import { createRng } from "./rng.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The unique id of an IAM entity: `AROA` and 17 letters and digits. Made from the ARN, so that a template can name it before it is made:
 * the entity of the same ARN has the same id again, where AWS would give another.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function toIamId(prefix: "AROA" | "AIDA" | "AGPA" | "ANPA", arn: string): string {
  const rng = createRng(`iam/${arn}`);
  return prefix + Array.from({ length: 17 }, () => letters.charAt(rng.below(32))).join("");
}
