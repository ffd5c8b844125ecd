import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeRuntime } from "./describe-runtime.ts";
import { findPython } from "./python-executable.ts";
import { parseRuntimeName } from "./runtime-names.ts";

const machine = { nodeVersion: "20.20.2", python: () => ({ file: "/usr/bin/python3", version: "3.11" }) };

it("describeRuntime runs another version on the nearest one, with a notice", () => {
  expect(describeRuntime("nodejs20.x", machine)).toEqual({ supported: true });
  expect(describeRuntime("nodejs24.x", machine)).toEqual({ supported: true, notice: "runs on Node.js 20.20.2" });
  expect(describeRuntime("python3.11", machine)).toEqual({ supported: true });
  expect(describeRuntime("python3.14", machine)).toEqual({ supported: true, notice: "runs on Python 3.11" });
  expect(describeRuntime("provided.al2023", machine)).toEqual({ supported: true });
});

it("describeRuntime refuses by name what cannot be run", () => {
  for (const runtime of ["java21", "dotnet8", "ruby3.4", "go1.x"]) {
    expect(describeRuntime(runtime, machine)).toEqual({
      supported: false,
      reason: `${runtime} cannot be run: Tripline runs nodejs*, python3.* and provided.*; package the function for provided.al2023 with a bootstrap of its own`,
    });
  }
  expect(describeRuntime("python3.13", { ...machine, python: () => undefined })).toEqual({
    supported: false,
    reason: "python3.13 cannot be run: there is no python3 on the PATH; install Python 3",
  });
  expect(describeRuntime("nodejs99.x", machine)).toMatchObject({ supported: false });
});

it("parseRuntimeName takes identifiers apart", () => {
  expect(["nodejs22.x", "python3.13", "provided.al2023", "provided", "java8.al2"].map(parseRuntimeName)).toEqual([
    { family: "nodejs", version: "22" },
    { family: "python", version: "3.13" },
    { family: "provided", version: "al2023" },
    { family: "provided", version: "" },
    { family: "java", version: "8.al2" },
  ]);
});

it.skipIf(process.platform === "win32")("findPython prefers the exact version, and reads a version off a link", () => {
  const folder = mkdtempSync(join(tmpdir(), "tripline-python-"));
  try {
    writeFileSync(join(folder, "python3.11"), "");
    chmodSync(join(folder, "python3.11"), 0o755);
    symlinkSync("python3.11", join(folder, "python3"));
    expect(findPython("3.11", folder)).toEqual({ file: join(folder, "python3.11"), version: "3.11" });
    expect(findPython("3.13", folder)).toEqual({ file: join(folder, "python3"), version: "3.11" });
    expect(findPython("3.13", join(folder, "nowhere"))).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
