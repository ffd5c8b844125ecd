import { expect, test } from "vitest";
import { formatTable } from "./table.ts";

test("formatTable aligns columns by what a terminal shows, without borders and trailing blanks", () => {
  const rows = [
    ["日本", 1, "a"],
    ["\u001b[31mlong name\u001b[39m", 22, "-"],
    ["🎉", "", ""],
  ];
  expect(formatTable(["", "", ""], rows).split("\n").slice(1)).toEqual([
    "  日本        1    a",
    "  \u001b[31mlong name\u001b[39m   22   -",
    "  🎉",
  ]);
});
