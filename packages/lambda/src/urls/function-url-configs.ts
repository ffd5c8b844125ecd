/**
 * The configurations of function URLs: held in memory, kept in the document store.
 *
 * U1. A change is durable before it is seen.
 * U2. A URL goes with its function. That of an alias stays when the alias goes, as on AWS, and lets nobody in.
 */
import {
  type Activity,
  type Clock,
  type DocumentStore,
  type FunctionUrl,
  type FunctionUrlCors,
  type FunctionUrls,
  toFunctionUrlId,
} from "@tripline/kernel";
import type { FunctionRegistry } from "../function-registry.ts";

/** A configuration as it is kept. */
export interface FunctionUrlConfig {
  urlId: string;
  functionName: string;
  qualifier?: string;
  authType: "NONE" | "AWS_IAM";
  /** Where it was set; `BUFFERED` otherwise. */
  invokeMode?: "BUFFERED" | "RESPONSE_STREAM";
  cors?: FunctionUrlCors;
  createdAtMs: number;
  lastModifiedMs: number;
}

/** What a caller of `put` decides: the rest is made here. */
export type FunctionUrlDraft = Omit<FunctionUrlConfig, "urlId" | "createdAtMs" | "lastModifiedMs">;

const kind = "lambda-url";

/** See the module's header. */
export class FunctionUrlConfigs implements FunctionUrls {
  readonly #options: { registry: FunctionRegistry; documents: DocumentStore; activity: Activity; clock: Clock };
  readonly #configs = new Map<string, FunctionUrlConfig>();
  readonly #byId = new Map<string, FunctionUrlConfig>();

  constructor(options: { registry: FunctionRegistry; documents: DocumentStore; activity: Activity; clock: Clock }) {
    this.#options = options;
    options.registry.onChange(() => {
      this.#dropOrphans();
    });
  }

  /** Reads what an earlier run has kept. Functions are loaded first. */
  async load(): Promise<void> {
    for (const { value } of await this.#options.documents.list<FunctionUrlConfig>(kind)) this.#hold(value);
    this.#dropOrphans();
  }

  get(functionName: string, qualifier: string | undefined): FunctionUrlConfig | undefined {
    return this.#configs.get(toKey({ functionName, qualifier }));
  }

  /** Of one function: its own first, then those of its aliases. */
  of(functionName: string): FunctionUrlConfig[] {
    return this.#sorted().filter((one) => one.functionName === functionName);
  }

  find(urlId: string): FunctionUrl | undefined {
    const config = this.#byId.get(urlId);
    return config === undefined ? undefined : toFunctionUrl(config);
  }

  list(): FunctionUrl[] {
    return this.#sorted().map(toFunctionUrl);
  }

  /** Makes the URL, or replaces its configuration. */
  async put(draft: FunctionUrlDraft): Promise<FunctionUrlConfig> {
    const { registry, documents, clock } = this.#options;
    const before = this.#configs.get(toKey(draft));
    const arn = registry.toArn(draft.functionName);
    const config: FunctionUrlConfig = {
      ...draft,
      urlId: toFunctionUrlId(draft.qualifier === undefined ? arn : `${arn}:${draft.qualifier}`),
      createdAtMs: before?.createdAtMs ?? clock.now(),
      lastModifiedMs: clock.now(),
    };
    await documents.put(kind, toKey(config), config); // U1
    this.#hold(config);
    return config;
  }

  async delete(config: FunctionUrlConfig): Promise<void> {
    await this.#options.documents.delete(kind, toKey(config)); // U1
    this.#drop(config);
  }

  #hold(config: FunctionUrlConfig): void {
    this.#configs.set(toKey(config), config);
    this.#byId.set(config.urlId, config);
  }

  #drop(config: FunctionUrlConfig): void {
    this.#configs.delete(toKey(config));
    this.#byId.delete(config.urlId);
  }

  #sorted(): FunctionUrlConfig[] {
    return [...this.#configs.values()].sort((a, b) => (toKey(a) < toKey(b) ? -1 : 1));
  }

  /** U2. */
  #dropOrphans(): void {
    const { registry, documents, activity } = this.#options;
    for (const config of this.#configs.values()) {
      if (registry.get(config.functionName) !== undefined) continue;
      this.#drop(config);
      void activity.track("the URL of a function that is gone", () => documents.delete(kind, toKey(config)));
    }
  }
}

function toKey({ functionName, qualifier }: { functionName: string; qualifier?: string | undefined }): string {
  return qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
}

function toFunctionUrl(config: FunctionUrlConfig): FunctionUrl {
  const { urlId, functionName, qualifier, authType, invokeMode = "BUFFERED", cors } = config;
  return {
    urlId,
    functionName,
    ...(qualifier === undefined ? {} : { qualifier }),
    authType,
    invokeMode,
    ...(cors === undefined ? {} : { cors }),
  };
}
