import { createRng } from "@tripline/kernel";
import { expect, it } from "vitest";
import { toTraceHeader } from "./trace-header.ts";

it.each([
  [undefined, /^Root=1-695c0e00-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/],
  ["Root=1-5e6a879e-aa;Parent=bb;Sampled=1", /^Root=1-5e6a879e-aa;Parent=bb;Sampled=1$/],
  ["Root=1-5e6a879e-aa", /^Root=1-5e6a879e-aa;Parent=[0-9a-f]{16};Sampled=0$/],
])("toTraceHeader of %s keeps what is there and adds what is not", (given, expected) => {
  expect(toTraceHeader(given, 0x695c0e00 * 1000, createRng("x"))).toMatch(expected);
});
