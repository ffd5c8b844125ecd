import { expect, it } from "vitest";
import { describeJsonProblem } from "./json-problem.ts";

const source = (line: number, column: number): string =>
  `\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: ${line}, column: ${column}]`;
const aValue = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

it.each<[string, Buffer, string]>([
  [
    "bytes that begin no character",
    bytes("n\x87r\x9e\xe9\xb5\xd7I\xee\x9bmt"),
    `Invalid UTF-8 start byte 0x87${source(1, 3)}`,
  ],
  [
    "a control character where a value begins",
    bytes("\x99\xeb,j\x07\xa1zYh"),
    `Unexpected character ((CTRL-CHAR, code 153)): expected a valid value ${aValue}${source(1, 1)}`,
  ],
  ["a word", bytes("hello"), `Unrecognized token 'hello': was expecting ${aValue}${source(1, 6)}`],
  [
    "another character",
    bytes("\n 'a'"),
    `Unexpected character (''' (code 39)): expected a valid value ${aValue}${source(2, 2)}`,
  ],
  ["nothing but white space", bytes("  "), `No content to map due to end-of-input${source(1, 3)}`],
  ["an object that does not end", bytes('{"a":1'), `Unexpected end-of-input${source(1, 7)}`],
  ["bytes in a text that are no character", bytes('{"a":"\xff"}'), `Invalid UTF-8 start byte 0xff${source(1, 8)}`],
])("describeJsonProblem names %s and its place", (_what, payload, problem) => {
  expect(describeJsonProblem(payload)).toBe(problem);
});

it.each(["{}", "null", ' [1, "é"] ', '"\ud83d\ude00"'])("describeJsonProblem has nothing to say of %s", (text) => {
  expect(describeJsonProblem(Buffer.from(text))).toBeUndefined();
});
