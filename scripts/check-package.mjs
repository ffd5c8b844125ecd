// `npm pack` of the CLI, installed into an empty folder, must work: the command runs, the library loads, the types are there.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = mkdtempSync(join(tmpdir(), "tripline-package-"));
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
try {
  run("npm", ["pack", "--silent", "--pack-destination", folder], join(root, "packages/cli"));
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", join(folder, archive)], folder);
  const version = run(join(folder, "node_modules/.bin/tripline"), ["--version"], folder).trim();
  writeFileSync(
    join(folder, "try.mjs"),
    `import { createSimulator } from "tripline";
await using simulator = await createSimulator({
  resources: { Hello: { Type: "AWS::Serverless::Function", Properties: { Runtime: "nodejs20.x", Handler: "index.handler", InlineCode: "exports.handler = async (event) => 'hello ' + event.name" } } },
});
const { payload } = await simulator.invoke("Hello", { name: "package" });
console.log(payload);`.replace("await using simulator =", "const simulator =") + "\nawait simulator.stop();\n",
  );
  const said = run(process.execPath, ["try.mjs"], folder).trim();
  if (said !== "hello package") throw new Error(`the installed library said ${JSON.stringify(said)}`);
  writeFileSync(
    join(folder, "types.ts"),
    `import { createSimulator, type Simulator } from "tripline";\nexport const open = (): Promise<Simulator> => createSimulator({ clock: "virtual" });\nopen().then((simulator) => simulator.clock.advance(1000));\n`,
  );
  const compilerOptions = {
    noEmit: true,
    strict: true,
    module: "nodenext",
    target: "es2023",
    lib: ["es2023", "esnext.disposable"],
    types: ["node"], // as every project has that runs on Node.js
    typeRoots: [join(root, "node_modules/@types")],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["types.ts"] }));
  run(join(root, "node_modules/.bin/tsc"), ["--project", folder], folder);
  console.log(`tripline ${version} packs, installs into an empty folder, runs and has types`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
