/**
 * Where texts that begin with `prefix` and are not before `from` lie among all texts, in UTF-8 order: from `first` up to `end`, which
 * is not one of them.
 */
export function textRange(prefix: string, from: string): { first: string; end: string } {
  return { first: comesBefore(prefix, from) ? from : prefix, end: afterPrefix(prefix) ?? endOfAll };
}

/** After every text there is: U+10FFFF, more often than a key is long. */
const endOfAll = "\u{10FFFF}".repeat(300);

/** UTF-16, as strings are compared, orders surrogates before U+E000 to U+FFFF; UTF-8 does not. */
function comesBefore(one: string, other: string): boolean {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
}

/** The first text after every text that begins with `prefix`; undefined where there is none. */
function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const point = points.pop() ?? 0;
    if (point === 0x10ffff) continue;
    return String.fromCodePoint(...points, point === 0xd7ff ? 0xe000 : point + 1);
  }
  return undefined;
}
