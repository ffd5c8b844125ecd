import { statSync } from "node:fs";
import { join } from "node:path";

const javascriptExtensions = ["", ".js", ".mjs", ".cjs"];
const typescriptExtensions = [".ts", ".mts", ".cts", ".tsx"];

/** The module part of a Node.js handler: `src/app` of `src/app.nested.handler`; undefined for a malformed one. */
export function handlerModule(handler: string): { module: string; exportPath: string } | undefined {
  const match = /^((?:.*\/)?)([^./][^.]*)\.(.+)$/.exec(handler);
  if (match === null) return undefined;
  const [, root = "", name = "", exportPath = ""] = match;
  return { module: `${root}${name}`, exportPath };
}

/** The TypeScript file behind a handler; undefined where the module exists as JavaScript, or not at all. */
export function typescriptEntry(codeFolder: string, handler: string): string | undefined {
  const parsed = handlerModule(handler);
  if (parsed === undefined) return undefined;
  const exists = (extension: string): boolean =>
    statSync(join(codeFolder, parsed.module + extension), { throwIfNoEntry: false })?.isFile() === true;
  if (javascriptExtensions.some(exists)) return undefined;
  const extension = typescriptExtensions.find(exists);
  return extension === undefined ? undefined : join(codeFolder, parsed.module + extension);
}
