/**
 * Keeps a watched folder in step with its bucket: what the API puts, deletes or lets expire is written or removed here.
 *
 * R1. A file is written beside its place, synced, and renamed; what it will look like is in `taken` before, so that it does not come
 *     back as a change of the folder. Then the bucket is told which file its object is.
 * R2. A file that has changed since it was taken is never overwritten or removed: it is on its way to the bucket itself.
 * R3. A key that cannot be a file (an empty segment, `..`, a name that is too long or that the folder leaves out, a file where a folder
 *     would have to be) stays in the bucket only, with a notice.
 * R4. A process that is killed in between finds the rest at its next start: an object without a file is written, one whose file is byte
 *     for byte the same is told of it.
 */
import { createReadStream } from "node:fs";
import { lstat, mkdir, open, readdir, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import type { Activity, BlobBody } from "@tripline/kernel";
import { inspectFile } from "./folder-file.ts";

/** An object, as a folder needs it. */
export interface FolderObject {
  size: number;
  origin: string | undefined;
  /** Undefined where the object is another by now. */
  open(): Promise<BlobBody | undefined>;
  /** Says which file it is. Whether it still is the object. */
  adopt(origin: string): Promise<boolean>;
}

/** Options of {@link createFolderMirror}. */
export interface FolderMirrorOptions {
  /** Absolute, without links. */
  root: string;
  /** Key -> origin of its file as it was taken or written. */
  taken: Map<string, string>;
  toOrigin: (stamp: string) => string;
  /** Names that the folder leaves out. */
  isIgnored: (name: string) => boolean;
  get(key: string): Promise<FolderObject | undefined>;
  /** The file of `key` is what the bucket says. */
  settle(key: string): Promise<void>;
  /** Runs `work` when there is room for it. */
  inSlot: <T>(work: () => Promise<T>) => Promise<T>;
  activity: Activity;
  refuse(path: string, reason: string): void;
}

/** See the module's header. */
export interface FolderMirror {
  /** Brings the file of `key` in step, after whatever is under way for it. Never rejects. */
  sync(key: string): Promise<void>;
  /** Resolves when nothing is under way for `key`. */
  settled(key: string): Promise<void>;
  allSettled(): Promise<void>;
}

const draftStart = ".tripline-draft-";

/** See the module's header. */
export function createFolderMirror(options: FolderMirrorOptions): FolderMirror {
  const { root, taken, toOrigin, activity } = options;
  const underway = new Map<string, Promise<void>>();
  let drafts = 0;

  const syncNow = async (key: string): Promise<void> => {
    const object = await options.get(key);
    const path = toPath(root, key, options.isIgnored);
    if (path === undefined) {
      if (object !== undefined) options.refuse(key, "Such a key cannot be a file."); // R3
      return;
    }
    const file = await inspectFile(root, path);
    if (file.kind === "refused") return; // it is no object either
    const origin = file.kind === "file" ? toOrigin(file.stamp) : undefined;
    if (object === undefined) {
      if (origin !== undefined && taken.get(key) === origin) {
        taken.delete(key);
        await rm(path, { force: true });
      }
      await options.settle(key);
    } else if (origin !== undefined && origin === object.origin) {
      taken.set(key, origin);
    } else if (origin !== undefined && origin !== taken.get(key)) {
      if (file.kind === "file" && file.size === object.size && (await hasBytes(path, await object.open()))) {
        if (await object.adopt(origin)) taken.set(key, origin); // R4
      }
    } else {
      await write(key, path, object);
    }
  };

  /** R1. */
  const write = async (key: string, path: string, object: FolderObject): Promise<void> => {
    const body = await object.open();
    if (body === undefined) return; // whoever changed it has us called again
    const folder = dirname(path);
    const draft = join(folder, `${draftStart}${drafts++}~`);
    const before = taken.get(key);
    try {
      await mkdir(folder, { recursive: true });
      const real = await realpath(folder);
      if (real !== root && !real.startsWith(root + sep)) {
        options.refuse(path, `Its folder is a link to ${real}, outside of the watched folder.`);
        return;
      }
      await writeSynced(draft, body);
      const made = await inspectFile(root, draft);
      const now = await inspectFile(root, path);
      const isChanged = now.kind === "file" && toOrigin(now.stamp) !== before;
      if (made.kind !== "file" || isChanged) return; // R2
      taken.set(key, toOrigin(made.stamp));
      await rename(draft, path);
      await object.adopt(toOrigin(made.stamp));
    } catch (error) {
      if (before === undefined) taken.delete(key);
      else taken.set(key, before);
      options.refuse(path, `The object is in the bucket, and not in the folder: ${(error as Error).message}.`); // R3
    } finally {
      await rm(draft, { force: true }).catch(() => undefined); // its folder may be a file: refused above
    }
  };

  return {
    sync(key) {
      const last = underway.get(key) ?? Promise.resolve();
      const work = activity
        .track(`watched folder: ${key}`, async () => {
          await last;
          await options.inSlot(() => syncNow(key));
        })
        .catch((error: unknown) => {
          options.refuse(join(root, key), error instanceof Error ? error.message : String(error));
        })
        .finally(() => {
          if (underway.get(key) === work) underway.delete(key);
        });
      underway.set(key, work);
      return work;
    },
    settled: async (key) => underway.get(key),
    async allSettled() {
      while (underway.size > 0) await Promise.all(underway.values());
    },
  };
}

/** Where the file of `key` is; undefined where it cannot be one. */
function toPath(root: string, key: string, isIgnored: (name: string) => boolean): string | undefined {
  const segments = key.split("/");
  const isPossible = segments.every(
    (segment) =>
      segment !== "" &&
      segment !== "." &&
      segment !== ".." &&
      !segment.includes("\u0000") &&
      !segment.includes(sep) &&
      Buffer.byteLength(segment) <= 255,
  );
  return isPossible && !isIgnored(segments.at(-1) ?? "") ? join(root, ...segments) : undefined;
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

/** Whether the file at `path` is `body`. */
async function hasBytes(path: string, body: BlobBody | undefined): Promise<boolean> {
  if (body === undefined) return false;
  const pieces = body instanceof Uint8Array ? [body] : body;
  const file = createReadStream(path)[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const piece of pieces) {
      let at = 0;
      while (at < piece.byteLength) {
        if (rest.byteLength === 0) {
          const next = await file.next();
          if (next.done === true) return false;
          rest = next.value as Buffer;
        }
        const length = Math.min(rest.byteLength, piece.byteLength - at);
        if (rest.compare(piece, at, at + length, 0, length) !== 0) return false;
        rest = rest.subarray(length);
        at += length;
      }
    }
    return rest.byteLength === 0 && (await file.next()).done === true;
  } finally {
    await file.return?.();
  }
}

/** Removes what a killed process was writing. */
export async function removeDrafts(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await removeDrafts(path);
    else if (basename(path).startsWith(draftStart) && (await lstat(path)).isFile()) await rm(path, { force: true });
  }
}
