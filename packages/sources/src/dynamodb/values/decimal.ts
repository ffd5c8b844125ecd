/**
 * Numbers as DynamoDB has them: decimal, of 38 digits, 1E-130 to 9.99…E+125 in magnitude.
 *
 * U1. The text of a number is plain (no exponent), without leading zeros or zeros behind the last digit of a fraction: equal numbers
 *     have equal texts.
 * U2. Addition and subtraction are exact, or fail.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
import { validation } from "../errors.ts";
import { numberDigitsMax, numberExponentMax, numberExponentMin } from "../limits.ts";

/** `0.digits x 10^exponent`, but that the first digit stands before the point: 123.4 is digits 1234, exponent 2. Zero: no digits. */
export interface Decimal {
  isNegative: boolean;
  /** No zero at either end. */
  digits: string;
  exponent: number;
}

const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const zero: Decimal = { isNegative: false, digits: "", exponent: 0 };
const simple = /^(?:0|-?[1-9]\d{0,14})$/;

/** The plain text of a number (U1). Throws ValidationException. */
export function normaliseNumber(text: string): string {
  return simple.test(text) ? text : formatDecimal(parseDecimal(text));
}

/** Throws ValidationException where `text` is no number, too large, too small, or too precise. */
export function parseDecimal(text: string): Decimal {
  const [, sign, whole = "", fraction = "", power = "0"] = form.exec(text) ?? [];
  if (sign === undefined || whole.length + fraction.length === 0) {
    throw validation(
      text === ""
        ? "The parameter cannot be converted to a numeric value"
        : `The parameter cannot be converted to a numeric value: ${text}`,
    );
  }
  const all = whole + fraction;
  const first = all.search(/[1-9]/);
  if (first < 0) return zero;
  const digits = all.slice(first).replace(/0+$/, "");
  return checked({ isNegative: sign === "-", digits, exponent: whole.length - 1 - first + Number(power) });
}

/** U1. */
export function formatDecimal({ isNegative, digits, exponent }: Decimal): string {
  if (digits === "") return "0";
  const sign = isNegative ? "-" : "";
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return fraction === "" ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** Below, at or above 0 as `a` is less than, equal to or greater than `b`. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  if (simple.test(a) && simple.test(b)) return Number(a) - Number(b);
  return compareDecimals(parseDecimal(a), parseDecimal(b));
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const signOf = ({ digits, isNegative }: Decimal): number => (digits === "" ? 0 : isNegative ? -1 : 1);
  const sign = signOf(a);
  if (sign !== signOf(b)) return sign - signOf(b);
  if (sign === 0) return 0;
  if (a.exponent !== b.exponent) return sign * (a.exponent - b.exponent);
  return a.digits === b.digits ? 0 : sign * (a.digits < b.digits ? -1 : 1);
}

/** The sum, as text. Throws ValidationException where it does not fit (U2). */
export function addNumbers(a: string, b: string): string {
  return sum(parseDecimal(a), parseDecimal(b));
}

/** The difference, as text. Throws ValidationException where it does not fit (U2). */
export function subtractNumbers(a: string, b: string): string {
  const subtrahend = parseDecimal(b);
  return sum(parseDecimal(a), { ...subtrahend, isNegative: !subtrahend.isNegative });
}

function sum(a: Decimal, b: Decimal): string {
  if (a.digits === "") return formatDecimal(b.digits === "" ? zero : b);
  if (b.digits === "") return formatDecimal(a);
  const lowest = Math.min(lastPlace(a), lastPlace(b));
  const total = toInteger(a, lowest) + toInteger(b, lowest);
  if (total === 0n) return "0";
  const text = (total < 0n ? -total : total).toString();
  const decimal = {
    isNegative: total < 0n,
    digits: text.replace(/0+$/, ""),
    exponent: text.length - 1 + lowest,
  };
  return formatDecimal(checked(decimal));
}

/** The power of ten of the last digit. */
function lastPlace({ digits, exponent }: Decimal): number {
  return exponent - digits.length + 1;
}

function toInteger(decimal: Decimal, lowest: number): bigint {
  const value = BigInt(decimal.digits + "0".repeat(lastPlace(decimal) - lowest));
  return decimal.isNegative ? -value : value;
}

function checked(decimal: Decimal): Decimal {
  if (decimal.exponent > numberExponentMax) {
    throw validation("Number overflow. Attempting to store a number with magnitude larger than supported range");
  }
  if (decimal.exponent < numberExponentMin) {
    throw validation("Number underflow. Attempting to store a number with magnitude smaller than supported range");
  }
  if (decimal.digits.length > numberDigitsMax) {
    throw validation("Attempting to store more than 38 significant digits in a Number");
  }
  return decimal;
}
