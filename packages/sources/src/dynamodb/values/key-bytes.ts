/**
 * Keys as bytes that are ordered as the values are.
 *
 * B1. S and B are their own bytes. N is its sign, its exponent and its digits in pairs; of a negative number each is turned round, and an
 *     end mark that is above every pair follows, so that -1.2 comes after -1.23.
 * B2. A partition key is preceded by four bytes of a hash, so that a scan meets partitions in no order that anyone could lean on, and
 *     segments of a parallel scan are ranges.
 */
import type { AttributeValue } from "./attribute-value.ts";
import { parseDecimal } from "./decimal.ts";

const numberSign = { negative: 0x7f, zero: 0x80, positive: 0x81 };
const exponentBias = 130;
const hashBytes = 4;

/** A sort key (B1). */
export function toSortBytes(value: AttributeValue): Buffer {
  if (value.S !== undefined) return Buffer.from(value.S);
  if (value.B !== undefined) return Buffer.from(value.B.buffer, value.B.byteOffset, value.B.byteLength);
  return toNumberBytes(value.N ?? "0");
}

/** A partition key (B2). */
export function toPartitionBytes(value: AttributeValue): Buffer {
  const own = toSortBytes(value);
  const bytes = Buffer.allocUnsafe(hashBytes + own.byteLength);
  bytes.writeUInt32BE(hashOf(own), 0);
  own.copy(bytes, hashBytes);
  return bytes;
}

/** Where segment `index` of `count` begins, among partition keys. */
export function toSegmentStart(index: number, count: number): Buffer {
  if (index >= count) return Buffer.alloc(hashBytes + 1, 0xff);
  const bytes = Buffer.alloc(hashBytes);
  bytes.writeUInt32BE(Math.floor((index * 2 ** 32) / count), 0);
  return bytes;
}

function toNumberBytes(text: string): Buffer {
  const { isNegative, digits, exponent } = parseDecimal(text);
  if (digits === "") return Buffer.from([numberSign.zero]);
  const bytes = [isNegative ? numberSign.negative : numberSign.positive];
  const biased = exponent + exponentBias;
  bytes.push(isNegative ? 0xff - biased : biased);
  for (let at = 0; at < digits.length; at += 2) {
    const pair = Number(digits.slice(at, at + 2).padEnd(2, "0"));
    bytes.push(isNegative ? 101 - pair : pair + 1);
  }
  if (isNegative) bytes.push(0xff);
  return Buffer.from(bytes);
}

/** FNV-1a, and its bits mixed so that the upper ones depend on every byte. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
