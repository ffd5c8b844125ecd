import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { toExport, toUnset } from "./shell-variables.ts";

it.skipIf(process.platform === "win32")("a POSIX shell evaluates what toExport and toUnset say, quotes and all", () => {
  const script = `${toExport("bash", { A: "it's $HOME", B: "x" })}${toUnset("bash", ["B", "NEVER_SET"])}printf '%s|%s' "$A" "\${B-gone}"`;
  expect(execFileSync("sh", ["-eu", "-c", script], { encoding: "utf8" })).toBe("it's $HOME|gone");
});

it("toExport and toUnset speak fish and PowerShell", () => {
  expect(toExport("fish", { A: "it's" }) + toUnset("fish", ["A"])).toBe("set -gx A 'it\\'s'\nset -e A\n");
  expect(toExport("powershell", { A: "it's" }) + toUnset("powershell", ["A"])).toBe(
    "$env:A = 'it''s'\nRemove-Item Env:A -ErrorAction SilentlyContinue\n",
  );
});
