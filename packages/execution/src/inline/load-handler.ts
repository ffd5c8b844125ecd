/**
 * Finds and loads a Node.js handler inside this process, in the order in which Lambda's own runtime does.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 * Each fingerprint of the code is loaded afresh; what it leaves in the module caches of this process stays there.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { handlerModule } from "../code/typescript-entry.ts";

/** A handler as users write it. */
export type Handler = (
  event: unknown,
  context: object,
  callback?: (error?: unknown, result?: unknown) => void,
) => unknown;

/** Why INIT failed: Lambda's error type and message. */
export class HandlerLoadError extends Error {
  readonly errorType: string;
  readonly trace: string[];

  constructor(errorType: string, message: string, trace: string[] = []) {
    super(message);
    this.name = errorType;
    this.errorType = errorType;
    this.trace = trace;
  }
}

/** Loads the handler `text` from `folder`. Throws {@link HandlerLoadError}. */
export async function loadHandler(folder: string, text: string, fingerprint: string): Promise<Handler> {
  if (text.includes("..")) {
    throw new HandlerLoadError(
      "Runtime.MalformedHandlerName",
      `'${text}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const parsed = handlerModule(text);
  if (parsed === undefined) throw new HandlerLoadError("Runtime.MalformedHandlerName", "Bad handler");
  const exports = await loadModule(folder, parsed.module, fingerprint);
  let found: unknown = exports;
  for (const key of parsed.exportPath.split(".")) {
    found = typeof found === "object" && found !== null ? (found as Record<string, unknown>)[key] : undefined;
  }
  if (found === undefined)
    throw new HandlerLoadError("Runtime.HandlerNotFound", `${text} is undefined or not exported`);
  if (typeof found !== "function") throw new HandlerLoadError("Runtime.HandlerNotFound", `${text} is not a function`);
  return found as Handler;
}

async function loadModule(folder: string, module: string, fingerprint: string): Promise<unknown> {
  const base = resolve(folder, module);
  const file = [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`].find(isFile);
  if (file === undefined)
    throw new HandlerLoadError(
      "Runtime.ImportModuleError",
      `Error: Cannot find module '${module.split("/").at(-1) ?? module}'\nRequire stack:\n- ${base}`,
    );
  try {
    return isModule(file, folder)
      ? withDefault(await import(`${pathToFileURL(file).href}?${fingerprint}`))
      : requireAfresh(file, folder);
  } catch (error) {
    throw toLoadError(error);
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function isModule(file: string, root: string): boolean {
  if (file.endsWith(".mjs")) return true;
  if (!file.endsWith(".js")) return false;
  for (let folder = dirname(file); folder.startsWith(root); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (!existsSync(manifest)) continue;
    return (JSON.parse(readFileSync(manifest, "utf8")) as { type?: string }).type === "module";
  }
  return false;
}

/** An ES module that exports an object by default is used as a CommonJS one would be. */
function withDefault(namespace: Record<string, unknown>): unknown {
  return { ...(typeof namespace["default"] === "object" ? namespace["default"] : {}), ...namespace };
}

function requireAfresh(file: string, folder: string): unknown {
  const require = createRequire(file);
  for (const cached of Object.keys(require.cache)) {
    if (cached.startsWith(folder + sep) && !cached.includes(`${sep}node_modules${sep}`))
      Reflect.deleteProperty(require.cache, cached);
  }
  return require(file) as unknown;
}

function toLoadError(error: unknown): HandlerLoadError {
  if (!(error instanceof Error)) return new HandlerLoadError("Error", String(error));
  const trace = (error.stack ?? "").split("\n");
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof SyntaxError)
    return new HandlerLoadError("Runtime.UserCodeSyntaxError", `SyntaxError: ${error.message}`, trace);
  if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND")
    return new HandlerLoadError("Runtime.ImportModuleError", `Error: ${error.message}`, trace);
  return new HandlerLoadError(error.name, error.message, trace);
}
