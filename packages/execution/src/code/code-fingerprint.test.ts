import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { codeFingerprint, createCodeFilter } from "./code-fingerprint.ts";

it("codeFingerprint differs after a change of a file, not after one in a folder that is no code", () => {
  const folder = mkdtempSync(join(tmpdir(), "tripline-code-"));
  const isIgnored = createCodeFilter([join(folder, "inbox")]);
  const fingerprint = (): string => codeFingerprint(folder, isIgnored);
  try {
    for (const name of ["inbox", "lib", "lib/inbox", "lib/node_modules"]) mkdirSync(join(folder, name));
    const before = fingerprint();
    writeFileSync(join(folder, "inbox/dropped.csv"), "1");
    writeFileSync(join(folder, "lib/node_modules/installed.js"), "1");
    expect(fingerprint()).toBe(before);
    writeFileSync(join(folder, "lib/inbox/code.js"), "1");
    expect(fingerprint()).not.toBe(before);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
