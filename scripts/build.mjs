// Builds the `tripline` package: the wire models, the bundle, and (with --types) its type declarations.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const quiet = process.argv.includes("--quiet");
const withTypes = process.argv.includes("--types");
const begin = performance.now();
const cli = join(root, "packages/cli");
const dist = join(cli, "dist");

await import(pathToFileURL(join(root, "packages/wire/scripts/generate-models.mjs")).href);
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
/**
 * What is loaded at a start is one chunk: each file is a dozen trips through the loader. esbuild makes a chunk for every set of entries
 * that reach the same modules, so each module that is imported later on is made to reach all that a start loads.
 */
const oneChunkAtStart = {
  name: "one-chunk-at-start",
  setup({ onResolve, onLoad }) {
    const loadedLater = new Set();
    onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
      if (kind === "dynamic-import") loadedLater.add(join(resolveDir, path));
      return undefined;
    });
    onLoad({ filter: /\/packages\/.*\.[jt]s$/ }, ({ path }) => {
      if (!loadedLater.has(path)) return undefined;
      const all = `import ${JSON.stringify(join(cli, "src/index.ts"))};`;
      return { contents: `${all} ${readFileSync(path, "utf8")}`, loader: path.endsWith("ts") ? "ts" : "js" };
    });
  },
};
const { version } = JSON.parse(readFileSync(join(cli, "package.json"), "utf8"));
await build({
  entryPoints: { main: join(cli, "src/main.ts"), index: join(cli, "src/index.ts") },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  mainFields: ["module", "main"],
  conditions: ["@tripline/source", "module"],
  external: ["better-sqlite3", "esbuild", "fsevents"],
  define: { TRIPLINE_VERSION: JSON.stringify(version) },
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  minifySyntax: true,
  minifyWhitespace: true, // half the bytes to compile at each start; names stay, for stack traces
  lineLimit: 160,
  legalComments: "none",
  logLevel: "warning",
  plugins: [oneChunkAtStart],
});
const assets = join(root, "packages/execution/assets");
if (existsSync(assets))
  cpSync(assets, join(dist, "assets"), { recursive: true, filter: (from) => !from.includes("__pycache__") });

if (withTypes) {
  const { rollup } = await import("rollup");
  const { dts } = await import("rollup-plugin-dts");
  const bundle = await rollup({
    input: join(cli, "src/index.ts"),
    external: (id) => id.startsWith("node:"),
    plugins: [
      {
        name: "workspace",
        resolveId: (id) => (id.startsWith("@tripline/") ? join(root, "packages", id.slice(10), "src/index.ts") : null),
      },
      dts({
        respectExternal: true,
        includeExternal: ["eventemitter3"],
        compilerOptions: { customConditions: ["@tripline/source"], noEmit: false, preserveSymlinks: false },
      }),
    ],
    onwarn: () => undefined,
  });
  await bundle.write({ file: join(dist, "index.d.ts"), format: "es" });
}
if (!quiet) {
  const bytes = readdirSync(dist).reduce((sum, name) => sum + statSync(join(dist, name)).size, 0);
  console.log(
    `built packages/cli/dist (${Math.round(bytes / 1024)} KB) in ${Math.round(performance.now() - begin)} ms`,
  );
}
