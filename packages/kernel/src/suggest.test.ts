import { expect, it } from "vitest";
import { suggest } from "./suggest.ts";

it("suggest finds the nearest name, whatever its case, and none that is far", () => {
  const known = ["Orders", "Uploads", "Report"];
  expect(["Oders", "uploads", "Reprot", "Elsewhere", ""].map((text) => suggest(text, known))).toEqual([
    "Orders",
    "Uploads",
    "Report",
    undefined,
    undefined,
  ]);
});
