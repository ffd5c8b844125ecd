import { expect, it } from "vitest";
import { type ChecksumAlgorithm, createChecksum } from "@tripline/kernel/checksums";
import { combineChecksums } from "./multipart-checksum.ts";

const checksumOf = (algorithm: ChecksumAlgorithm, ...pieces: Uint8Array[]): Promise<string> => {
  const running = createChecksum(algorithm);
  for (const piece of pieces) running.update(piece);
  return running.digest();
};
const pieces = ["", "hello ", "w".repeat(100_001), "!", "end"].map((text) => Buffer.from(text));

it.each(["CRC32", "CRC32C", "CRC64NVME"] as const)(
  "a FULL_OBJECT %s of parts is that of their bytes as one",
  async (algorithm) => {
    const parts = await Promise.all(
      pieces.map(async (piece) => ({ checksum: await checksumOf(algorithm, piece), size: piece.length })),
    );
    expect(await combineChecksums(algorithm, "FULL_OBJECT", parts)).toBe(await checksumOf(algorithm, ...pieces));
  },
);

it("a COMPOSITE checksum is that of the parts' checksums, with their number", async () => {
  const parts = await Promise.all(
    pieces.map(async (piece) => ({ checksum: await checksumOf("SHA256", piece), size: piece.length })),
  );
  const ofAll = await checksumOf("SHA256", ...parts.map(({ checksum }) => Buffer.from(checksum, "base64")));
  expect(await combineChecksums("SHA256", "COMPOSITE", parts)).toBe(`${ofAll}-5`);
});
