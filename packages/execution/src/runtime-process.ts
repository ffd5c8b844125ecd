/** A process with its Runtime API and its log: what an environment runs its function in, and what waits booted ahead. */
import { join } from "node:path";
import { minimalEnvironment, type HostedProcess, type ProcessExit, type ProcessHost } from "./adapters/process-host.ts";
import { wrapCommand } from "./exec-wrapper.ts";
import { executionAssets } from "./execution-assets.ts";
import { FunctionLogReader } from "./function-log.ts";
import { RuntimeApi } from "./runtime-api/runtime-api.ts";

/** One process and its Runtime API. */
export class RuntimeProcess {
  readonly api: RuntimeApi;
  readonly address: string;
  readonly #hosted: HostedProcess;
  #onLog: (message: string) => void = () => undefined;
  #onExit: (exit: ProcessExit) => void = () => undefined;
  #exit: ProcessExit | undefined;

  constructor(api: RuntimeApi, address: string, hosted: HostedProcess) {
    this.api = api;
    this.address = address;
    this.#hosted = hosted;
    const log = new FunctionLogReader((message) => {
      this.#onLog(message);
    });
    hosted.onOutput((bytes) => {
      log.push(bytes);
    });
    hosted.onExit((exit) => {
      log.end();
      api.close();
      this.#exit = exit;
      this.#onExit(exit);
    });
  }

  get pid(): number | undefined {
    return this.#hosted.pid;
  }

  get isOver(): boolean {
    return this.#hosted.isOver;
  }

  onLog(take: (message: string) => void): void {
    this.#onLog = take;
  }

  /** `run` is called once: at once where the process has ended already. */
  onExit(run: (exit: ProcessExit) => void): void {
    if (this.#exit !== undefined) run(this.#exit);
    else this.#onExit = run;
  }

  /** See {@link HostedProcess.claim}. */
  claim(temporaryFolder: string): void {
    this.#hosted.claim(temporaryFolder);
  }

  kill(): void {
    this.#hosted.kill();
  }
}

let socketCount = 0;

/** What a function's own Node.js process is booted with, where one that booted ahead would not do. */
export type OwnBoot =
  /** NODE_OPTIONS of the function: they count at boot only. */
  | { nodeOptions: string }
  /** See `exec-wrapper.ts`: the wrapper sees the function's variables, and may change them. */
  | { wrapper: string; environment: (address: string) => Record<string, string>; cwd: string };

/** Our own Node.js runtime, which waits for its assignment. */
export function bootNode(host: ProcessHost, own?: OwnBoot): RuntimeProcess {
  const api = new RuntimeApi();
  const address = toSocketPath(host);
  void api.listen(address);
  const command = {
    file: process.execPath,
    args: ["--enable-source-maps", executionAssets("node-bootstrap.cjs"), address],
  };
  if (own !== undefined && "wrapper" in own) {
    const { wrapper, environment, cwd } = own;
    const hosted = host.spawn({ ...wrapCommand(wrapper, command), environment: environment(address), cwd });
    return new RuntimeProcess(api, address, hosted);
  }
  const environment = { ...minimalEnvironment(), TZ: ":UTC", TMPDIR: `${address}.tmp` };
  const hosted = host.spawn({
    ...command,
    environment: own === undefined ? environment : { ...environment, NODE_OPTIONS: own.nodeOptions },
    cwd: host.folder,
  });
  return new RuntimeProcess(api, address, hosted);
}

/** A free address for a Unix socket (a named pipe on Windows). */
export function toSocketPath(host: ProcessHost): string {
  const name = `${++socketCount}.sock`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${host.folder.slice(3)}\\${name}` : join(host.folder, name);
}
