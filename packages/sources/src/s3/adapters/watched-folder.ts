/**
 * A folder whose files are the objects of a bucket: created, overwritten, renamed and deleted files become puts and deletes.
 *
 * F1. A file is taken once it is whole: no process has it open for writing, and it has been still for a moment. Where the machine
 *     cannot tell who has a file open, it must be still for longer.
 * F2. A file is taken once for each state that it rests in: what was taken is remembered with the object, so that a start finds only
 *     what changed meanwhile. Files that are gone at start are deleted from the bucket, if they came from this folder.
 * F3. Nothing outside of the folder is read: a link that leads out is refused with a notice.
 * F4. What editors leave while they save (`*~`, `*.swp`, …) and `.DS_Store` are not objects.
 * F5. What changes in the bucket by other hands changes in the folder: see folder-mirror.ts.
 * F6. From the moment a change is noticed until it is taken, it is in flight: virtual time waits for it.
 */
import { accessSync, constants, mkdirSync, realpathSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import {
  type Activity,
  type Cancel,
  type EventBus,
  isServiceError,
  type RealTime,
  SimulatorError,
} from "@tripline/kernel";
import { createFolderMirror, type FolderObject, removeDrafts } from "./folder-mirror.ts";
import { FileChanged, type FolderFile, inspectFile, readWhole, toKey, walk } from "./folder-file.ts";
import { filesOpenForWriting } from "./open-files.ts";

/** See the module's header. */
export interface WatchedFolder {
  bucket: string;
  /** Absolute. */
  folder: string;
  /** Resolves when every file that is in the folder now has been taken. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** The bucket, as the folder sees it. `origin` is what the folder says of a file; it is kept with the object. */
export interface FolderObjects {
  /** Every object. */
  known(): AsyncIterable<{ key: string; origin?: string }>;
  /** Keys whose file is not what the bucket has, with the origin of that file. */
  debts(): Promise<{ key: string; origin: string }[]>;
  settle(key: string): Promise<void>;
  get(key: string): Promise<FolderObject | undefined>;
  put(key: string, body: AsyncIterable<Uint8Array>, origin: string): Promise<void>;
  /** Deletes the object, if it is the file of that origin. */
  delete(key: string, origin: string): Promise<void>;
  /** Tells of every change, with the origin of what is there now. */
  follow(listener: (key: string, origin: string | undefined) => void): () => void;
}

/** Options of {@link watchFolder}. */
export interface WatchFolderOptions {
  bucket: string;
  folder: string;
  objects: FolderObjects;
  realTime: RealTime;
  activity: Activity;
  bus: EventBus;
}

/** How long a file must be still, milliseconds of real time: with, and without, knowing who has it open. */
const stillMs = { known: 40, unknown: 300 };
/** A file that is this old when it is first seen was not written here: it was moved in, or lies here since before. */
const settledAgeMs = 2000;
const uploadsMax = 16;
const ignored = /(^\.DS_Store|~|\.sw[px]|\.subl.*\.tmp)$/;

/** One path that changed and is not taken yet. */
interface PendingPath {
  end: () => void;
  cancel: Cancel;
  /** What it was at the last look. */
  lastStamp?: string;
  /** It changed while it was being taken. */
  isDirty: boolean;
  isTaken: boolean;
}

/** Watches `folder` (made if it is missing). Throws `SIM_FOLDER_UNREADABLE`. Resolves when everything in it has been seen. */
export async function watchFolder(options: WatchFolderOptions): Promise<WatchedFolder> {
  const { bucket, objects, realTime, activity, bus } = options;
  const root = openFolder(options.folder);
  const { watch } = await import("chokidar"); // most starts watch no folder
  const taken = new Map<string, string>();
  const pending = new Map<string, PendingPath>();
  const underway = new Set<Promise<void>>();
  const idle: (() => void)[] = [];
  const slots = createSlots(uploadsMax);
  let isClosed = false;
  let openFiles: Promise<ReadonlySet<string> | undefined> | undefined;

  const toOrigin = (stamp: string): string => `${root}\n${stamp}`;
  const isOwn = (origin: string): boolean => origin.startsWith(`${root}\n`);
  const unwritten: string[] = [];
  for await (const { key, origin } of objects.known()) {
    if (origin !== undefined && isOwn(origin)) taken.set(key, origin);
    else unwritten.push(key);
  }
  for (const { key, origin } of await objects.debts()) {
    if (!isOwn(origin)) continue;
    if (!taken.has(key)) taken.set(key, origin);
    unwritten.push(key);
  }

  const refuse = (path: string, reason: string): void => {
    bus.emit("notice", { level: "warning", subject: path, message: `Not taken as an object of ${bucket}. ${reason}` });
  };
  const mirror = createFolderMirror({
    root,
    taken,
    toOrigin,
    isIgnored: (name) => ignored.test(name),
    get: objects.get,
    settle: objects.settle,
    inSlot: slots,
    activity,
    refuse(path, reason) {
      bus.emit("notice", { level: "warning", subject: path, message: `Not written to ${root}. ${reason}` });
    },
  });
  const settle = (path: string, entry: PendingPath): void => {
    pending.delete(path);
    entry.end(); // F6
    if (pending.size === 0) for (const wake of idle.splice(0)) wake();
  };
  const lookLater = (path: string, entry: PendingPath, delayMs: number): void => {
    entry.cancel = realTime.after(delayMs, () => {
      const work = take(path, entry)
        .catch((error: unknown) => {
          refuse(path, error instanceof Error ? error.message : String(error));
          settle(path, entry);
        })
        .finally(() => underway.delete(work));
      underway.add(work);
    });
  };
  /** The files open for writing now: many files that rest at once share one look. */
  const lookAtOpenFiles = (): Promise<ReadonlySet<string> | undefined> => {
    openFiles ??= filesOpenForWriting(root).finally(() => {
      openFiles = undefined;
    });
    return openFiles;
  };
  /** F1. */
  const isWhole = async (file: FolderFile & { kind: "file" }, entry: PendingPath): Promise<boolean> => {
    const ageMs = realTime.nowMs() - file.modifiedMs;
    if (entry.lastStamp === undefined && ageMs >= settledAgeMs) return true;
    const isStill = entry.lastStamp === file.stamp;
    entry.lastStamp = file.stamp;
    const open = await lookAtOpenFiles();
    if (open === undefined) return isStill && ageMs >= stillMs.unknown;
    return !open.has(file.path) && (isStill || ageMs >= stillMs.known);
  };
  const take = async (path: string, entry: PendingPath): Promise<void> => {
    const key = toKey(root, path);
    entry.isDirty = false;
    entry.isTaken = true;
    await mirror.settled(key);
    const file = await inspectFile(root, path);
    if (file.kind === "refused") refuse(path, file.reason); // F3
    else if (file.kind === "absent") {
      const origin = taken.get(key);
      taken.delete(key);
      if (origin !== undefined) await slots(() => objects.delete(key, origin));
    } else if (taken.get(key) !== toOrigin(file.stamp)) {
      const isDone = (await isWhole(file, entry)) && (await slots(() => upload(key, file)));
      if (!isDone) entry.isDirty = true;
    }
    entry.isTaken = false;
    if (entry.isDirty && !isClosed) lookLater(path, entry, stillMs.known);
    else settle(path, entry);
  };
  const upload = async (key: string, file: FolderFile & { kind: "file" }): Promise<boolean> => {
    try {
      await objects.put(key, readWhole(root, file), toOrigin(file.stamp));
      taken.set(key, toOrigin(file.stamp)); // F2
      return true;
    } catch (error) {
      if (error instanceof FileChanged) return false;
      if (!isServiceError(error)) throw error;
      refuse(file.path, error.message); // such as a key that is too long
      return true;
    }
  };
  const notice = (path: string): void => {
    if (isClosed || ignored.test(basename(path))) return; // F4
    const entry = pending.get(path);
    if (entry === undefined) {
      const end = activity.begin(`watched folder: ${toKey(root, path)}`);
      const added: PendingPath = { end, cancel: () => undefined, isDirty: false, isTaken: false };
      pending.set(path, added);
      lookLater(path, added, stillMs.known);
    } else if (entry.isTaken) entry.isDirty = true;
  };
  const isNews = async (path: string): Promise<boolean> => {
    const file = await inspectFile(root, path);
    return file.kind !== "file" || taken.get(toKey(root, path)) !== toOrigin(file.stamp);
  };
  /** Compares the folder with what was taken of it. */
  const reconcile = async (): Promise<void> => {
    const seen = new Set<string>();
    for await (const path of walk(root)) {
      seen.add(toKey(root, path));
      if (await isNews(path)) notice(path);
    }
    for (const key of taken.keys()) if (!seen.has(key)) notice(join(root, key));
  };

  const watcher = watch(root, { followSymlinks: false, ignoreInitial: true, atomic: true });
  watcher.on("add", notice).on("change", notice).on("unlink", notice);
  watcher.on("error", (error) => {
    refuse(root, error instanceof Error ? error.message : String(error));
  });
  await new Promise<void>((ready) => {
    watcher.once("ready", ready);
  });
  const unfollow = objects.follow((key, origin) => {
    if (origin === undefined || !isOwn(origin)) void mirror.sync(key); // F5
  });
  await activity.track(`watched folder: ${root}`, async () => {
    await removeDrafts(root);
    await Promise.all(unwritten.map((key) => mirror.sync(key)));
    await reconcile();
  });

  return {
    bucket,
    folder: root,
    async settled() {
      await mirror.allSettled();
      await activity.track(`watched folder: ${root}`, reconcile);
      if (pending.size > 0) await new Promise<void>((wake) => idle.push(wake));
    },
    async close() {
      isClosed = true;
      unfollow();
      await mirror.allSettled();
      await watcher.close();
      for (const entry of pending.values()) entry.cancel();
      await Promise.all(underway);
      for (const [path, entry] of pending) settle(path, entry);
    },
  };
}

function openFolder(folder: string): string {
  const path = resolve(folder);
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.R_OK | constants.X_OK);
    return realpathSync(path);
  } catch (error) {
    throw new SimulatorError(
      "SIM_FOLDER_UNREADABLE",
      {
        what: `The folder cannot be watched: ${error instanceof Error ? error.message : String(error)}.`,
        where: path,
        next: "Name a folder that this user may read, such as --drop Uploads=./inbox.",
      },
      { cause: error },
    );
  }
}

/** At most `count` pieces of work at once, the rest in order. */
function createSlots(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
