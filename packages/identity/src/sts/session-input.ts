/** What the operations that give out credentials take, and how they show them. */
import { checkIdentityPolicy } from "../policy-document.ts";
import { accessDenied, invalidValue, validationError } from "../errors.ts";
import { type Tag, toTags } from "../input-checks.ts";
import type { Session, SessionFacts } from "../sessions.ts";

/** Policies and tags of a session: kept with it, and evaluated when identity is. */
export interface SessionPolicyInput {
  Policy?: string;
  PolicyArns?: { arn?: string }[];
  Tags?: Tag[];
}

/** Policies and tags may have this many characters together, which is `PackedPolicySize` 100. */
const packedSizeMax = 2048;
const policyArnsMax = 10;

/** Throws `MalformedPolicyDocument`, `ValidationError`. */
export function toSessionFacts({ Policy, PolicyArns, Tags }: SessionPolicyInput): SessionFacts {
  if (Policy !== undefined) {
    if (Policy.length > packedSizeMax) {
      throw invalidValue(Policy, "policy", `Member must have length less than or equal to ${packedSizeMax}`);
    }
    checkIdentityPolicy(Policy);
  }
  if ((PolicyArns?.length ?? 0) > policyArnsMax) {
    throw validationError(`The number of policy ARNs exceeds the limit of ${policyArnsMax}.`);
  }
  return {
    ...(Policy === undefined ? {} : { policy: Policy }),
    ...(PolicyArns === undefined ? {} : { policyArns: PolicyArns.map(({ arn = "" }) => arn) }),
    ...(Tags === undefined ? {} : { tags: toTags(Tags) }),
  };
}

/** Per cent of what fits; absent where neither policies nor tags were sent. */
export function toPackedSize({ policy, policyArns, tags }: SessionFacts): { PackedPolicySize?: number } {
  const text = [policy ?? "", ...(policyArns ?? []), ...Object.entries(tags ?? {}).flat()].join("");
  return text === "" ? {} : { PackedPolicySize: Math.ceil((text.length * 100) / packedSizeMax) };
}

/** Throws `ValidationError` where `seconds` is not between `min` and `max`. */
export function checkDuration(seconds: number, min: number, max: number): number {
  const bound =
    seconds < min ? `greater than or equal to ${min}` : seconds > max ? `less than or equal to ${max}` : undefined;
  if (bound !== undefined) throw invalidValue(seconds, "durationSeconds", `Member must have value ${bound}`);
  return seconds;
}

/** Throws `ValidationError`. `member` as AWS's texts have it: `roleSessionName`. */
export function checkSessionName(name: string, member: string, max: number): void {
  if (name.length < 2) throw invalidValue(name, member, "Member must have length greater than or equal to 2");
  if (name.length > max) throw invalidValue(name, member, `Member must have length less than or equal to ${max}`);
  if (!/^[\w+=,.@-]*$/.test(name)) {
    throw invalidValue(name, member, "Member must satisfy regular expression pattern: [\\w+=,.@-]*");
  }
}

/** Throws `AccessDenied` where the caller's own credentials are temporary. */
export function refuseSession(isSession: boolean, operation: string): void {
  if (isSession) throw accessDenied(`Cannot call ${operation} with session credentials`);
}

/** The `Credentials` member of an answer. */
export function toCredentials({ accessKeyId, secretAccessKey, sessionToken, expiresMs }: Session): object {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: new Date(expiresMs),
  };
}

/** Why MinimumSessionTokenSize is refused. */
export const tokenSizeReason: string = "session tokens have one size here";
