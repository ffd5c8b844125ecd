/**
 * Object bodies: files beside the database, or memory where the database is in memory.
 *
 * B1. A body is written to `incoming/`, synced, renamed to its place, and the folder synced: a blob is whole or absent.
 * B2. `read` opens the file before it resolves, so a delete that follows does not cut the reader off.
 * B3. Joined blobs may be more than files can be open: they are opened in turn, and one that is deleted meanwhile stays until its
 *     readers are through. A process that is killed before that leaves it to the sweep of its next start.
 */
import { mkdirSync, rmSync } from "node:fs";
import { type FileHandle, open, opendir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type BlobBody, type BlobStore, invariant } from "@tripline/kernel";

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
    async readJoined(parts, range) {
      const bodies = parts.map(({ id }) => blobs.get(id)); // what is deleted now is still held
      if (bodies.includes(undefined)) return undefined;
      return joined(parts, range, async ({ index, start, end }) => bodies[index]?.subarray(start, end + 1));
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
  const held = new Map<string, number>();
  const doomed = new Set<string>();
  const release = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids) {
      const left = (held.get(id) ?? 1) - 1;
      if (left > 0) held.set(id, left);
      else {
        held.delete(id);
        if (doomed.delete(id)) await rm(pathOf(id), { force: true });
      }
    }
  };
  const read = async (id: string, range: { start: number; end: number } | undefined): Promise<BlobBody | undefined> => {
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
  };
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
    read,
    async readJoined(parts, range) {
      const ids = parts.map(({ id }) => id);
      for (const id of ids) held.set(id, (held.get(id) ?? 0) + 1); // B3
      const present = await Promise.all(ids.slice(0, 1).map((id) => stat(pathOf(id)).catch(ifMissing)));
      if (present.includes(undefined)) {
        await release(ids);
        return undefined;
      }
      return joined(
        parts,
        range,
        ({ id, start, end }) => read(id, { start, end }),
        () => release(ids),
      );
    },
    async delete(ids) {
      for (const id of ids) {
        if (held.has(id)) doomed.add(id);
        else await rm(pathOf(id), { force: true });
      }
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
    else await writeChunks(file, body);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** One chunk is written while the next is taken in. */
async function writeChunks(file: FileHandle, body: AsyncIterable<Uint8Array>): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const chunk of body) {
      await writing;
      writing = file.appendFile(chunk);
    }
  } finally {
    await writing;
  }
}

/** A part of a joined body: its place among them, and the bytes that are wanted of it. */
interface Piece {
  index: number;
  id: string;
  start: number;
  end: number;
}

/** The bytes of several blobs, each opened when its turn comes. `onEnd` is called once, whether they are read to the end or left. */
function joined(
  parts: readonly { id: string; size: number }[],
  range: { start: number; end: number } | undefined,
  openPiece: (piece: Piece) => Promise<BlobBody | undefined>,
  onEnd: () => Promise<void> = async () => undefined,
): AsyncIterable<Uint8Array> {
  const pieces: Piece[] = [];
  let offset = 0;
  for (const [index, { id, size }] of parts.entries()) {
    const start = Math.max(0, (range?.start ?? 0) - offset);
    const end = Math.min(size - 1, (range?.end ?? Infinity) - offset);
    if (start <= end) pieces.push({ index, id, start, end });
    offset += size;
  }
  let current: AsyncIterator<Uint8Array> | undefined;
  let isOpen = true;
  const close = async (): Promise<IteratorResult<Uint8Array>> => {
    if (isOpen) {
      isOpen = false;
      await current?.return?.();
      await onEnd();
    }
    return { done: true, value: undefined };
  };
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      for (;;) {
        const result = await current?.next();
        if (result !== undefined && result.done !== true) return result;
        current = undefined;
        const piece = isOpen ? pieces.shift() : undefined;
        if (piece === undefined) return close();
        const body = await openPiece(piece);
        if (body instanceof Uint8Array) return { done: false, value: body };
        invariant(body !== undefined, `B3: the blob ${piece.id} is gone`);
        current = body[Symbol.asyncIterator]();
      }
    },
    return: close,
  };
  return { [Symbol.asyncIterator]: () => iterator };
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
