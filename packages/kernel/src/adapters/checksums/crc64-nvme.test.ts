import { Crc64NvmeJs } from "@aws-sdk/checksums/crc";
import { array, assert, asyncProperty, uint8Array } from "fast-check";
import { expect, it } from "vitest";
import { Crc64Nvme } from "./crc64-nvme.ts";

const of = (...pieces: Uint8Array[]): string => {
  const checksum = new Crc64Nvme();
  for (const piece of pieces) checksum.update(piece);
  return checksum.digest().toString("hex");
};

it("the check value of CRC-64/NVME is that of the catalogue", () => {
  expect(of(Buffer.from("123456789"))).toBe("ae8b14860a799888");
});

it("any bytes in any pieces have the client's own checksum", async () => {
  await assert(
    asyncProperty(array(uint8Array({ maxLength: 70 }), { maxLength: 5 }), async (pieces) => {
      const theirs = new Crc64NvmeJs();
      theirs.update(Buffer.concat(pieces));
      expect(of(...pieces)).toBe(Buffer.from(await theirs.digest()).toString("hex"));
    }),
    { numRuns: 200, seed: 1 },
  );
});
