/**
 * Provisioned concurrency: which versions have environments that are initialised ahead. https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 *
 * V1. A configuration is durable before it is seen. What it asks for is made again after a restart.
 * V2. One of an alias is for the version that the alias points to, and follows it.
 * V3. It goes with its version, its alias or its function.
 * V4. It is IN_PROGRESS until the environments are initialised, and on the clock for as long as AWS takes at best (6,000 a minute, a second
 *     at least). A template waits for the environments alone.
 */
import type { Activity, Clock, DocumentStore } from "@tripline/kernel";
import type { ExecutionManager } from "@tripline/execution";
import { type FunctionDefinition, toFunctionSpec } from "../function-definition.ts";
import type { FunctionRegistry } from "../function-registry.ts";

/** A configuration as it is kept. */
export interface ProvisionedConfig {
  functionName: string;
  /** A version or an alias. */
  qualifier: string;
  requested: number;
  lastModifiedMs: number;
}

/** A configuration and where it stands. */
export interface ProvisionedEntry {
  readonly config: ProvisionedConfig;
  /** The version that it is for now. */
  readonly version: string;
  readonly definition: FunctionDefinition;
  readonly status: "IN_PROGRESS" | "READY" | "FAILED";
  readonly statusReason?: string;
  readonly allocated: number;
}

/** What {@link ProvisionedConcurrency} needs. */
export interface ProvisionedConcurrencyOptions {
  clock: Clock;
  activity: Activity;
  documents: DocumentStore;
  registry: FunctionRegistry;
  execution: Pick<ExecutionManager, "provision" | "describeRuntime">;
}

const kind = "lambda-provisioned";
const allocationMsMin = 1_000;
const allocationMsEach = 10;

/** See the module's header. */
export class ProvisionedConcurrency {
  readonly #options: ProvisionedConcurrencyOptions;
  readonly #entries = new Map<string, ProvisionedEntry>();
  #isRunning = false;

  constructor(options: ProvisionedConcurrencyOptions) {
    this.#options = options;
    options.registry.onChange(() => {
      this.#follow();
    });
  }

  /** Reads what an earlier run has kept, and makes it again (V1). Functions are loaded, and can be run, before. */
  async start(): Promise<void> {
    this.#isRunning = true;
    for (const { value } of await this.#options.documents.list<ProvisionedConfig>(kind)) {
      const definition = this.#find(value);
      if (definition !== undefined) this.#allocate(value, definition, false);
      else await this.#options.documents.delete(kind, toKey(value));
    }
  }

  /** Makes nothing any more. */
  stop(): void {
    this.#isRunning = false;
  }

  get(functionName: string, qualifier: string): ProvisionedEntry | undefined {
    return this.#entries.get(toKey({ functionName, qualifier }));
  }

  /** Of one function, by qualifier. */
  of(functionName: string): ProvisionedEntry[] {
    return this.list().filter(({ config }) => config.functionName === functionName);
  }

  list(): ProvisionedEntry[] {
    return [...this.#entries.values()].sort((a, b) => (toKey(a.config) < toKey(b.config) ? -1 : 1));
  }

  /** How many all versions of a function have together. */
  total(functionName: string): number {
    return this.of(functionName).reduce((sum, { config }) => sum + config.requested, 0);
  }

  /** Asks for environments. `isTemplate`: resolves when they are there (V4). */
  async put(config: ProvisionedConfig, definition: FunctionDefinition, isTemplate: boolean): Promise<ProvisionedEntry> {
    await this.#options.documents.put(kind, toKey(config), config); // V1
    const { entry, done } = this.#allocate(config, definition, isTemplate);
    if (isTemplate) await done;
    return this.get(config.functionName, config.qualifier) ?? entry;
  }

  async delete({ config, definition }: ProvisionedEntry): Promise<void> {
    await this.#options.documents.delete(kind, toKey(config)); // V1
    this.#entries.delete(toKey(config));
    this.#end(definition);
  }

  #find({ functionName, qualifier }: ProvisionedConfig): FunctionDefinition | undefined {
    const { registry } = this.#options;
    const version = registry.alias(functionName, qualifier)?.functionVersion ?? qualifier;
    return registry.versions(functionName).find((one) => one.version === version);
  }

  #allocate(
    config: ProvisionedConfig,
    definition: FunctionDefinition,
    isTemplate: boolean,
  ): { entry: ProvisionedEntry; done: Promise<void> } {
    const key = toKey(config);
    const allocated = this.#entries.get(key)?.allocated ?? 0;
    const entry: ProvisionedEntry = {
      config,
      version: definition.version,
      definition,
      status: "IN_PROGRESS",
      allocated,
    };
    this.#entries.set(key, entry);
    const done = this.#make(entry, isTemplate).then((made) => {
      if (this.#entries.get(key) === entry) this.#entries.set(key, made); // otherwise it was changed meanwhile
    });
    return { entry, done };
  }

  /** V4. */
  async #make(entry: ProvisionedEntry, isTemplate: boolean): Promise<ProvisionedEntry> {
    const { requested } = entry.config;
    const waitMs = isTemplate ? 0 : Math.max(allocationMsMin, requested * allocationMsEach);
    const [failed] = await Promise.all([this.#provision(entry.definition, requested), this.#wait(waitMs)]);
    return failed === undefined
      ? { ...entry, status: "READY", allocated: requested }
      : { ...entry, status: "FAILED", statusReason: failed, allocated: 0 };
  }

  async #provision(definition: FunctionDefinition, count: number): Promise<string | undefined> {
    const { execution } = this.#options;
    if (!execution.describeRuntime(definition.runtime).supported) return "FUNCTION_ERROR_INIT_FAILURE";
    try {
      const { errorType } = await execution.provision(toFunctionSpec(definition), count);
      return errorType === undefined ? undefined : "FUNCTION_ERROR_INIT_FAILURE";
    } catch {
      return "INTERNAL_ERROR"; // the simulator stops
    }
  }

  #wait(delayMs: number): Promise<void> {
    const { clock } = this.#options;
    if (delayMs === 0) return Promise.resolve();
    return new Promise((resolve) => {
      clock.at(clock.now() + delayMs, resolve);
    });
  }

  #end(definition: FunctionDefinition): void {
    if (this.#isRunning) void this.#provision(definition, 0);
  }

  /** V2, V3. */
  #follow(): void {
    const { documents, activity } = this.#options;
    for (const entry of this.#entries.values()) {
      const { config, version } = entry;
      const definition = this.#find(config);
      if (definition === undefined) {
        this.#entries.delete(toKey(config));
        this.#end(entry.definition);
        void activity.track("provisioned concurrency that is gone", () => documents.delete(kind, toKey(config)));
      } else if (definition.version !== version) {
        this.#end(entry.definition);
        this.#allocate(config, definition, false);
      }
    }
  }
}

function toKey({ functionName, qualifier }: { functionName: string; qualifier: string }): string {
  return `${functionName}:${qualifier}`;
}
