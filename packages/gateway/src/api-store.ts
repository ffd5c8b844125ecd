/**
 * The APIs: what each stage serves, and the definitions of HTTP APIs as they are edited (those of REST APIs: `rest/definition/`).
 *
 * A1. A change is durable before it is seen.
 * A2. A stage serves what was deployed to it, compiled once. Editing a definition does not touch it.
 * A3. A definition that a template makes anew goes on being served as it was until its stage is deployed again.
 */
import type { DocumentStore, HttpResponse } from "@tripline/kernel";
import type { GatewayRequest } from "./gateway-request.ts";

/** What definitions of both kinds have. */
export interface ApiDefinition {
  id: string;
  name: string;
  type: "HTTP" | "REST";
  createdAtMs: number;
  description?: string;
  tags: Readonly<Record<string, string>>;
}

/** One route of a stage, for lists. */
export interface ServedRoute {
  /** `ANY` for every method. */
  method: string;
  path: string;
  functionName?: string;
}

/** A compiled stage. */
export interface ServedStage {
  routes: readonly ServedRoute[];
  serve(request: GatewayRequest): Promise<HttpResponse>;
}

/** A definition, and what its stages serve. */
export interface StoredApi<Definition extends ApiDefinition = ApiDefinition> {
  definition: Definition;
  stages: Map<string, ServedStage>;
}

const kind = "api";

/** See the module's header. */
export class ApiStore {
  readonly #documents: DocumentStore;
  readonly #apis = new Map<string, StoredApi>();
  /** Undefined after a change; undefined for a name that several have. */
  #byName: Map<string, StoredApi | undefined> | undefined;

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  /** Reads what was kept; `compile` makes of what was kept a definition and its stages. */
  async load(compile: (definition: ApiDefinition) => StoredApi): Promise<void> {
    for (const { key, value } of await this.#documents.list<ApiDefinition>(kind)) {
      if (value.type === "HTTP") this.#apis.set(key, compile(value));
    }
  }

  /** Serves an API that is kept elsewhere; undefined: serves it no longer. */
  show(id: string, api: StoredApi | undefined): void {
    if (api === undefined) this.#apis.delete(id);
    else this.#apis.set(id, api);
    this.#byName = undefined;
  }

  /** Keeps a definition (A1); stages that are served stay (A2, A3). */
  async put(definition: ApiDefinition): Promise<void> {
    await this.#documents.put(kind, definition.id, definition);
    const known = this.#apis.get(definition.id);
    if (known === undefined) this.#apis.set(definition.id, { definition, stages: new Map() });
    else known.definition = definition;
    this.#byName = undefined;
  }

  /** The API serves these stages from now on, and no others. */
  deploy(id: string, stages: Map<string, ServedStage>): void {
    const api = this.#apis.get(id);
    if (api !== undefined) api.stages = stages;
  }

  async delete(id: string): Promise<void> {
    await this.#documents.delete(kind, id);
    this.#apis.delete(id);
    this.#byName = undefined;
  }

  get(id: string): StoredApi | undefined {
    return this.#apis.get(id);
  }

  /** By id, or by a name that only one API has. */
  find(idOrName: string): StoredApi | undefined {
    return this.#apis.get(idOrName) ?? (this.#byName ??= this.#indexNames()).get(idOrName);
  }

  #indexNames(): Map<string, StoredApi | undefined> {
    const byName = new Map<string, StoredApi | undefined>();
    for (const api of this.#apis.values())
      byName.set(api.definition.name, byName.has(api.definition.name) ? undefined : api);
    return byName;
  }

  /** Ordered by name, then id. */
  list(): StoredApi[] {
    const key = ({ definition }: StoredApi): string => `${definition.name}\u0000${definition.id}`;
    return [...this.#apis.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }
}
