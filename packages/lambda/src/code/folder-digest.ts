import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { codeFingerprint, createCodeFilter } from "@tripline/execution";

/** What stands for `CodeSha256` and `CodeSize` of a local folder. */
export interface FolderDigest {
  /** SHA-256 of the names and contents of its files, base64: the same for the same content, wherever and whenever. */
  sha256: string;
  /** Bytes of its files. */
  sizeBytes: number;
}

const isIgnored = createCodeFilter([]);
const known = new Map<string, { fingerprint: string; digest: Promise<FolderDigest> }>();

/**
 * Reads the files of a folder: those whose change is a change of the code, installed packages left out. They are read again only where
 * a name, size or time has changed.
 */
export function folderDigest(folder: string): Promise<FolderDigest> {
  const fingerprint = codeFingerprint(folder, isIgnored);
  const before = known.get(folder);
  if (before?.fingerprint === fingerprint) return before.digest;
  const digest = digestOf(folder);
  known.set(folder, { fingerprint, digest });
  return digest;
}

async function digestOf(folder: string): Promise<FolderDigest> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const walk = async (relative: string): Promise<void> => {
    const entries = await readdir(join(folder, relative), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!isIgnored(join(folder, path))) await walk(path);
        continue;
      }
      const found = await stat(join(folder, path)).catch(() => undefined);
      if (found?.isFile() !== true) continue;
      hash.update(`${path}\0${found.size}\0`);
      sizeBytes += found.size;
      for await (const piece of createReadStream(join(folder, path))) hash.update(piece as Buffer);
    }
  };
  await walk("");
  return { sha256: hash.digest("base64"), sizeBytes };
}
