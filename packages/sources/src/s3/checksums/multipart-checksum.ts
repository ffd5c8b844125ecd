/**
 * The checksum of an object that was uploaded in parts, worked out from those of its parts without reading a byte again.
 *
 * K1. COMPOSITE is the checksum of the parts' checksums, with `-<parts>` behind it.
 * K2. FULL_OBJECT is that of the whole, as one upload would have: CRCs of two pieces combine to that of both (see zlib's crc32_combine).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
import { type ChecksumAlgorithm, createChecksum } from "@tripline/kernel/checksums";

/** How the checksum of parts stands for the whole. */
export type ChecksumType = "COMPOSITE" | "FULL_OBJECT";

/** Which types `algorithm` has; the first is its default. */
export function checksumTypesOf(algorithm: ChecksumAlgorithm): readonly ChecksumType[] {
  if (algorithm === "CRC64NVME") return ["FULL_OBJECT"];
  return algorithm === "CRC32" || algorithm === "CRC32C" ? ["COMPOSITE", "FULL_OBJECT"] : ["COMPOSITE"];
}

/** K1 or K2. `parts` in order; their checksums in base64. */
export async function combineChecksums(
  algorithm: ChecksumAlgorithm,
  type: ChecksumType,
  parts: readonly { checksum: string; size: number }[],
): Promise<string> {
  if (type === "COMPOSITE") {
    const whole = createChecksum(algorithm);
    for (const { checksum } of parts) whole.update(Buffer.from(checksum, "base64"));
    return `${await whole.digest()}-${parts.length}`;
  }
  const crc = crcs[algorithm as keyof typeof crcs];
  const shift = createShift(crc);
  let value = 0n;
  for (const { checksum, size } of parts) value = shift(value, size) ^ toNumber(checksum);
  return toBase64(value, crc.bits / 8);
}

interface Crc {
  bits: number;
  /** Reflected. */
  polynomial: bigint;
}

const crcs = {
  CRC32: { bits: 32, polynomial: 0xedb88320n },
  CRC32C: { bits: 32, polynomial: 0x82f63b78n },
  CRC64NVME: { bits: 64, polynomial: 0x9a6c9329ac4bc9b5n },
} satisfies Record<string, Crc>;

/** What a CRC becomes when `bytes` bytes of zero follow; sizes that come again (most parts are of one) are worked out once. */
function createShift({ bits, polynomial }: Crc): (value: bigint, bytes: number) => bigint {
  const one = 1n << BigInt(bits - 1);
  const multiply = (a: bigint, b: bigint): bigint => {
    let product = 0n;
    for (let bit = one, left = a, right = b; bit !== 0n && left !== 0n; bit >>= 1n) {
      if ((left & bit) !== 0n) {
        product ^= right;
        left ^= bit;
      }
      right = (right & 1n) === 0n ? right >> 1n : (right >> 1n) ^ polynomial;
    }
    return product;
  };
  const powers = new Map<number, bigint>();
  /** x to the power of 8 * bytes. */
  const powerOf = (bytes: number): bigint => {
    let result = one;
    let square = one >> 8n;
    for (let left = BigInt(bytes); left > 0n; left >>= 1n) {
      if ((left & 1n) === 1n) result = multiply(square, result);
      square = multiply(square, square);
    }
    return result;
  };
  return (value, bytes) => {
    const power = powers.get(bytes) ?? powerOf(bytes);
    powers.set(bytes, power);
    return multiply(power, value);
  };
}

function toNumber(base64: string): bigint {
  return BigInt(`0x0${Buffer.from(base64, "base64").toString("hex")}`);
}

function toBase64(value: bigint, bytes: number): string {
  return Buffer.from(value.toString(16).padStart(bytes * 2, "0"), "hex").toString("base64");
}
