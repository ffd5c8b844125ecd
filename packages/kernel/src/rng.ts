/** Seeded randomness. Not for secrets. */
export interface Rng {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, limit). */
  below(limit: number): number;
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
  /** A random UUID, version 4. */
  uuid(): string;
  /** An independent stream: the same seed and label always give the same one, whatever was drawn before. */
  fork(label: string): Rng;
}

/** Bytes as hex: printing numbers in base 16 is slow, and every delivery draws an id. */
const hexOf: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** A stream of `sfc32`, seeded by hashing `seed`. */
export function createRng(seed: string): Rng {
  let [a, b, c, d] = hashSeed(seed);
  const word = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) word();
  const rng: Rng = {
    next: () => word() / 2 ** 32,
    below: (limit) => Math.floor((word() / 2 ** 32) * limit),
    hex(bytes) {
      let text = "";
      while (text.length < bytes * 2) {
        const bits = word();
        text += `${hexOf[bits >>> 24]}${hexOf[(bits >>> 16) & 255]}${hexOf[(bits >>> 8) & 255]}${hexOf[bits & 255]}`;
      }
      return text.slice(0, bytes * 2);
    },
    uuid() {
      const h = rng.hex(16);
      const variant = "89ab"[Number.parseInt(h.charAt(16), 16) & 3];
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
    },
    fork: (label) => createRng(`${seed}/${label}`),
  };
  return rng;
}

/** Four words from a string: FNV-1a with four bases, each finished by a mixer. */
function hashSeed(seed: string): [number, number, number, number] {
  const word = (base: number): number => {
    let hash = base;
    for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 16777619);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) | 0;
  };
  return [word(0x811c9dc5), word(0x9e3779b9), word(0x2545f491), word(0x27d4eb2f)];
}
