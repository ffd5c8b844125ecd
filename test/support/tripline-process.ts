/** The built `tripline` command as a process of its own, with bounds on every wait. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const root: string = join(import.meta.dirname, "../..");
const cli = join(root, "packages/cli/bin/tripline.mjs");

/** The first line of `start --json`. */
export interface Ready {
  type: "ready";
  endpoint: string;
  apis: { id: string; name: string; url: string }[];
  functions: { name: string; runtime: string }[];
  drops: { bucket: string; folder: string }[];
}

/** A later line of `start --json`. */
export interface InvocationLine {
  type: "invocation";
  requestId: string;
  function: string;
  source: string;
  status: "success" | "error" | "timeout" | "throttled";
  durationMs: number;
  coldStart: boolean;
  attempt: number;
}

/** What a finished command printed. */
export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end. */
export async function runTripline(
  args: readonly string[],
  options: { cwd?: string; input?: string } = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: options.cwd ?? root,
    stdio: "pipe",
    env: environment(),
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(options.input ?? "");
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** A running `tripline start --json`. */
export class RunningTripline {
  readonly child: ChildProcess;
  readonly ready: Ready;
  readonly invocations: InvocationLine[] = [];
  stderr = "";
  #watchers = new Set<() => void>();

  private constructor(child: ChildProcess, ready: Ready) {
    this.child = child;
    this.ready = ready;
  }

  static async start(args: readonly string[], options: { cwd?: string } = {}): Promise<RunningTripline> {
    const child = spawn(process.execPath, [cli, "start", "--json", "--port", "0", ...args], {
      cwd: options.cwd ?? root,
      stdio: ["ignore", "pipe", "pipe"],
      env: environment(),
    });
    let stderr = "";
    const collect = (chunk: Buffer): void => {
      stderr += chunk.toString();
    };
    child.stderr.on("data", collect);
    const lines = createInterface({ input: child.stdout });
    const first = await Promise.race([
      once(lines, "line").then(([line]) => line as string),
      once(child, "exit").then(([code]) => {
        throw new Error(`tripline ended with ${String(code)} before it was ready:\n${stderr}`);
      }),
    ]);
    const running = new RunningTripline(child, JSON.parse(first) as Ready);
    child.stderr.off("data", collect);
    running.stderr = stderr;
    child.stderr.on("data", (chunk: Buffer) => (running.stderr += chunk.toString()));
    lines.on("line", (line) => {
      running.invocations.push(JSON.parse(line) as InvocationLine);
      for (const watch of running.#watchers) watch();
    });
    return running;
  }

  /** Waits until `wanted` holds of the invocations so far. */
  async until(
    what: string,
    wanted: (invocations: readonly InvocationLine[]) => boolean,
    limitMs = 30_000,
  ): Promise<void> {
    if (wanted(this.invocations)) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(
          new Error(
            `waited ${limitMs} ms for ${what}; saw ${JSON.stringify(this.invocations.slice(-5))}\n${this.stderr.slice(-2000)}`,
          ),
        );
      }, limitMs);
      const look = (): void => {
        if (!wanted(this.invocations)) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
    });
  }

  /** Ctrl-C; resolves with the exit code. */
  async interrupt(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const ended = once(this.child, "exit") as Promise<[number | null]>;
    this.child.kill("SIGINT");
    return (await ended)[0];
  }

  /** kill -9. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
  }
}

/** A copy of an application of `fixtures/apps` or `test/apps`, in a folder that `remove` deletes. */
export function copyApp(path: string): { folder: string; remove: () => void } {
  // Inside the checkout, so that functions find the AWS SDK as they would in a project of their own.
  const parent = mkdtempSync(join(root, "test", ".tmp-"));
  const folder = join(parent, "app");
  cpSync(join(root, path), folder, { recursive: true, filter: (from) => !/[/\\](inbox|\.tripline)$/.test(from) });
  return {
    folder,
    remove: () => {
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

/** An empty temporary folder. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "tripline-test-"));
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" };
}
