/**
 * Where the code of a function is loaded from, and whether it has changed.
 *
 * C1. A change is picked up once a save, at the next invocation: the watcher only marks the folder; the invocation looks.
 * C2. While nothing is marked, asking costs a map look-up.
 * C3. A folder that was marked but whose files are as they were keeps its fingerprint: warm environments stay.
 * C4. What functions work on is no code: a file dropped in a watched folder beside the handler changes nothing.
 * C5. A TypeScript handler is bundled once for each fingerprint; what fails is reported by INIT, not thrown.
 */
import { join, resolve } from "node:path";
import type { FunctionSpec } from "@tripline/kernel";
import type { FSWatcher } from "chokidar";
import { bundleTypescript, stopBundling } from "./bundle-typescript.ts";
import { codeFingerprint, createCodeFilter, type IsIgnored } from "./code-fingerprint.ts";
import { typescriptEntry } from "./typescript-entry.ts";

/** Code, ready to be loaded. */
export interface SuppliedCode {
  /** Folder that the handler's module is loaded from; the code folder itself, or that of a bundle. */
  moduleFolder: string;
  /** Differs for each state of the code. */
  fingerprint: string;
  /** Why it cannot be loaded: what INIT reports. */
  failure?: { errorType: string; errorMessage: string };
}

/** Options of {@link CodeSupply}. */
export interface CodeSupplyOptions {
  /** Folder for bundles. */
  buildFolder: string;
  /** Watch code folders for changes. */
  watch: boolean;
  /** Folders that may lie inside a code folder and are no code: watched folders, the data directory. Default: none. */
  notCode?: readonly string[];
}

interface Supply {
  code: SuppliedCode | Promise<SuppliedCode>;
  changed: boolean;
  watcher: Promise<FSWatcher> | undefined;
}

/** See the module's header. */
export class CodeSupply {
  readonly #options: CodeSupplyOptions;
  readonly #supplies = new Map<string, Supply>();
  readonly #isIgnored: IsIgnored;
  #hasBundled = false;

  constructor(options: CodeSupplyOptions) {
    this.#options = options;
    this.#isIgnored = createCodeFilter(options.notCode ?? []);
  }

  /** The code of `spec` as it is now. Not a promise when nothing has changed (C2). */
  get(spec: FunctionSpec): SuppliedCode | Promise<SuppliedCode> {
    const key = `${spec.codeFolder}\n${spec.runtime}\n${spec.handler}`;
    const known = this.#supplies.get(key);
    if (known !== undefined && !known.changed) return known.code;
    const supply = known ?? this.#open(key, spec);
    supply.changed = false;
    const fingerprint = codeFingerprint(spec.codeFolder, this.#isIgnored);
    if (!(supply.code instanceof Promise) && supply.code.fingerprint === fingerprint) return supply.code; // C3
    const code = this.#supply(spec, fingerprint);
    supply.code = code;
    if (code instanceof Promise) {
      void code.then((ready) => {
        if (supply.code === code) supply.code = ready;
      });
    }
    return code;
  }

  /** Stops watching. */
  async stop(): Promise<void> {
    await Promise.all([...this.#supplies.values()].map(async ({ watcher }) => (await watcher)?.close()));
    this.#supplies.clear();
    if (this.#hasBundled) await stopBundling();
  }

  #open(key: string, { codeFolder: folder, codeIsFixed }: FunctionSpec): Supply {
    const supply: Supply = { code: { moduleFolder: "", fingerprint: "" }, changed: true, watcher: undefined };
    this.#supplies.set(key, supply);
    if (!this.#options.watch || codeIsFixed === true) return supply;
    supply.watcher = this.#watch(folder, () => {
      supply.changed = true; // C1
    });
    return supply;
  }

  async #watch(folder: string, mark: () => void): Promise<FSWatcher> {
    const { watch } = await import("chokidar"); // a start compiles only what it needs
    const watcher = watch(folder, {
      ignoreInitial: true,
      persistent: false,
      ignored: (path) => path !== folder && this.#isIgnored(resolve(path)),
    });
    // What changed before the watcher was ready was not seen: look once more.
    return watcher.on("all", mark).on("ready", mark).on("error", mark);
  }

  #supply(spec: FunctionSpec, fingerprint: string): SuppliedCode | Promise<SuppliedCode> {
    const asItIs: SuppliedCode = { moduleFolder: spec.codeFolder, fingerprint };
    const entry = spec.runtime.startsWith("nodejs") ? typescriptEntry(spec.codeFolder, spec.handler) : undefined;
    return entry === undefined ? asItIs : this.#bundle(spec, fingerprint, entry);
  }

  async #bundle(spec: FunctionSpec, fingerprint: string, entry: string): Promise<SuppliedCode> {
    this.#hasBundled = true;
    const moduleFolder = join(this.#options.buildFolder, spec.functionName, fingerprint.slice(0, 16));
    const outcome = await bundleTypescript({ entry, handler: spec.handler, outFolder: moduleFolder });
    if (outcome.ok) return { moduleFolder, fingerprint };
    return {
      moduleFolder,
      fingerprint,
      failure: { errorType: outcome.errorType, errorMessage: outcome.errorMessage },
    };
  }
}
