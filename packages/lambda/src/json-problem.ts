/**
 * What is wrong with a payload that is no JSON, in the words of the parser that Lambda has (Jackson): what and where.
 *
 * Differs: of text that goes wrong inside strings and numbers only the place is Jackson's, the words are those of an unexpected character.
 */
import { isUtf8 } from "node:buffer";

const source = "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: %l, column: %c]";
const aValue = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/** Undefined where `payload` is JSON. */
export function describeJsonProblem(payload: Uint8Array): string | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const text = bytes.toString("utf8");
  if (isUtf8(bytes)) {
    try {
      JSON.parse(text);
      return undefined;
    } catch (error) {
      return describe(bytes, text, error);
    }
  }
  return describe(bytes, bytes.toString("latin1"), undefined);
}

function describe(bytes: Buffer, text: string, error: unknown): string {
  const start = text.search(/[^ \t\r\n]/);
  if (start === -1) return `No content to map due to end-of-input\n at ${at(text, text.length)}`;
  const token = /^[A-Za-z_$][\w$]*/.exec(text.slice(start))?.[0] ?? "";
  const isKeyword = ["null", "true", "false"].includes(token);
  if (token !== "" && !isKeyword) {
    const invalid = isUtf8(bytes) ? undefined : invalidByte(bytes, start);
    if (invalid !== undefined && invalid <= start + token.length) return describeByte(bytes, text, invalid);
    return `Unrecognized token '${token}': was expecting ${aValue}\n at ${at(text, start + token.length)}`;
  }
  const first = text.charCodeAt(start);
  if (first > 126 || /[^[{"\d\-ntf]/.test(text[start] ?? "")) {
    return `Unexpected character (${name(first)}): expected a valid value ${aValue}\n at ${at(text, start)}`;
  }
  const invalid = isUtf8(bytes) ? undefined : invalidByte(bytes, start);
  if (invalid !== undefined) return describeByte(bytes, text, invalid);
  const position = Number(/position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1] ?? text.length);
  if (position >= text.length) return `Unexpected end-of-input\n at ${at(text, text.length)}`;
  return `Unexpected character (${name(text.charCodeAt(position))})\n at ${at(text, position)}`;
}

function describeByte(bytes: Buffer, text: string, index: number): string {
  const byte = (bytes[index] ?? 0).toString(16);
  return `Invalid UTF-8 ${isStart(bytes[index]) ? "middle" : "start"} byte 0x${byte}\n at ${at(text, index + 1)}`;
}

function isStart(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0xc2 && byte <= 0xf4;
}

/** Where UTF-8 ends to be UTF-8. */
function invalidByte(bytes: Buffer, from: number): number {
  let low = from;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isUtf8Prefix(bytes.subarray(0, middle + 1))) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether more bytes could make it UTF-8. */
function isUtf8Prefix(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false; // that is the answer
  }
}

/** `('x' (code 120))`, `((CTRL-CHAR, code 153))`. */
function name(code: number): string {
  return code < 32 || (code > 126 && code < 160)
    ? `(CTRL-CHAR, code ${code})`
    : `'${String.fromCharCode(code)}' (code ${code})`;
}

/** Lines and columns count from 1. */
function at(text: string, index: number): string {
  const before = text.slice(0, index);
  const line = before.split("\n").length;
  return source.replace("%l", String(line)).replace("%c", String(index - before.lastIndexOf("\n")));
}
