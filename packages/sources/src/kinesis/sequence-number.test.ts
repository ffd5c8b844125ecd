import { describe, expect, it } from "vitest";
import { parseSequenceNumber, toPlaceAfter, toSequenceNumber } from "./sequence-number.ts";

const parts = { createdSeconds: 1_545_084_650, position: 7, arrivedSeconds: 1_545_084_700, shardIndex: 6 };
const grows = (...all: string[]): boolean => all.every((one, at) => at === 0 || BigInt(one) > BigInt(all[at - 1] ?? 0));

describe("a sequence number", () => {
  it("has AWS's form: 56 digits that begin with 49", () => {
    expect(toSequenceNumber(parts)).toMatch(/^49\d{54}$/);
  });

  it("says what it was made of, whatever was made before it", () => {
    const others = [
      parts,
      { ...parts, position: 2 ** 36 - 1 },
      { ...parts, shardIndex: 99_999 },
      { ...parts, arrivedSeconds: parts.arrivedSeconds + 1 },
      { ...parts, createdSeconds: 1 },
      parts,
    ];
    expect(others.map((one) => parseSequenceNumber(toSequenceNumber(one)))).toEqual(others);
    expect(toSequenceNumber(parts)).toBe("49591161933145417361401850720495052434083025994293182562");
  });

  it("grows with the position, whenever records arrived, and from parent to child", () => {
    expect(
      grows(
        toSequenceNumber(parts),
        toPlaceAfter({ createdSeconds: parts.createdSeconds, index: 6 }, 7),
        toSequenceNumber({ ...parts, position: 8, arrivedSeconds: 0 }),
        toSequenceNumber({ ...parts, createdSeconds: parts.createdSeconds + 1, position: 0, shardIndex: 0 }),
      ),
    ).toBe(true);
  });

  it.each(["", "x", "-1", "0", "49", "0x20", "9".repeat(130)])("is not %j", (text) => {
    expect(parseSequenceNumber(text)).toBe(undefined);
  });
});
