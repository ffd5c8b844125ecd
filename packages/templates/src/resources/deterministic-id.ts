import { createHash } from "node:crypto";

/** `length` lower-case letters and digits that stay the same for the same `parts`. The first is a letter, as in ids of APIs. */
export function deterministicId(length: number, ...parts: readonly string[]): string {
  const digest = createHash("sha256").update(parts.join("\n")).digest();
  return Array.from(digest.subarray(0, length), (byte, index) => {
    const alphabet = index === 0 ? letters : letters + digits;
    return alphabet[byte % alphabet.length] ?? "";
  }).join("");
}

/** A UUID that stays the same for the same `parts`. */
export function deterministicUuid(...parts: readonly string[]): string {
  const hex = createHash("sha256").update(parts.join("\n")).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const letters = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
