/**
 * The policy of a form upload: what its signer lets the form hold. Its signature is not verified: nobody is identified yet.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 *
 * Y1. Every condition must hold, and every field must be named by one, but for those that belong to the signature.
 */
import { ServiceError } from "@tripline/kernel";

/** What is checked. */
export interface PostForm {
  bucket: string;
  /** By name in lower case; the key with the file's name filled in. */
  fields: Readonly<Record<string, string>>;
  nowMs: number;
}

const withoutCondition = /^(policy|file|signature|awsaccesskeyid|x-amz-signature|x-ignore-.*)$/;

/** Throws `AccessDenied` and `InvalidPolicyDocument`; returns the sizes that the file may have, if it says. */
export function checkPostPolicy(
  policy: string,
  { bucket, fields, nowMs }: PostForm,
): { min: number; max: number } | undefined {
  const { expiration, conditions } = parsePolicy(policy);
  if (new Date(expiration).getTime() <= nowMs) throw denied("Policy expired.");
  const values: Record<string, string> = { ...fields, bucket };
  const named = new Set<string>();
  let range: { min: number; max: number } | undefined;
  for (const condition of conditions) {
    const [operator, subject, value] = toTriple(condition);
    if (operator === "content-length-range") {
      range = { min: Number(subject), max: Number(value) };
      continue;
    }
    const name = String(subject).replace(/^\$/, "").toLowerCase();
    named.add(name);
    const actual = values[name] ?? "";
    const holds = operator === "eq" ? actual === String(value) : actual.startsWith(String(value));
    if (!holds) throw denied(`Policy Condition failed: ${printCondition(operator, name, String(value))}`);
  }
  const extra = Object.keys(fields).find((name) => !named.has(name) && !withoutCondition.test(name));
  if (extra !== undefined) throw denied(`Extra input fields: ${extra}`); // Y1
  return range;
}

function parsePolicy(policy: string): { expiration: string; conditions: unknown[] } {
  try {
    const parsed = JSON.parse(Buffer.from(policy, "base64").toString("utf8")) as Record<string, unknown>;
    const { expiration, conditions } = parsed;
    if (typeof expiration !== "string" || Number.isNaN(new Date(expiration).getTime()))
      throw invalidPolicy("Policy missing expiration.");
    if (!Array.isArray(conditions)) throw invalidPolicy("Policy missing conditions.");
    return { expiration, conditions };
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw invalidPolicy("Invalid JSON."); // AWS says no more than that
  }
}

/** `{"acl": "private"}` is `["eq", "$acl", "private"]`. */
function toTriple(condition: unknown): [operator: string, subject: unknown, value: unknown] {
  if (Array.isArray(condition)) {
    const [operator, subject, value] = condition as unknown[];
    const name = String(operator).toLowerCase();
    if (condition.length === 3 && operators.has(name)) return [name, subject, value];
  } else if (typeof condition === "object" && condition !== null) {
    const [entry, ...others] = Object.entries(condition);
    if (entry !== undefined && others.length === 0) return ["eq", `$${entry[0]}`, entry[1]];
  }
  throw invalidPolicy(`Invalid Condition: ${JSON.stringify(condition)}.`);
}

const operators: ReadonlySet<string> = new Set(["eq", "starts-with", "content-length-range"]);

function printCondition(operator: string, name: string, value: string): string {
  return `["${operator}", "$${name}", "${value}"]`;
}

function denied(reason: string): ServiceError {
  return new ServiceError("AccessDenied", `Invalid according to Policy: ${reason}`, { status: 403 });
}

function invalidPolicy(reason: string): ServiceError {
  return new ServiceError("InvalidPolicyDocument", `Invalid Policy: ${reason}`);
}
