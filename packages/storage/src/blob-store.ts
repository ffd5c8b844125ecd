/**
 * Object bodies: files beside the database, or memory where the database is in memory.
 *
 * B1. A body is written to `incoming/`, synced, renamed to its place, and the folder synced: a blob is whole or absent.
 * B2. `read` opens the file before it resolves, so a delete that follows does not cut the reader off.
 */
import { mkdirSync, rmSync } from "node:fs";
import { type FileHandle, open, opendir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BlobBody, BlobStore } from "@tripline/kernel";

/** Blobs up to this size are read in one piece. */
const smallBytes = 256 * 1024;
const chunkBytes = 256 * 1024;
const pageMax = 1000;

/** `dataDir`: folder of the database; undefined: in memory. */
export function createBlobStore(dataDir: string | undefined): BlobStore {
  return dataDir === undefined ? createMemoryBlobStore() : createFileBlobStore(join(dataDir, "objects"));
}

function createMemoryBlobStore(): BlobStore {
  const blobs = new Map<string, Uint8Array>();
  return {
    async write(id, body) {
      blobs.set(id, body instanceof Uint8Array ? body.slice() : await collect(body));
    },
    async read(id, range) {
      const blob = blobs.get(id);
      return range === undefined ? blob : blob?.subarray(range.start, range.end + 1);
    },
    async delete(ids) {
      for (const id of ids) blobs.delete(id);
    },
    async *ids() {
      yield [...blobs.keys()];
    },
  };
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function createFileBlobStore(root: string): BlobStore {
  const incoming = join(root, "incoming");
  rmSync(incoming, { recursive: true, force: true }); // what a killed process was writing
  mkdirSync(incoming, { recursive: true });
  const pathOf = (id: string): string => join(root, id);
  const syncRoot = createSharedSync(root);
  return {
    async write(id, body) {
      const temporary = join(incoming, id);
      const path = pathOf(id);
      try {
        await writeSynced(temporary, body);
        await rename(temporary, path); // B1
        await syncRoot();
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    async read(id, range) {
      const file = await open(pathOf(id)).catch(ifMissing);
      if (file === undefined) return undefined;
      try {
        const start = range?.start ?? 0;
        const end = range?.end ?? (await file.stat()).size - 1;
        const length = end - start + 1;
        if (length > smallBytes) return stream(file, start, end);
        const bytes = Buffer.allocUnsafe(length);
        const { bytesRead } = await file.read(bytes, 0, length, start);
        await file.close();
        return bytes.subarray(0, bytesRead);
      } catch (error) {
        await file.close();
        throw error;
      }
    },
    async delete(ids) {
      for (const id of ids) await rm(pathOf(id), { force: true });
    },
    async *ids() {
      let page: string[] = [];
      for await (const entry of await opendir(root)) {
        if (entry.isFile()) page.push(entry.name);
        if (page.length < pageMax) continue;
        yield page;
        page = [];
      }
      yield page;
    },
  };
}

async function writeSynced(path: string, body: BlobBody): Promise<void> {
  const file = await open(path, "w");
  try {
    if (body instanceof Uint8Array) await file.writeFile(body);
    else for await (const chunk of body) await file.appendFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Syncs a folder: calls that come while a sync is under way share the next one. */
function createSharedSync(path: string): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  const sync = async (): Promise<void> => {
    next = undefined;
    const folder = await open(path);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  };
  return () => {
    next ??= running = running.then(sync, sync);
    return next;
  };
}

/** Not a generator: a reader that goes away before its first chunk must close the file too. */
function stream(file: FileHandle, start: number, end: number): AsyncIterable<Uint8Array> {
  let position = start;
  let isOpen = true;
  const close = async (): Promise<IteratorResult<Uint8Array>> => {
    if (isOpen) await file.close();
    isOpen = false;
    return { done: true, value: undefined };
  };
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      if (position > end) return close();
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - position + 1));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
      position += bytesRead;
      return bytesRead === 0 ? close() : { done: false, value: chunk.subarray(0, bytesRead) };
    },
    return: close,
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
