/** The checksums that S3 takes, each by its header. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
import { type ChecksumAlgorithm as Algorithm, createChecksum, type RunningChecksum } from "@tripline/kernel/checksums";

/** An algorithm. */
export interface ChecksumAlgorithm {
  /** As AWS's errors spell it. */
  name: string;
  /** Of its value. */
  bytes: number;
  create(): RunningChecksum;
}

const bytesOf: Readonly<Record<Algorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
  MD5: 16,
};

/** By header name. */
export const checksumAlgorithms: ReadonlyMap<string, ChecksumAlgorithm> = new Map(
  (Object.keys(bytesOf) as Algorithm[]).map((name) => [
    `x-amz-checksum-${name.toLowerCase()}`,
    { name, bytes: bytesOf[name], create: () => createChecksum(name) },
  ]),
);

/** Content-MD5. */
export const contentMd5: ChecksumAlgorithm = { name: "Content-MD5", bytes: 16, create: () => createChecksum("MD5") };
