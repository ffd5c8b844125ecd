/** Looks at, freezes and thaws process trees. Linux reads `/proc`; elsewhere only the process group is known, and memory comes from `ps`. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { isGone } from "./process-host.ts";

const pageBytes = 4096;
const onLinux = process.platform === "linux";

/** Whether this machine can freeze processes. */
export const canFreeze: boolean = process.platform !== "win32";

/** Sends SIGSTOP to a process, its group, and everything below it. */
export function freezeTree(pid: number): void {
  signalTree(pid, "SIGSTOP");
}

/** Undoes {@link freezeTree}. */
export function thawTree(pid: number): void {
  signalTree(pid, "SIGCONT");
}

/** Resident bytes of a process and everything below it; tells `take` at once on Linux, later elsewhere. 0: unknown. */
export function measureResidentBytes(pid: number, take: (bytes: number) => void): void {
  if (onLinux) {
    let bytes = residentBytes(pid);
    for (const child of childrenOf(pid)) bytes += residentBytes(child);
    take(bytes);
  } else if (process.platform === "win32") take(0);
  else {
    execFile("ps", ["-o", "rss=", "-p", String(pid)], (error, output) => {
      take(error === null ? Number(output.trim()) * 1024 : 0);
    });
  }
}

function signalTree(pid: number, signal: "SIGSTOP" | "SIGCONT"): void {
  signalOne(-pid, signal);
  for (const child of childrenOf(pid)) signalOne(child, signal);
}

function signalOne(pid: number, signal: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function residentBytes(pid: number): number {
  return Number(readProc(`/proc/${pid}/statm`).split(" ")[1] ?? 0) * pageBytes;
}

/** All descendants that the process's main thread started (both Node.js and Python start them from there). */
function childrenOf(pid: number): number[] {
  if (!onLinux) return [];
  const text = readProc(`/proc/${pid}/task/${pid}/children`).trim();
  if (text === "") return [];
  return text.split(" ").flatMap((child) => [Number(child), ...childrenOf(Number(child))]);
}

function readProc(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // The process has gone.
  }
}
