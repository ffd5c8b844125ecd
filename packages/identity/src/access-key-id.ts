/**
 * Access keys as AWS gives them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 *
 * U1. An access key carries its account: 40 bits of what its letters stand for in base 32, as in AWS's own since 2019.
 */
import type { Rng } from "@tripline/kernel";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A new access key id (U1): 20 letters and digits. */
export function toAccessKeyId(prefix: "AKIA" | "ASIA", accountId: string, rng: Rng): string {
  let bits = (1n << 47n) | (BigInt(accountId) << 7n) | BigInt(rng.below(128));
  bits = (bits << 2n) | BigInt(rng.below(4)); // 48 bits and two more are ten letters
  let text = "";
  for (let index = 0; index < 10; index++) {
    text = letters.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return prefix + text + randomLetters(rng, 6);
}

/** The account of an access key; `undefined` where the key tells of none. */
export function accountOfAccessKey(accessKeyId: string): string | undefined {
  if (!/^A[KS]IA[Q-Z2-7][A-Z2-7]{15}$/.test(accessKeyId)) return undefined;
  let bits = 0n;
  for (const letter of accessKeyId.slice(4, 14)) bits = (bits << 5n) | BigInt(letters.indexOf(letter));
  return String((bits >> 9n) & 0xff_ffff_ffffn).padStart(12, "0");
}

/** 40 letters, digits, `+` and `/`. */
export function toSecretAccessKey(rng: Rng): string {
  return Buffer.from(rng.hex(30), "hex").toString("base64");
}

/** Of temporary credentials. */
export function toSessionToken(rng: Rng): string {
  return Buffer.from(rng.hex(180), "hex").toString("base64");
}

function randomLetters(rng: Rng, count: number): string {
  return Array.from({ length: count }, () => letters.charAt(rng.below(32))).join("");
}
