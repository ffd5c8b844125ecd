/**
 * Bundles a TypeScript handler with its imports into one file, with a source map, as `sam build` would.
 *
 * The bundle is an ES module (top-level await works) unless the entry exports the CommonJS way. Native add-ons (`.node`) stay
 * where they are. esbuild is loaded at the first TypeScript handler, not before.
 */
import { dirname, join } from "node:path";
import { mkdirSync } from "node:fs";
import type { BuildFailure, BuildResult, Format } from "esbuild";
import { handlerModule } from "./typescript-entry.ts";

/** What came of bundling: nothing to say, or the error that INIT reports. */
export type BundleOutcome = { ok: true } | { ok: false; errorType: string; errorMessage: string };

/** What to bundle. */
export interface BundleOptions {
  entry: string;
  handler: string;
  /** Folder in which the bundle takes the place of the module. */
  outFolder: string;
}

/** See the module's header. */
export async function bundleTypescript(options: BundleOptions): Promise<BundleOutcome> {
  const parsed = handlerModule(options.handler);
  if (parsed === undefined)
    return { ok: false, errorType: "Runtime.MalformedHandlerName", errorMessage: "Bad handler" };
  const outBase = join(options.outFolder, parsed.module);
  mkdirSync(dirname(outBase), { recursive: true });
  try {
    const esm = await run(options.entry, `${outBase}.mjs`, "esm");
    const exported = Object.values(esm.metafile?.outputs ?? {}).flatMap((output) => output.exports);
    const wanted = parsed.exportPath.split(".")[0] ?? "";
    if (exported.includes(wanted) || !exported.includes("default")) return { ok: true };
    await run(options.entry, `${outBase}.cjs`, "cjs");
    return { ok: true };
  } catch (error) {
    return toFailure(error);
  }
}

async function run(entry: string, outfile: string, format: Format): Promise<BuildResult> {
  const esbuild = await import("esbuild");
  return esbuild.build({
    entryPoints: [entry],
    outfile,
    format,
    bundle: true,
    platform: "node",
    target: `node${process.versions.node}`,
    mainFields: ["module", "main"],
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    loader: { ".node": "file" },
    logLevel: "silent",
    ...(format === "esm" ? { banner: { js: requireShim } } : {}),
  });
}

/** What CommonJS packages inside an ES module need. */
const requireShim =
  'import { createRequire as __triplineRequire } from "node:module"; const require = __triplineRequire(import.meta.url);';

/** Ends esbuild's own process, if it was ever started. */
export async function stopBundling(): Promise<void> {
  await (await import("esbuild")).stop();
}

function toFailure(error: unknown): BundleOutcome {
  const [first] = (error as Partial<BuildFailure>).errors ?? [];
  if (first === undefined) throw error;
  const where =
    first.location === null ? "" : `${first.location.file}:${first.location.line}:${first.location.column}: `;
  const isMissing = first.text.startsWith("Could not resolve");
  return {
    ok: false,
    errorType: isMissing ? "Runtime.ImportModuleError" : "Runtime.UserCodeSyntaxError",
    errorMessage: isMissing ? `Error: ${where}${first.text}` : `SyntaxError: ${where}${first.text}`,
  };
}
