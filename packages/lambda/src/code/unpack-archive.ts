/**
 * Unpacks a zip archive as Lambda does.
 *
 * U1. Files, folders, symbolic links and permissions are kept. An archive without Unix permissions gives files that may be run.
 * U2. Nothing is written outside the folder: names that lead out are refused, and links are made last, so that none is written through.
 * U3. More than `unpackedBytesMax`, told or measured, is refused before it is written.
 */
import { createWriteStream } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ZipFile } from "yauzl";
import { invalidParameter } from "../errors.ts";
import { limits } from "../limits.ts";

const fileKind = { mask: 0o170000, folder: 0o040000, link: 0o120000 } as const;
const madeByUnix = 3;

/** Unpacks `archive` into `folder`, which exists. Resolves with the bytes of all files; rejects with `InvalidParameterValueException`. */
export async function unpackArchive(
  archive: Uint8Array,
  folder: string,
  unpackedBytesMax: number = limits.unpackedCodeBytesMax,
): Promise<number> {
  const zip = await open(archive);
  const links: { path: string; target: string }[] = [];
  let bytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      bytes += entry.uncompressedSize;
      if (bytes > unpackedBytesMax) throw unpackedTooLarge(unpackedBytesMax); // U3: yauzl ends a file that is longer than it says
      const path = join(folder, entry.fileName);
      const mode = entry.versionMadeBy >> 8 === madeByUnix ? entry.externalFileAttributes >>> 16 : 0;
      if (entry.fileName.endsWith("/") || (mode & fileKind.mask) === fileKind.folder) {
        await mkdir(path, { recursive: true });
        continue;
      }
      await mkdir(dirname(path), { recursive: true });
      const content = await zip.openReadStreamPromise(entry);
      if ((mode & fileKind.mask) === fileKind.link) links.push({ path, target: await toText(content) });
      else await pipeline(content, createWriteStream(path, { mode: toMode(mode) }));
    }
    for (const { path, target } of links) await symlink(target, path); // U2
  } catch (error) {
    throw isRefusal(error) ? error : notAnArchive();
  }
  return bytes;
}

async function open(archive: Uint8Array): Promise<ZipFile> {
  const { default: yauzl } = await import("yauzl"); // when the first archive comes
  try {
    return await yauzl.fromBufferPromise(Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength));
  } catch {
    throw notAnArchive(); // what is wrong with it AWS does not say either
  }
}

/** U1 */
function toMode(mode: number): number {
  return mode === 0 ? 0o755 : (mode & 0o777) | 0o600;
}

async function toText(content: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === "InvalidParameterValueException";
}

function notAnArchive(): Error {
  return invalidParameter("Could not unzip uploaded file. Please check your file, then try to upload again.");
}

function unpackedTooLarge(bytesMax: number): Error {
  return invalidParameter(`Unzipped size must be smaller than ${bytesMax} bytes`);
}
