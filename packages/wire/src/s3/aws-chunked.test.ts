import { Buffer } from "node:buffer";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeAwsChunked } from "./aws-chunked.ts";

/** `bytes` cut where `cuts` say. */
async function* cutInto(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Uint8Array, void, undefined> {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.byteLength + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const end of [...ends, bytes.byteLength]) {
    yield bytes.subarray(from, end);
    from = end;
  }
}

const chunk = (bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.byteLength.toString(16)};chunk-signature=0\r\n`), bytes, Buffer.from("\r\n")]);

test("decodeAwsChunked gives back any chunks, however they were cut on their way", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 }),
      fc.array(fc.nat(400), { maxLength: 12 }),
      async (chunks, cuts) => {
        const end = Buffer.from("0\r\nx-amz-checksum-crc32: AAAAAA==\r\n\r\n");
        const framed = Buffer.concat([...chunks.map(chunk), end]);
        const trailers: [string, string][] = [];
        const pieces: Uint8Array[] = [];
        const decoded = decodeAwsChunked(cutInto(framed, cuts), (name, value) => trailers.push([name, value]));
        for await (const piece of decoded) pieces.push(piece);
        expect([Buffer.concat(pieces), trailers]).toEqual([
          Buffer.concat(chunks),
          [["x-amz-checksum-crc32", "AAAAAA=="]],
        ]);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

test("decodeAwsChunked never takes a cut upload for a whole one", async () => {
  const framed = Buffer.concat([chunk(Buffer.from("hello")), Buffer.from("0\r\n\r\n")]);
  for (let length = 0; length < framed.byteLength; length++) {
    const read = async (): Promise<void> => {
      const decoded = decodeAwsChunked(cutInto(framed.subarray(0, length), []), () => undefined);
      for await (const piece of decoded) expect(piece.byteLength).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({ code: "IncompleteBody" });
  }
});
