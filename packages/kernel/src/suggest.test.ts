import { expect, it } from "vitest";
import { suggest } from "./suggest.ts";

it("suggest finds the nearest name, whatever its case, and none that is far", () => {
  const known = ["Orders", "Uploads", "Report", "Name"];
  expect(["Oders", "uploads", "Reprot", "Nmae", "Elsewhere", ""].map((text) => suggest(text, known))).toEqual([
    "Orders",
    "Uploads",
    "Report",
    "Name",
    undefined,
    undefined,
  ]);
});
