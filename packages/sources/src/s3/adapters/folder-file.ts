import { createReadStream } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** What lies at a path of a watched folder. */
export type FolderFile =
  | { kind: "file"; path: string; stamp: string; modifiedMs: number; size: number }
  | { kind: "absent" }
  /** Not taken: `reason` is one sentence for the user. */
  | { kind: "refused"; reason: string };

/** Looks at `path`. A link is followed to a file inside of `root`, and refused otherwise. */
export async function inspectFile(root: string, path: string): Promise<FolderFile> {
  try {
    const link = await lstat(path);
    if (link.isDirectory()) return { kind: "absent" };
    if (link.isSymbolicLink()) {
      const target = await realpath(path);
      if (target !== root && !target.startsWith(root + sep))
        return { kind: "refused", reason: `It is a link to ${target}, outside of the watched folder.` };
    }
    const facts = link.isSymbolicLink() ? await stat(path) : link;
    if (!facts.isFile()) return { kind: "refused", reason: "It is neither a file nor a link to one." };
    return {
      kind: "file",
      path,
      stamp: `${facts.size}/${facts.mtimeMs}/${facts.ino}`,
      modifiedMs: facts.mtimeMs,
      size: facts.size,
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "absent" };
    return { kind: "refused", reason: message };
  }
}

/** The bytes of a file as it was when it was inspected; throws `FileChanged` where it is another at the end. */
export async function* readWhole(root: string, file: { path: string; stamp: string }): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(file.path, { highWaterMark: 256 * 1024 })) yield chunk as Uint8Array;
  const now = await inspectFile(root, file.path);
  if (now.kind !== "file" || now.stamp !== file.stamp) throw new FileChanged();
}

/** The file was written to while it was read. */
export class FileChanged extends Error {}

/** Paths of everything below `folder` that is no folder. */
export async function* walk(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

/** A file's key: its path within the folder, with `/`. */
export function toKey(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}
