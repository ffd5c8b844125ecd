/**
 * How `invoke`, `status`, `logs` and `env` find the simulator that runs here: each `start` leaves a small file in the temporary folder,
 * named after its process, with the application's folder and the folder it was started in. Files of dead processes are removed.
 */
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { UsageError } from "./exit-code.ts";

/** A simulator that says it runs. */
export interface RunningSimulator {
  pid: number;
  endpoint: string;
  /** Folder of its template. */
  folder: string;
  /** Folder that `tripline start` was called in. */
  startedIn: string;
}

function registryFolder(): string {
  return join(tmpdir(), `tripline-running-${userInfo().username}`);
}

/** Announces this process; the returned function withdraws it. */
export function announce(running: RunningSimulator): () => void {
  const folder = registryFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${running.pid}.json`);
  writeFileSync(file, JSON.stringify(running));
  return () => {
    rmSync(file, { force: true });
  };
}

/** The simulator of `folder` that answers, preferring one whose application is there over one that was started there. */
export async function findRunning(folder: string): Promise<RunningSimulator | undefined> {
  const here = realpathSync(folder);
  const candidates = [
    ...list().filter((one) => one.folder === here),
    ...list().filter((one) => one.folder !== here && one.startedIn === here),
  ];
  for (const candidate of candidates) if (await answers(candidate.endpoint)) return candidate;
  return undefined;
}

/** Like {@link findRunning}, or the one at `endpoint`. Throws `UsageError` where none answers. */
export async function requireRunning(folder: string, endpoint?: string): Promise<string> {
  if (endpoint !== undefined) {
    if (await answers(endpoint)) return endpoint.replace(/\/$/, "");
    throw new UsageError(`No simulator answers at ${endpoint}.`, "Start one with: tripline start");
  }
  const running = await findRunning(folder);
  if (running !== undefined) return running.endpoint;
  throw new UsageError(
    `No simulator of ${folder} is running.`,
    "Start one with: tripline start, or name one with --endpoint.",
  );
}

function list(): RunningSimulator[] {
  const folder = registryFolder();
  const found: RunningSimulator[] = [];
  for (const name of names(folder)) {
    const file = join(folder, name);
    try {
      const running = JSON.parse(readFileSync(file, "utf8")) as RunningSimulator;
      if (isAlive(running.pid)) found.push(running);
      else rmSync(file, { force: true });
    } catch {
      rmSync(file, { force: true }); // half-written by a process that was killed
    }
  }
  return found;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort().reverse();
  } catch {
    return []; // nothing was ever started
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(new URL("/_tripline/health", endpoint), { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false; // nobody listens
  }
}
