/**
 * The REST APIs, kept part by part: a change writes the part that it changes and nothing else.
 *
 * S1. A change is durable before it is seen.
 * S2. What stages serve is compiled on their first request, once for each deployment.
 */
import type { DocumentStore } from "@tripline/kernel";
import type { RestApi, RestApiSettings } from "./rest-api.ts";

/** The parts that are kept by a key of their own. */
export type RestPart = Exclude<keyof RestApi, "settings">;
type PartOf<Part extends RestPart> = RestApi[Part] extends Map<string, infer Value> ? Value : never;

/** What a document defines: all of it goes where an API is made anew, or a document overwrites it. */
export const definedParts: readonly RestPart[] = [
  "resources",
  "models",
  "validators",
  "authorizers",
  "gatewayResponses",
  "documentationParts",
];
const parts: readonly RestPart[] = [...definedParts, "documentationVersions", "deployments", "stages"];
const settingsKind = "rest-api";
const kindOf = (part: RestPart): string => `rest-api/${part}`;

/** Told when what an API serves may have changed. */
export type RestApiListener = (id: string, api: RestApi | undefined) => void;

/** See the module's header. */
export class RestApiStore {
  readonly #documents: DocumentStore;
  readonly #onChange: RestApiListener;
  readonly #apis = new Map<string, RestApi>();

  constructor(documents: DocumentStore, onChange: RestApiListener) {
    this.#documents = documents;
    this.#onChange = onChange;
  }

  /** Reads what was kept. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#documents.list<RestApiSettings>(settingsKind)) {
      this.#apis.set(key, emptyApi(value));
    }
    for (const part of parts) {
      for (const { key, value } of await this.#documents.list<never>(kindOf(part))) {
        const slash = key.indexOf("/");
        this.#apis.get(key.slice(0, slash))?.[part].set(key.slice(slash + 1), value);
      }
    }
    for (const [id, api] of this.#apis) this.#onChange(id, api);
  }

  get(id: string): RestApi | undefined {
    return this.#apis.get(id);
  }

  /** In the order of their making. */
  list(): RestApi[] {
    return [...this.#apis.values()].sort(
      (a, b) => a.settings.createdAtMs - b.settings.createdAtMs || (a.settings.id < b.settings.id ? -1 : 1),
    );
  }

  /** Makes an API, or sets what CreateRestApi sets of one. */
  async putSettings(settings: RestApiSettings): Promise<RestApi> {
    await this.#documents.put(settingsKind, settings.id, settings);
    let api = this.#apis.get(settings.id);
    if (api === undefined) this.#apis.set(settings.id, (api = emptyApi(settings)));
    else api.settings = settings;
    this.#onChange(settings.id, api);
    return api;
  }

  async put<Part extends RestPart>(api: RestApi, part: Part, key: string, value: PartOf<Part>): Promise<void> {
    await this.#documents.put(kindOf(part), `${api.settings.id}/${key}`, value);
    (api[part] as Map<string, PartOf<Part>>).set(key, value);
    if (part === "stages" || part === "deployments") this.#onChange(api.settings.id, api);
  }

  async remove(api: RestApi, part: RestPart, key: string): Promise<void> {
    await this.#documents.delete(kindOf(part), `${api.settings.id}/${key}`);
    api[part].delete(key);
    if (part === "stages" || part === "deployments") this.#onChange(api.settings.id, api);
  }

  /** Removes all of some parts: what an import overwrites. */
  async clear(api: RestApi, which: readonly RestPart[]): Promise<void> {
    await Promise.all(which.flatMap((part) => [...api[part].keys()].map((key) => this.remove(api, part, key))));
  }

  async delete(id: string): Promise<void> {
    const api = this.#apis.get(id);
    if (api === undefined) return;
    await Promise.all([this.clear(api, parts), this.#documents.delete(settingsKind, id)]);
    this.#apis.delete(id);
    this.#onChange(id, undefined);
  }
}

/** An API that has nothing yet. */
export function emptyApi(settings: RestApiSettings): RestApi {
  return {
    settings,
    resources: new Map(),
    models: new Map(),
    validators: new Map(),
    authorizers: new Map(),
    gatewayResponses: new Map(),
    documentationParts: new Map(),
    documentationVersions: new Map(),
    deployments: new Map(),
    stages: new Map(),
  };
}
