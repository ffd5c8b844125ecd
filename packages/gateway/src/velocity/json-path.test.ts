import { describe, expect, it } from "vitest";
import { JavaList, toJson } from "./java-value.ts";
import { JsonPathError, readJsonPath } from "./json-path.ts";
import { parseJson } from "./parse-json.ts";

const store = parseJson(`{"store":{"book":[
  {"category":"reference","author":"Nigel Rees","title":"Sayings","price":8.95},
  {"category":"fiction","author":"Evelyn Waugh","title":"Sword","price":12.99},
  {"category":"fiction","author":"Herman Melville","title":"Moby","isbn":"0-553","price":8.99}],
  "bicycle":{"color":"red","price":19.95}},"expensive":10,"odd key":1,"nothing":null}`);
const read = (path: string): string | undefined => {
  const value = readJsonPath(store, path);
  return value === undefined ? undefined : toJson(value);
};

describe("a path leads where Jayway's leads", () => {
  it.each([
    ["$.expensive", "10"],
    ["expensive", "10"],
    ["$['odd key']", "1"],
    ["$.nothing", "null"],
    ["$.missing", undefined],
    ["$.store.bicycle", '{"color":"red","price":19.95}'],
    ["$.store.book[0].author", '"Nigel Rees"'],
    ["$.store.book[-1].title", '"Moby"'],
    ["$.store.book[7].title", undefined],
    ["$.store.book[*].author", '["Nigel Rees","Evelyn Waugh","Herman Melville"]'],
    ["$..author", '["Nigel Rees","Evelyn Waugh","Herman Melville"]'],
    ["$..missing", "[]"],
    ["$.store..price", "[8.95,12.99,8.99,19.95]"],
    ["$.store.book[0,1].title", '["Sayings","Sword"]'],
    ["$.store.book[:2].title", '["Sayings","Sword"]'],
    ["$.store.book[-2:].title", '["Sword","Moby"]'],
    ["$.store.book[?(@.isbn)].title", '["Moby"]'],
    ["$.store.book[?(@.price < 10)].title", '["Sayings","Moby"]'],
    ["$.store.book[?(@.price <= $.expensive)].title", '["Sayings","Moby"]'],
    ["$.store.book[?(@.category == 'fiction' && @.price > 10)].title", '["Sword"]'],
    ["$.store.book[?(@.category == 'reference' || @.isbn)].title", '["Sayings","Moby"]'],
    ["$.store.book[?(!@.isbn)].title", '["Sayings","Sword"]'],
    ["$.store.book[?(@.author =~ /.*waugh/i)].title", '["Sword"]'],
    ["$.store.book[?(@.category in ['fiction'])].title", '["Sword","Moby"]'],
    ["$.store.book[?(@.category nin ['fiction'])].title", '["Sayings"]'],
    ["$.store.book.length()", "3"],
    ["$.store.book[0]['title','price']", '{"title":"Sayings","price":8.95}'],
  ])("%s", (path, found) => {
    expect(read(path)).toBe(found);
  });

  it("a path that is none is an error", () => {
    for (const path of ["$.", "$.a[", "$.a[?(]", "$.a[x]"]) expect(() => read(path)).toThrow(JsonPathError);
  });
});

it("JSON keeps the order of keys, fractions and long numbers", () => {
  const text = '{"2":1.0,"1":12345678901234567890,"a":[1e3,-0.5,null,true,"\\u00e9\\n"]}';
  expect(toJson(parseJson(text))).toBe('{"2":1.0,"1":12345678901234567890,"a":[1000.0,-0.5,null,true,"é\\n"]}');
  expect(toJson(new JavaList([]))).toBe("[]");
});
