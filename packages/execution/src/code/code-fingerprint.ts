import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";

/** Folders that are no source: what is installed there changes with the lock file, which is looked at. */
const ignoredFolders: ReadonlySet<string> = new Set(["node_modules", ".git", ".aws-sam", ".tripline", "__pycache__"]);

/** Says of an absolute path whether it is left out, with what is below it. */
export type IsIgnored = (path: string) => boolean;

/** Leaves out {@link ignoredFolders}, wherever they are, and `folders`, which hold what functions work on: not code, though beside it. */
export function createCodeFilter(folders: readonly string[]): IsIgnored {
  const notCode = new Set(folders.map((folder) => resolve(folder)));
  return (path) => ignoredFolders.has(basename(path)) || notCode.has(path);
}

/** Stands for the names, sizes and times of all files in `folder`, those that are ignored left out. */
export function codeFingerprint(folder: string, isIgnored: IsIgnored): string {
  const hash = createHash("sha1");
  walk(resolve(folder), "", hash, isIgnored);
  return hash.digest("hex");
}

function walk(root: string, relative: string, hash: ReturnType<typeof createHash>, isIgnored: IsIgnored): void {
  let entries;
  try {
    entries = readdirSync(join(root, relative), { withFileTypes: true });
  } catch {
    hash.update(`${relative} unreadable\n`);
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = relative === "" ? entry.name : `${relative}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!isIgnored(join(root, path))) walk(root, path, hash, isIgnored);
      continue;
    }
    const stats = statSync(join(root, path), { throwIfNoEntry: false });
    hash.update(stats === undefined ? `${path} gone\n` : `${path} ${stats.size} ${stats.mtimeMs}\n`);
  }
}
