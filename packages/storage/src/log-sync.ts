/**
 * Brings what SQLite has written to its log (the `-wal` file) to the disk, while the event loop goes on.
 *
 * One sync at a time: what is written while it runs waits for the next, which all of it shares.
 */
import { closeSync, fdatasync, openSync } from "node:fs";

type Done = (error: Error | null) => void;

/** Brings a file to the disk, and says so later. */
export type SyncFile = (file: number, done: Done) => void;

/** See the module's header. */
export class LogSync {
  readonly #file: number;
  readonly #sync: SyncFile;
  #waiting: Done[] = [];
  #running: Done[] | undefined;
  #isClosed = false;

  /** `path`: a file that exists, and stays the same one until it is closed. */
  constructor(path: string, sync: SyncFile = fdatasync) {
    this.#file = openSync(path, "r+");
    this.#sync = sync;
  }

  /** Something that was written is not known to be on the disk. */
  get isPending(): boolean {
    return this.#running !== undefined;
  }

  /** Calls `done` when what is written by now is on the disk, or cannot be brought there. */
  after(done: Done): void {
    this.#waiting.push(done);
    if (this.#running === undefined) this.#run();
  }

  /** Calls `done` when the sync that runs has ended. */
  afterRunning(done: Done): void {
    if (this.#running === undefined) done(null);
    else this.#running.push(done);
  }

  /** The database is closed, and has brought everything to the disk itself. */
  close(): void {
    this.#isClosed = true;
    const all = [...(this.#running ?? []), ...this.#waiting];
    this.#waiting = [];
    if (this.#running === undefined) closeSync(this.#file);
    else this.#running = [];
    for (const done of all) done(null);
  }

  #run(): void {
    this.#running = this.#waiting;
    this.#waiting = [];
    this.#sync(this.#file, (error) => {
      const done = this.#running ?? [];
      this.#running = undefined;
      if (this.#isClosed) closeSync(this.#file);
      else if (this.#waiting.length > 0) this.#run();
      for (const one of done) one(error);
    });
  }
}
