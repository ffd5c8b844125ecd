/** JSON as values of templates: the order of keys, `1.0` and long numbers are kept. https://www.rfc-editor.org/rfc/rfc8259 */
import { JavaDouble, JavaList, type JavaValue, toInteger } from "./java-value.ts";

/** Thrown by {@link parseJson}. */
export class JsonSyntaxError extends Error {
  /** Offset in the text. */
  readonly position: number;

  constructor(position: number) {
    super(`Unexpected text at ${position}`);
    this.position = position;
  }
}

const depthMax = 500;

/** Throws {@link JsonSyntaxError}. */
export function parseJson(text: string): JavaValue {
  let at = 0;
  const fail = (): never => {
    throw new JsonSyntaxError(at);
  };
  const space = (): void => {
    while (at < text.length && " \t\r\n".includes(text.charAt(at))) at++;
  };
  const take = (char: string): boolean => {
    space();
    if (text.charAt(at) !== char) return false;
    at++;
    return true;
  };
  const string = (): string => {
    space();
    const match = /"(?:[^"\\]|\\.)*"/suy;
    match.lastIndex = at;
    const found = match.exec(text)?.[0] ?? fail();
    try {
      const value = JSON.parse(found) as string;
      at += found.length;
      return value;
    } catch {
      return fail();
    }
  };
  const number = (): JavaValue => {
    const match = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
    match.lastIndex = at;
    const [found, fraction, exponent] = match.exec(text) ?? fail();
    at += found.length;
    return fraction === undefined && exponent === undefined ? toInteger(BigInt(found)) : new JavaDouble(Number(found));
  };
  const value = (depth: number): JavaValue => {
    if (depth > depthMax) fail();
    space();
    const char = text.charAt(at);
    if (char === '"') return string();
    if (char === "{") {
      at++;
      const map = new Map<string, JavaValue>();
      if (take("}")) return map;
      do {
        const key = string();
        if (!take(":")) fail();
        map.set(key, value(depth + 1));
      } while (take(","));
      return take("}") ? map : fail();
    }
    if (char === "[") {
      at++;
      const items: JavaValue[] = [];
      if (take("]")) return new JavaList(items, true);
      do items.push(value(depth + 1));
      while (take(","));
      return take("]") ? new JavaList(items, true) : fail();
    }
    for (const [word, meant] of words) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return meant;
    }
    return number();
  };
  const result = value(0);
  space();
  return at === text.length ? result : fail();
}

const words: readonly (readonly [string, JavaValue])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];
