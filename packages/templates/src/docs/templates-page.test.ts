import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { templatesPage } from "./templates-page.ts";

it("docs/templates.md is what the property tables say (else: pnpm docs)", () => {
  expect(readFileSync(join(import.meta.dirname, "../../../../docs/templates.md"), "utf8")).toBe(templatesPage());
});
