/** Archives of what was not uploaded as one: the text of a module, and a local folder. */
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";

/** The same bytes for the same content: the oldest moment that an archive can tell. */
const mtime = new Date("1980-01-01T00:00:00Z");
const mode = 0o100644;

/** An archive of one file. */
export async function packFile(name: string, content: string): Promise<Uint8Array> {
  const { default: yazl } = await import("yazl");
  const zip = new yazl.ZipFile();
  zip.addBuffer(Buffer.from(content), name, { mtime, mode, forceDosTimestamp: true });
  zip.end();
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** An archive of a folder as it is now, made while it is read; the same bytes for the same files. */
export async function* packFolder(folder: string): AsyncGenerator<Uint8Array, void, undefined> {
  const { default: yazl } = await import("yazl");
  const zip = new yazl.ZipFile();
  const names = await readdir(folder, { recursive: true });
  for (const name of names.sort()) {
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined); // gone meanwhile
    if (found?.isSymbolicLink() === true) {
      zip.addBuffer(Buffer.from(await readlink(path)), name, { mtime, mode: 0o120777, forceDosTimestamp: true });
    } else if (found?.isFile() === true) {
      zip.addFile(path, name, { mtime, mode: found.mode, forceDosTimestamp: true });
    }
  }
  zip.end();
  for await (const piece of zip.outputStream) yield Buffer.from(piece);
}
