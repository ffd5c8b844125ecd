import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createRouteTable, parameterNames } from "./route-table.ts";

const find = (paths: readonly string[], path: string, fullFirst = true): string | undefined => {
  const table = createRouteTable(paths, (one) => one, { fullFirst });
  const match = table.find(path, (candidates) => candidates[0]);
  return match === undefined
    ? undefined
    : [match.route, ...parameterNames(match.route).map((name, index) => `${name}=${match.values[index]}`)].join(" ");
};

const pets = ["/pets/dog/1", "/pets/dog/{id}", "/pets/{proxy+}", "/{proxy+}"];
it.each([
  ["/pets/dog/1", "/pets/dog/1"],
  ["/pets/dog/2", "/pets/dog/{id} id=2"],
  ["/pets/cat/1", "/pets/{proxy+} proxy=cat/1"],
  ["/test/5", "/{proxy+} proxy=test/5"],
  ["/pets/", "/{proxy+} proxy=pets/"],
  ["/pets/dog/", "/pets/{proxy+} proxy=dog/"],
  ["/", undefined],
])("AWS's worked example: %s is %s", (path, expected) => {
  expect(find(pets, path)).toBe(expected);
});

it("a route without {name+} outranks one with it only with fullFirst (R3)", () => {
  const paths = ["/a/{rest+}", "/{x}/b"];
  expect(find(paths, "/a/b", true)).toBe("/{x}/b x=a");
  expect(find(paths, "/a/b", false)).toBe("/a/{rest+} rest=b");
});

it("takes back a branch that leads nowhere (R1)", () => {
  expect(find(["/a/b/c", "/{x}/b/d"], "/a/b/d")).toBe("/{x}/b/d x=a");
});

it("what is found matches, and what is not found is matched by no route", () => {
  const segment = fc.constantFrom("a", "b", "{x}", "{y}");
  const path = fc
    .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "/{r+}"))
    .map(([segments, tail]) => `/${segments.join("/")}${tail}`);
  const request = fc
    .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 5 })
    .map((all) => `/${all.join("/")}`);
  const matches = (template: string, actual: string): boolean =>
    new RegExp(`^${template.replace(/\{\w+\+\}/g, ".+").replace(/\{\w+\}/g, "[^/]+")}$`).test(actual);
  fc.assert(
    fc.property(
      fc.uniqueArray(path, { minLength: 1, maxLength: 6 }),
      request,
      fc.boolean(),
      (paths, actual, fullFirst) => {
        const found = find(paths, actual, fullFirst)?.split(" ")[0];
        if (found === undefined) expect(paths.filter((one) => matches(one, actual))).toEqual([]);
        else expect(matches(found, actual)).toBe(true);
      },
    ),
    { seed: 7, numRuns: 500 },
  );
});
