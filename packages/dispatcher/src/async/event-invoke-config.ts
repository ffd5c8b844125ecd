/** How a function's asynchronous events are retried, and where their outcome goes: one configuration a function and qualifier. */
import type { DocumentStore } from "@tripline/kernel";

/** A configuration as it is kept. What is absent has Lambda's default. */
export interface EventInvokeConfig {
  functionName: string;
  /** `$LATEST`, a version or an alias. */
  qualifier: string;
  maximumRetryAttempts?: number;
  maximumEventAgeSeconds?: number;
  /** ARN of a queue or a function. */
  onSuccess?: string;
  onFailure?: string;
  lastModifiedMs: number;
}

export const maximumRetryAttemptsMax = 2;
export const maximumEventAgeSecondsMin = 60;
export const maximumEventAgeSecondsMax = 21_600;

const kind = "lambda-event-invoke-config";

/** The configurations that exist: held in memory, kept in the document store. A change is durable before it is seen. */
export class EventInvokeConfigs {
  readonly #documents: DocumentStore;
  readonly #configs = new Map<string, EventInvokeConfig>();

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  /** Reads what an earlier run has kept. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#documents.list<EventInvokeConfig>(kind)) this.#configs.set(key, value);
  }

  get(functionName: string, qualifier: string): EventInvokeConfig | undefined {
    return this.#configs.get(keyOf(functionName, qualifier));
  }

  /** Of one function, `$LATEST` first. */
  list(functionName: string): EventInvokeConfig[] {
    return [...this.#configs.values()]
      .filter((config) => config.functionName === functionName)
      .sort((a, b) => (a.qualifier < b.qualifier ? -1 : 1));
  }

  /** A configuration goes with its function, its version or its alias. */
  async dropOrphans(isThere: (functionName: string, qualifier: string) => boolean): Promise<void> {
    for (const { functionName, qualifier } of this.#configs.values()) {
      if (!isThere(functionName, qualifier)) await this.delete(functionName, qualifier);
    }
  }

  async put(config: EventInvokeConfig): Promise<void> {
    const key = keyOf(config.functionName, config.qualifier);
    await this.#documents.put(kind, key, config);
    this.#configs.set(key, config);
  }

  /** Whether there was one. */
  async delete(functionName: string, qualifier: string): Promise<boolean> {
    const key = keyOf(functionName, qualifier);
    const existed = await this.#documents.delete(kind, key);
    this.#configs.delete(key);
    return existed;
  }
}

function keyOf(functionName: string, qualifier: string): string {
  return `${functionName}:${qualifier}`;
}
