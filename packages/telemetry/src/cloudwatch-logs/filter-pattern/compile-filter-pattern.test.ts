import { describe, expect, it } from "vitest";
import { compileFilterPattern } from "./compile-filter-pattern.ts";

const matching = (pattern: string, messages: readonly string[]): string[] =>
  messages.filter(compileFilterPattern(pattern));
const errorOf = (pattern: string): string => {
  try {
    compileFilterPattern(pattern);
  } catch (error) {
    return String(error);
  }
  return "none";
};

describe("terms", () => {
  const lines = [
    "[ERROR 400] bad request",
    "[WARN 419] missing arguments",
    "[ERROR 419] missing",
    "INFO fine",
    "error",
  ];
  it.each([
    ["", lines],
    ["ERROR", [lines[0], lines[2]]],
    ["ERROR missing", [lines[2]]],
    ["?ERROR ?WARN", [lines[0], lines[1], lines[2]]],
    ["ERROR -missing", [lines[0]]],
    ["-ERROR -INFO", [lines[1], lines[4]]],
    ["ERROR ?WARN", [lines[0], lines[2]]],
    ['"ERROR 419"', [lines[2]]],
    ['-"ERROR 4"', [lines[1], lines[3], lines[4]]],
    ["%4[01]\\d%", [lines[0], lines[1], lines[2]]],
    ["%^INFO|^error$%", [lines[3], lines[4]]],
  ])("%s", (pattern, expected) => {
    expect(matching(pattern, lines)).toEqual(expected);
  });

  it("takes quotes inside quotes", () => {
    expect(matching('"say \\"hi\\""', ['say "hi"', "say hi"])).toEqual(['say "hi"']);
  });
});

describe("JSON conditions", () => {
  const events = [
    { id: 1, type: "Update", latency: 120.5, ok: true, tags: ["a", "b"], user: { name: "ada", "first name": "x" } },
    { id: 2, type: "Delete", latency: 50, ok: false, tags: [], user: null, status: "404" },
    { id: 3, type: "UpdateAll", latency: 1000, status: 404, list: [{ n: 1 }, { n: 2 }] },
  ].map((event) => JSON.stringify(event));
  it.each([
    ["{ $.id = 1 }", [1]],
    ['{ $.type = "Update" }', [1]],
    ["{ $.type = Update* }", [1, 3]],
    ["{ $.type != Update }", [2, 3]],
    ["{ $.type = %^Del|All$% }", [2, 3]],
    ["{ $.latency > 100 && $.id < 3 }", [1]],
    ["{ $.latency >= 1e3 || $.latency <= 50 }", [2, 3]],
    ["{ ($.id = 1 || $.id = 2) && $.ok IS FALSE }", [2]],
    ["{ $.id = 1 || $.id = 2 && $.ok IS FALSE }", [1, 2]],
    ["{ $.ok IS TRUE }", [1]],
    ["{ $.user IS NULL }", [2]],
    ["{ $.user NOT EXISTS }", [3]],
    ["{ $.user.name = * }", [1]],
    ["{ $.tags[0] = a }", [1]],
    ["{ $.tags[*] = b }", [1]],
    ["{ $.list[*].n = 2 }", [3]],
    ["{ $.user['first name'] = x }", [1]],
    ["{ $.status = 404 }", [2, 3]],
    ["{ $.status = 4* }", [2, 3]],
    ["{ $.nothing != 1 }", []],
  ])("%s", (pattern, expected) => {
    expect(matching(pattern, ["no json", ...events]).map((one) => (JSON.parse(one) as { id: number }).id)).toEqual(
      expected,
    );
  });
});

describe("fields between spaces", () => {
  const lines = [
    '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 200 1534',
    '127.0.0.1 - frank [10/Oct/2000:13:35:22 -0700] "GET /missing HTTP/1.0" 404 5324',
    "WARN short line",
  ];
  it.each([
    ["[ip, user, name, time, request, status = 4*, bytes]", [1]],
    ["[ip, user, name, time, request, status, bytes > 1000 && bytes < 2000]", [0]],
    ["[..., status = 200 || status = 404, bytes]", [0, 1]],
    ['[ip, ..., request = "*missing*", status, bytes]', [1]],
    ["[level = WARN, ...]", [2]],
    ["[level != ERROR, a, b]", [2]],
    ["[a, b]", []],
    ["[ip = %127\\.0\\.0\\.[0-9]%, ...]", [0, 1]],
  ])("%s", (pattern, expected) => {
    expect(matching(pattern, lines).map((line) => lines.indexOf(line))).toEqual(expected);
  });
});

describe("what is no pattern", () => {
  it.each([
    ["a:b", "InvalidParameterException: Invalid character(s) in term 'a:b'"],
    ["{ $.a }", "InvalidParameterException: Invalid filter pattern"],
    ["{ $.a = 1", "InvalidParameterException: Invalid filter pattern"],
    ["{ a = 1 }", "InvalidParameterException: Invalid filter pattern"],
    ["{ $.a > x }", "InvalidParameterException: Invalid filter pattern"],
    ["[a, ..., b, ...]", "InvalidParameterException: Invalid filter pattern"],
    ["[a", "InvalidParameterException: Invalid filter pattern"],
    ["%a(b)%", "InvalidParameterException: Invalid regex in filter pattern: a(b)"],
    ["%a[%", "InvalidParameterException: Invalid regex in filter pattern: a["],
  ])("%s", (pattern, expected) => {
    expect(errorOf(pattern)).toBe(expected);
  });
});
