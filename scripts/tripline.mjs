// `pnpm tripline …`: the built CLI, with paths resolved against the folder that the caller is in.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const { pnpmVersion } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).config;
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
if (!existsSync(join(root, "packages/cli/dist/main.js"))) {
  process.argv.push("--quiet");
  await import("./build.mjs");
  process.argv.pop();
}
process.env.TRIPLINE_COMMAND ??= `npx -y pnpm@${pnpmVersion} tripline`;
if (process.env.INIT_CWD !== undefined) process.chdir(process.env.INIT_CWD);
await import(pathToFileURL(join(root, "packages/cli/bin/tripline.mjs")).href);
