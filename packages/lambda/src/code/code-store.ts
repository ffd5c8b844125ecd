/**
 * Archives of code, each kept once by the hash of its bytes: `<hash>.zip` is the archive, `<hash>/` what it unpacks to. Layers as well.
 *
 * C1. An archive is written to `incoming/`, unpacked there, and moved to its place: it is whole or absent, whenever the process is killed.
 * C2. What nothing refers to is removed when nothing can run from it any more: at the start, at the end, and as long after its last use as
 *     an invocation may take.
 * C3. Several layers are one `/opt`: their files are linked into one folder in order, so that a later one wins.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, link, mkdir, open, readdir, readlink, rename, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Activity, Clock, Rng } from "@tripline/kernel";
import { limits } from "../limits.ts";
import { unpackArchive } from "./unpack-archive.ts";

/** An archive that is kept. */
export interface CodeArchive {
  /** SHA-256 of its bytes, base64: AWS's `CodeSha256`. */
  sha256: string;
  sizeBytes: number;
  unpackedBytes: number;
}

/** What {@link CodeStore} needs. */
export interface CodeStoreOptions {
  /** Folder that it owns. */
  root: string;
  clock: Clock;
  rng: Rng;
  activity: Activity;
}

/** See the module's header. */
export class CodeStore {
  readonly #options: CodeStoreOptions;
  readonly #adding = new Map<string, Promise<CodeArchive>>();
  readonly #merging = new Map<string, Promise<void>>();
  /** Place -> since when nothing refers to it, on the clock. */
  readonly #unusedSinceMs = new Map<string, number>();

  constructor(options: CodeStoreOptions) {
    this.#options = options;
  }

  /** Keeps an archive. Rejects with `InvalidParameterValueException` where it is none, or too large unpacked. */
  add(archive: Uint8Array): Promise<CodeArchive> {
    const sha256 = createHash("sha256").update(archive).digest("base64");
    const running = this.#adding.get(sha256);
    if (running !== undefined) return running;
    const adding = this.#options.activity
      .track("an archive of code", () => this.#add(archive, sha256))
      .finally(() => this.#adding.delete(sha256));
    this.#adding.set(sha256, adding);
    return adding;
  }

  /** Where an archive is unpacked. */
  folderOf(sha256: string): string {
    return join(this.#options.root, toHex(sha256));
  }

  /** The bytes of an archive. */
  read(sha256: string): AsyncIterable<Uint8Array> {
    return createReadStream(this.#archiveOf(sha256));
  }

  /** The folder that is `/opt` for these layers, in order; undefined for none. It exists once {@link merge} has resolved. */
  optFolderOf(layers: readonly string[]): string | undefined {
    const [first, ...more] = layers;
    if (first === undefined) return undefined;
    return more.length === 0 ? this.folderOf(first) : join(this.#options.root, toOptName(layers));
  }

  /** Makes the folder that is `/opt` for these layers (C3). */
  merge(layers: readonly string[]): Promise<void> {
    if (layers.length < 2) return Promise.resolve();
    const name = toOptName(layers);
    const running = this.#merging.get(name);
    if (running !== undefined) return running;
    const merging = this.#options.activity
      .track("merging layers", () => this.#merge(layers, name))
      .finally(() => this.#merging.delete(name));
    this.#merging.set(name, merging);
    return merging;
  }

  /**
   * Removes what is not among `used` (C2): archives by hash, and what was merged of lists of layers.
   * `now`: at once, since nothing runs.
   */
  async sweep(used: { archives: Iterable<string>; layers: Iterable<readonly string[]> }, now: boolean): Promise<void> {
    const { root, clock, activity } = this.#options;
    const kept = new Set(Array.from(used.archives, toHex));
    for (const layers of used.layers) kept.add(layers.length < 2 ? "" : toOptName(layers));
    await activity.track("removing unused code", async () => {
      for (const name of await readdir(root).catch(() => [])) {
        const place = name.replace(/\.zip$/, "");
        if (name === incomingName || kept.has(place)) {
          this.#unusedSinceMs.delete(place);
          if (name === incomingName && now) await rm(join(root, name), { recursive: true, force: true });
          continue;
        }
        const since = this.#unusedSinceMs.get(place) ?? clock.now();
        this.#unusedSinceMs.set(place, since);
        if (now || clock.now() - since > limits.timeoutSecondsMax * 1000) {
          await rm(join(root, name), { recursive: true, force: true });
        }
      }
    });
  }

  async #add(archive: Uint8Array, sha256: string): Promise<CodeArchive> {
    const place = this.folderOf(sha256);
    this.#unusedSinceMs.delete(toHex(sha256));
    const incoming = await this.#incoming();
    try {
      const unpackedBytes = await unpackArchive(archive, incoming);
      if (await isThere(this.#archiveOf(sha256))) return { sha256, sizeBytes: archive.byteLength, unpackedBytes };
      await writeSynced(`${incoming}.zip`, archive);
      await rm(place, { recursive: true, force: true }); // a kill between the two moves left it
      await rename(incoming, place);
      await rename(`${incoming}.zip`, this.#archiveOf(sha256)); // C1: the archive is last, and says that both are there
      return { sha256, sizeBytes: archive.byteLength, unpackedBytes };
    } finally {
      await rm(incoming, { recursive: true, force: true });
      await rm(`${incoming}.zip`, { force: true });
    }
  }

  async #merge(layers: readonly string[], name: string): Promise<void> {
    const place = join(this.#options.root, name);
    if (await isThere(place)) return;
    const incoming = await this.#incoming();
    try {
      for (const layer of layers) await linkTree(this.folderOf(layer), incoming);
      await rename(incoming, place);
    } finally {
      await rm(incoming, { recursive: true, force: true });
    }
  }

  async #incoming(): Promise<string> {
    const folder = join(this.#options.root, incomingName, this.#options.rng.hex(8));
    await mkdir(folder, { recursive: true });
    return folder;
  }

  #archiveOf(sha256: string): string {
    return `${this.folderOf(sha256)}.zip`;
  }
}

const incomingName = "incoming";

function toHex(sha256: string): string {
  return Buffer.from(sha256, "base64").toString("hex");
}

function toOptName(layers: readonly string[]): string {
  return `opt-${createHash("sha256").update(layers.join("\n")).digest("hex")}`;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What is in `from` is in `to` as well, in place of what was there under the same name. */
async function linkTree(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    const before = await stat(target).catch(() => undefined);
    if (entry.isDirectory()) {
      if (before !== undefined && !before.isDirectory()) await rm(target, { force: true });
      await mkdir(target, { recursive: true });
      await linkTree(source, target);
      continue;
    }
    await rm(target, { recursive: true, force: true });
    if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target).catch(() => copyFile(source, target)); // a file system without links
  }
}
