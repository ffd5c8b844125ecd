/** The checksums that S3 takes, each by its header. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Crc32c, Crc64NvmeJs } from "@aws-sdk/checksums/crc";

/** A checksum of what it was shown, piece by piece. */
export interface Checksum {
  update(piece: Uint8Array): void;
  /** In base64, as the headers carry it. */
  digest(): Promise<string>;
}

/** An algorithm. */
export interface ChecksumAlgorithm {
  /** As AWS's errors spell it. */
  name: string;
  /** Of its value. */
  bytes: number;
  create(): Checksum;
}

/** By header name. */
export const checksumAlgorithms: ReadonlyMap<string, ChecksumAlgorithm> = new Map<string, ChecksumAlgorithm>([
  ["x-amz-checksum-crc32", { name: "CRC32", bytes: 4, create: createCrc32 }],
  ["x-amz-checksum-crc32c", { name: "CRC32C", bytes: 4, create: () => fromClient(new Crc32c()) }],
  ["x-amz-checksum-crc64nvme", { name: "CRC64NVME", bytes: 8, create: () => fromClient(new Crc64NvmeJs()) }],
  ["x-amz-checksum-sha1", { name: "SHA1", bytes: 20, create: () => fromHash("sha1") }],
  ["x-amz-checksum-sha256", { name: "SHA256", bytes: 32, create: () => fromHash("sha256") }],
  ["x-amz-checksum-sha512", { name: "SHA512", bytes: 64, create: () => fromHash("sha512") }],
  ["x-amz-checksum-md5", { name: "MD5", bytes: 16, create: () => fromHash("md5") }],
]);

/** Content-MD5. */
export const contentMd5: ChecksumAlgorithm = { name: "Content-MD5", bytes: 16, create: () => fromHash("md5") };

function createCrc32(): Checksum {
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

function fromHash(name: string): Checksum {
  const hash = createHash(name);
  return { update: (piece) => void hash.update(piece), digest: async () => hash.digest("base64") };
}

/** The clients' own implementations. */
function fromClient(checksum: { update(piece: Uint8Array): void; digest(): Promise<Uint8Array> }): Checksum {
  return {
    update(piece) {
      checksum.update(piece);
    },
    digest: async () => Buffer.from(await checksum.digest()).toString("base64"),
  };
}
