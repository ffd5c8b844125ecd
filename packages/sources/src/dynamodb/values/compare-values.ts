import { type AttributeValue, typeOf } from "./attribute-value.ts";
import { compareNumbers } from "./decimal.ts";

/** The order of two checked values, where they have one: both S, both N or both B. Texts are ordered by their bytes in UTF-8. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  const type = typeOf(a);
  if (type !== typeOf(b)) return undefined;
  switch (type) {
    case "N":
      return compareNumbers(a.N ?? "0", b.N ?? "0");
    case "S":
      return a.S === b.S ? 0 : Buffer.compare(Buffer.from(a.S ?? ""), Buffer.from(b.S ?? ""));
    case "B":
      return Buffer.compare(a.B ?? Buffer.alloc(0), b.B ?? Buffer.alloc(0));
    default:
      return undefined;
  }
}
