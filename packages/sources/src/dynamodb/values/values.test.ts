import { createRng } from "@tripline/kernel";
import { describe, expect, it } from "vitest";
import { itemBytes } from "./attribute-value.ts";
import { addNumbers, compareNumbers, normaliseNumber, subtractNumbers } from "./decimal.ts";
import { parseItemText, toItemText } from "./item-text.ts";
import { toSortBytes } from "./key-bytes.ts";

const rng = createRng("decimals");
/** Numbers of any size and sign, near each other often enough. */
const someNumber = (): string => {
  const digits = Array.from({ length: 1 + rng.below(rng.below(2) === 0 ? 3 : 38) }, () => rng.below(10)).join("");
  const exponent = rng.below(2) === 0 ? rng.below(5) - 2 : rng.below(160) - 80;
  return `${rng.below(2) === 0 ? "-" : ""}${digits}e${exponent}`;
};

describe("numbers", () => {
  it.each([
    ["007", "7"],
    ["-0", "0"],
    ["1.50", "1.5"],
    ["1E3", "1000"],
    ["12.5e-3", "0.0125"],
    [".5", "0.5"],
    ["1e-130", `0.${"0".repeat(129)}1`],
    ["9.9999999999999999999999999999999999999E+125", `${"9".repeat(38)}${"0".repeat(88)}`],
  ])("%s is %s", (text, expected) => {
    expect(normaliseNumber(text)).toBe(expected);
  });

  it.each([
    ["", "The parameter cannot be converted to a numeric value"],
    ["1x", "The parameter cannot be converted to a numeric value: 1x"],
    ["NaN", "The parameter cannot be converted to a numeric value: NaN"],
    ["1e126", "Number overflow. Attempting to store a number with magnitude larger than supported range"],
    ["1e-131", "Number underflow. Attempting to store a number with magnitude smaller than supported range"],
    ["1".repeat(39), "Attempting to store more than 38 significant digits in a Number"],
  ])("%j is refused", (text, message) => {
    expect(() => normaliseNumber(text)).toThrow(message);
  });

  it("as keys are in the order of their values, whatever they are", () => {
    for (let n = 0; n < 2_000; n++) {
      const [a, b] = [normaliseNumber(someNumber()), normaliseNumber(someNumber())];
      const order = Math.sign(compareNumbers(a, b));
      expect([a, b, Math.sign(Buffer.compare(toSortBytes({ N: a }), toSortBytes({ N: b })))]).toEqual([a, b, order]);
      expect(Math.sign(compareNumbers(b, a))).toBe(order === 0 ? 0 : -order);
    }
  });

  it("add and subtract exactly", () => {
    expect(addNumbers("0.1", "0.2")).toBe("0.3");
    expect(subtractNumbers("1", "1.00")).toBe("0");
    expect(addNumbers("12345678901234567890123456789012345678", "-1")).toBe("12345678901234567890123456789012345677");
    expect(() => addNumbers("1e38", "1")).toThrow("more than 38 significant digits");
    for (let n = 0; n < 500; n++) {
      const [a, b] = [rng.below(1_000_000) - 500_000, rng.below(1_000_000) - 500_000];
      expect([addNumbers(String(a), String(b)), subtractNumbers(String(a), String(b))]).toEqual([
        String(a + b),
        String(a - b),
      ]);
    }
  });
});

describe("items", () => {
  it("are counted as AWS counts them", () => {
    expect(itemBytes({ id: { S: "é" } })).toBe(4);
    expect(itemBytes({ n: { N: "-123.4" } })).toBe(1 + 2 + 2);
    expect(itemBytes({ b: { B: new Uint8Array(3) }, t: { BOOL: true } })).toBe(4 + 2);
    expect(itemBytes({ l: { L: [{ S: "ab" }, { NULL: true }] } })).toBe(1 + 3 + (1 + 2) + (1 + 1));
    expect(itemBytes({ m: { M: { k: { S: "ab" } } } })).toBe(1 + 3 + 1 + 3);
  });

  it("come back from their text, bytes and odd names included", () => {
    const bytes = Buffer.from([0, 255]);
    const item = Object.fromEntries([
      ["__proto__", { S: "x" }],
      ["B", { M: { BS: { BS: [bytes] }, B: { B: bytes } } }],
      ["l", { L: [{ B: bytes }] }],
    ]);
    expect(parseItemText(toItemText(item))).toEqual(item);
    expect(Object.keys(parseItemText(toItemText(item)))).toEqual(["__proto__", "B", "l"]);
  });
});
