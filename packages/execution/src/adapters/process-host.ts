/**
 * The processes of all execution environments, started and buried by the spawn helper (`assets/spawn-helper.cjs`).
 *
 * P1. The helper outlives the manager just long enough to kill every process tree that it started.
 * P2. Should the helper itself die, every process is killed from here, and the next spawn starts another helper.
 * P3. A process's exit is told once, after its output has ended (or 200 ms later, where something else holds the output open).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RealTime } from "@tripline/kernel";
import { executionAssets } from "../execution-assets.ts";

/** How a process ended. `error`: it could not be started. */
export interface ProcessExit {
  code: number | null;
  signal: string | null;
  error?: string;
}

/** A process that was asked for. */
export interface HostedProcess {
  /** Known once it runs. */
  readonly pid: number | undefined;
  readonly isOver: boolean;
  onOutput(take: (bytes: Buffer) => void): void;
  onExit(run: (exit: ProcessExit) => void): void;
  /** The TMPDIR that what it starts from now on will have: how strays are found. */
  claim(temporaryFolder: string): void;
  /** Kills the process and everything below it, frozen or not. */
  kill(): void;
}

/** What to start. Nothing is inherited: `environment` is all that the process sees. */
export interface ProcessRequest {
  file: string;
  args: readonly string[];
  environment: Readonly<Record<string, string>>;
  cwd: string;
}

/** Starts processes. `folder` holds sockets and temporary folders, and goes when the host stops. */
export interface ProcessHost {
  readonly folder: string;
  spawn(request: ProcessRequest): HostedProcess;
  /** Kills everything that runs and removes the folder. */
  stop(): Promise<void>;
}

/** See the module's header. The helper starts at once; `spawn` may be called right away. */
export function createProcessHost(options: { realTime: RealTime }): ProcessHost {
  const { realTime } = options;
  const folder = mkdtempSync(join(tmpdir(), "tripline-"));
  const socketPath =
    process.platform === "win32" ? `\\\\.\\pipe\\${folder.slice(3)}\\output` : join(folder, "output.sock");
  const processes = new Map<number, Hosted>();
  let nextId = 1;
  let helper: ChildProcess | undefined;
  let stopping: (() => void) | undefined;
  let unsent: string[] = [];
  let isListening = false;

  const server: Server = createServer((socket) => {
    readIdentity(socket, (id, rest) => {
      const hosted = processes.get(id);
      if (hosted === undefined) socket.destroy();
      else hosted.attach(socket, rest);
    });
  });
  server.listen(socketPath, () => {
    isListening = true;
    for (const line of unsent) send(line);
    unsent = [];
  });
  server.unref();

  const startHelper = (): ChildProcess => {
    const child = spawn(
      process.execPath,
      ["--v8-pool-size=0", "--max-semi-space-size=1", executionAssets("spawn-helper.cjs"), socketPath, folder],
      { stdio: ["pipe", "pipe", "inherit"], detached: true, env: minimalEnvironment(), windowsHide: true },
    );
    child.unref();
    unreference(child.stdin);
    unreference(child.stdout);
    child.stdin?.on("error", () => undefined); // Told by "exit".
    readLines(child, (event) => {
      processes.get(event.id)?.tell(event);
    });
    child.on("error", () => lost(child));
    child.on("exit", () => lost(child));
    return child;
  };
  const lost = (child: ChildProcess): void => {
    if (helper !== child) return;
    helper = undefined;
    for (const hosted of processes.values()) hosted.killDirectly(); // P2
    stopping?.();
  };
  const send = (line: string): void => {
    if (!isListening) {
      unsent.push(line);
      return;
    }
    helper ??= startHelper();
    helper.stdin?.write(line);
  };

  class Hosted implements HostedProcess {
    readonly id = nextId++;
    pid: number | undefined;
    isOver = false;
    #socket: Socket | undefined;
    #exit: ProcessExit | undefined;
    #take: (bytes: Buffer) => void = () => undefined;
    #run: (exit: ProcessExit) => void = () => undefined;

    onOutput(take: (bytes: Buffer) => void): void {
      this.#take = take;
    }

    onExit(run: (exit: ProcessExit) => void): void {
      this.#run = run;
    }

    attach(socket: Socket, rest: Buffer): void {
      this.#socket = socket;
      if (rest.length > 0) this.#take(rest);
      socket.on("data", (bytes) => {
        this.#take(bytes);
      });
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.#socket = undefined;
        if (this.#exit !== undefined) this.#over(this.#exit);
      });
      socket.unref();
    }

    tell(event: HelperEvent): void {
      if (event.pid !== undefined) {
        this.pid = event.pid;
        return;
      }
      const exit: ProcessExit = {
        code: event.code ?? null,
        signal: event.signal ?? null,
        ...(event.error === undefined ? {} : { error: event.error }),
      };
      this.#exit = exit;
      const socket = this.#socket;
      if (socket === undefined) this.#over(exit);
      else realTime.after(200, () => socket.destroy(), { background: true }); // P3
    }

    claim(temporaryFolder: string): void {
      if (!this.isOver) send(`${JSON.stringify({ op: "claim", id: this.id, temporaryFolder })}\n`);
    }

    kill(): void {
      if (!this.isOver) send(`${JSON.stringify({ op: "kill", id: this.id })}\n`);
    }

    killDirectly(): void {
      if (this.pid !== undefined && process.platform !== "win32") {
        try {
          process.kill(-this.pid, "SIGKILL");
        } catch (error) {
          if (!isGone(error)) throw error;
        }
      }
      this.#over({ code: null, signal: "SIGKILL" });
    }

    #over(exit: ProcessExit): void {
      if (this.isOver) return;
      this.isOver = true;
      processes.delete(this.id);
      this.#run(exit);
    }
  }

  return {
    folder,
    spawn(request) {
      const hosted = new Hosted();
      processes.set(hosted.id, hosted);
      const { file, args, environment, cwd } = request;
      send(`${JSON.stringify({ op: "spawn", id: hosted.id, file, args, env: environment, cwd })}\n`);
      return hosted;
    },
    async stop() {
      const child = helper;
      if (child !== undefined) {
        await new Promise<void>((resolve) => {
          stopping = resolve;
          child.ref();
          child.stdin?.end(); // P1
        });
      }
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface HelperEvent {
  id: number;
  pid?: number;
  code?: number | null;
  signal?: string | null;
  error?: string;
}

/** Whether a signal failed because there is no such process. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM");
}

/** What the helper, and a process that boots ahead, needs of the machine's environment: where programs are, and the system's folders. */
export function minimalEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of ["PATH", "SystemRoot", "SYSTEMROOT", "ComSpec", "PATHEXT"]) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

function readIdentity(socket: Socket, found: (id: number, rest: Buffer) => void): void {
  let held: Buffer = Buffer.alloc(0);
  socket.unref();
  socket.on("error", () => socket.destroy());
  const read = (bytes: Buffer): void => {
    held = Buffer.concat([held, bytes]);
    const end = held.indexOf(10);
    if (end < 0) return;
    socket.off("data", read);
    found(Number(held.toString("latin1", 0, end)), held.subarray(end + 1));
  };
  socket.on("data", read);
}

function readLines(child: ChildProcess, take: (event: HelperEvent) => void): void {
  let held = "";
  child.stdout?.setEncoding("utf8");
  child.stdout?.on("data", (text: string) => {
    const lines = (held + text).split("\n");
    held = lines.pop() ?? "";
    for (const line of lines) take(JSON.parse(line) as HelperEvent);
  });
}

function unreference(stream: unknown): void {
  if (typeof stream === "object" && stream !== null && "unref" in stream && typeof stream.unref === "function")
    stream.unref();
}
