import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Folders that are no source: what is installed there changes with the lock file, which is looked at. */
export const ignoredFolders: ReadonlySet<string> = new Set([
  "node_modules",
  ".git",
  ".aws-sam",
  ".tripline",
  "__pycache__",
]);

/** Stands for the names, sizes and times of all files in `folder`, those of {@link ignoredFolders} left out. */
export function codeFingerprint(folder: string): string {
  const hash = createHash("sha1");
  walk(folder, "", hash);
  return hash.digest("hex");
}

function walk(root: string, relative: string, hash: ReturnType<typeof createHash>): void {
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
      if (!ignoredFolders.has(entry.name)) walk(root, path, hash);
      continue;
    }
    const stats = statSync(join(root, path), { throwIfNoEntry: false });
    hash.update(stats === undefined ? `${path} gone\n` : `${path} ${stats.size} ${stats.mtimeMs}\n`);
  }
}
