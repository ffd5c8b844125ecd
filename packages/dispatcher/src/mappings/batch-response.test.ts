import { describe, expect, it } from "vitest";
import { parseBatchResponse } from "./batch-response.ts";

const parse = (text: string): unknown => {
  const response = parseBatchResponse(new TextEncoder().encode(text), new Set(["a", "b"]));
  return "invalid" in response ? response : [...response.failed];
};
const items = (...ids: unknown[]): string =>
  JSON.stringify({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe("parseBatchResponse", () => {
  it.each([
    '{"batchItemFailures":[]}',
    '{"batchItemFailures":null}',
    "{}",
    "null",
    '""',
    "[]",
    "",
    '{"statusCode":200}',
  ])("takes %s for success", (text) => {
    expect(parse(text)).toEqual([]);
  });

  it("takes the identifiers that failed, each once", () => {
    expect(parse(items("b"))).toEqual(["b"]);
    expect(parse(items("b", "a", "b"))).toEqual(["b", "a"]);
  });

  it.each([
    ["{", "the response is not JSON"],
    ['"fine"', "the response is not an object"],
    ["[1]", "the response is not an object"],
    ['{"batchItemFailure":[]}', "the response has batchItemFailure where batchItemFailures is meant"],
    ['{"batchItemFailures":"a"}', "batchItemFailures is not a list"],
    ['{"batchItemFailures":[{"id":"a"}]}', "an item of batchItemFailures has no itemIdentifier"],
    ['{"batchItemFailures":["a"]}', "an item of batchItemFailures has no itemIdentifier"],
    [items(""), "an item of batchItemFailures has no itemIdentifier"],
    [items(null), "an item of batchItemFailures has no itemIdentifier"],
    [items("a", "c"), "the itemIdentifier c is not in the batch"],
  ])("takes %s for a failure of the whole batch", (text, invalid) => {
    expect(parse(text)).toEqual({ invalid });
  });
});
