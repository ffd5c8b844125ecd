/**
 * CRC-64/NVME, which S3 computes where nobody sends a checksum. Eight bytes at a time, in two 32-bit halves: JavaScript has no fast
 * 64-bit integers. https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-64-nvme
 */

/** Reflected. */
const polynomial = { high: 0x9a6c9329, low: 0xac4bc9b5 };

/** For each of the eight bytes of a step, what it does to the CRC: 256 pairs of high and low half. */
let tables: { high: Int32Array; low: Int32Array } | undefined;

function makeTables(): { high: Int32Array; low: Int32Array } {
  const high = new Int32Array(8 * 256);
  const low = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let [h, l] = [0, byte];
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (l & 1) === 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (isOdd) {
        h ^= polynomial.high;
        l ^= polynomial.low;
      }
    }
    high[byte] = h;
    low[byte] = l;
  }
  for (let at = 256; at < high.length; at++) {
    const [h = 0, l = 0] = [high[at - 256], low[at - 256]];
    const index = l & 255;
    low[at] = ((l >>> 8) | (h << 24)) ^ (low[index] ?? 0);
    high[at] = (h >>> 8) ^ (high[index] ?? 0);
  }
  return { high, low };
}

/** A checksum of what it was shown, piece by piece. */
export class Crc64Nvme {
  #high = 0xffffffff | 0;
  #low = 0xffffffff | 0;

  update(piece: Uint8Array): void {
    const { high, low } = (tables ??= makeTables());
    let h = this.#high;
    let l = this.#low;
    let at = 0;
    const end = piece.length - 7;
    for (; at < end; at += 8) {
      l ^= piece[at]! | (piece[at + 1]! << 8) | (piece[at + 2]! << 16) | (piece[at + 3]! << 24);
      h ^= piece[at + 4]! | (piece[at + 5]! << 8) | (piece[at + 6]! << 16) | (piece[at + 7]! << 24);
      const a = 1792 + (l & 255);
      const b = 1536 + ((l >>> 8) & 255);
      const c = 1280 + ((l >>> 16) & 255);
      const d = 1024 + (l >>> 24);
      const e = 768 + (h & 255);
      const f = 512 + ((h >>> 8) & 255);
      const g = 256 + ((h >>> 16) & 255);
      const i = h >>> 24;
      l = low[a]! ^ low[b]! ^ low[c]! ^ low[d]! ^ low[e]! ^ low[f]! ^ low[g]! ^ low[i]!;
      h = high[a]! ^ high[b]! ^ high[c]! ^ high[d]! ^ high[e]! ^ high[f]! ^ high[g]! ^ high[i]!;
    }
    for (; at < piece.length; at++) {
      const index = (l ^ piece[at]!) & 255;
      l = ((l >>> 8) | (h << 24)) ^ low[index]!;
      h = (h >>> 8) ^ high[index]!;
    }
    this.#high = h;
    this.#low = l;
  }

  /** Eight bytes, the highest first. */
  digest(): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(~this.#high, 0);
    bytes.writeInt32BE(~this.#low, 4);
    return bytes;
  }
}
