import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { FunctionSpec } from "@tripline/kernel";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CodeSupply } from "./code-supply.ts";

let folder: string;
let supply: CodeSupply;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tripline-code-"));
  mkdirSync(join(folder, "src"));
  supply = new CodeSupply({ buildFolder: join(folder, "build"), watch: false });
});

afterEach(async () => {
  await supply.stop();
  rmSync(folder, { recursive: true, force: true });
});

const spec = (handler: string): FunctionSpec => ({
  functionName: "f",
  functionArn: "arn:aws:lambda:us-east-1:000000000000:function:f",
  version: "$LATEST",
  revision: 1,
  runtime: "nodejs22.x",
  handler,
  codeFolder: join(folder, "src"),
  layerFolders: [],
  memoryMegabytes: 128,
  timeoutMs: 3000,
  ephemeralStorageMegabytes: 512,
  environment: {},
  architecture: "x86_64",
  logFormat: "Text",
  logGroup: "/aws/lambda/f",
});
const write = (name: string, text: string): void => {
  writeFileSync(join(folder, "src", name), text);
};

it("CodeSupply.get loads JavaScript from the code folder, without a promise", () => {
  write("index.mjs", "export const handler = 1;");
  expect(supply.get(spec("index.handler"))).toMatchObject({ moduleFolder: join(folder, "src") });
  expect(supply.get(spec("index.handler"))).toBe(supply.get(spec("index.handler")));
});

it("CodeSupply.get bundles a TypeScript handler with its imports", async () => {
  write("lib.ts", "export const greet = (name: string): string => `hello ${name}`;");
  write("index.ts", 'import { greet } from "./lib.ts"; export const handler = (name: string): string => greet(name);');
  const code = await supply.get(spec("index.handler"));
  const module = (await import(pathToFileURL(join(code.moduleFolder, "index.mjs")).href)) as {
    handler: (name: string) => string;
  };
  expect(module.handler("x")).toBe("hello x");
});

it("CodeSupply.get bundles a TypeScript handler that exports the CommonJS way", async () => {
  write("index.cts", "exports.handler = (name) => `old ${name}`;");
  const code = await supply.get(spec("index.handler"));
  const module = (await import(pathToFileURL(join(code.moduleFolder, "index.cjs")).href)) as {
    handler: (name: string) => string;
  };
  expect(module.handler("x")).toBe("old x");
});

it("CodeSupply.get reports a syntax error and a missing import as INIT would", async () => {
  write("index.ts", "export const handler = (");
  expect((await supply.get(spec("index.handler"))).failure?.errorType).toBe("Runtime.UserCodeSyntaxError");
  write("other.ts", 'import "./gone.ts"; export const handler = 1;');
  expect((await supply.get(spec("other.handler"))).failure?.errorType).toBe("Runtime.ImportModuleError");
});

it("C1 C3 a watched change gives a new fingerprint; a save without a change does not", async () => {
  write("index.mjs", "export const handler = 1;");
  const watching = new CodeSupply({ buildFolder: join(folder, "build"), watch: true });
  try {
    const first = await watching.get(spec("index.handler"));
    write("index.mjs", "export const handler = 22;");
    await vi.waitUntil(async () => (await watching.get(spec("index.handler"))).fingerprint !== first.fingerprint, {
      timeout: 10_000,
    });
    const second = await watching.get(spec("index.handler"));
    const then = new Date(1_700_000_000_000);
    utimesSync(join(folder, "src", "index.mjs"), then, then);
    await vi.waitUntil(async () => (await watching.get(spec("index.handler"))).fingerprint !== second.fingerprint, {
      timeout: 10_000,
    });
  } finally {
    await watching.stop();
  }
});
