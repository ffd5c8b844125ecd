/** The checksums that S3 computes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Crc32c } from "@aws-sdk/checksums/crc";
import { Crc64Nvme } from "./crc64-nvme.ts";

/** As AWS spells them. */
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** Every one of them. */
export const checksumAlgorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512", "MD5"] as const;

/** What S3 computes where nobody asks for another. */
export const defaultChecksum: ChecksumAlgorithm = "CRC64NVME";

/** A checksum of what it was shown, piece by piece. */
export interface RunningChecksum {
  update(piece: Uint8Array): void;
  /** In base64; once. */
  digest(): Promise<string>;
}

/** Whether `name` is one of {@link checksumAlgorithms}. */
export function isChecksumAlgorithm(name: string): name is ChecksumAlgorithm {
  return (checksumAlgorithms as readonly string[]).includes(name);
}

/** Begins a checksum. */
export function createChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  switch (algorithm) {
    case "CRC32":
      return createCrc32();
    case "CRC32C":
      return fromClient(new Crc32c());
    case "CRC64NVME":
      return createCrc64Nvme();
    default: {
      const hash = createHash(algorithm.toLowerCase());
      return { update: (piece) => void hash.update(piece), digest: async () => hash.digest("base64") };
    }
  }
}

function createCrc32(): RunningChecksum {
  let value = 0;
  return {
    update(piece) {
      value = crc32(piece, value);
    },
    async digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString("base64");
    },
  };
}

function createCrc64Nvme(): RunningChecksum {
  const checksum = new Crc64Nvme();
  return {
    update(piece) {
      checksum.update(piece);
    },
    digest: async () => checksum.digest().toString("base64"),
  };
}

function fromClient(checksum: { update(piece: Uint8Array): void; digest(): Promise<Uint8Array> }): RunningChecksum {
  return {
    update(piece) {
      checksum.update(piece);
    },
    digest: async () => Buffer.from(await checksum.digest()).toString("base64"),
  };
}
