/**
 * The layer versions that exist. Held in memory, kept in the document store.
 *
 * L1. A change is durable before it is seen.
 * L2. Version numbers are not used again, also when every version is deleted.
 */
import { type DocumentStore, type Scope, toArn } from "@tripline/kernel";
import type { LayerVersion } from "./layer-version.ts";

const kinds = { layer: "lambda-layer", version: "lambda-layer-version" } as const;

interface HeldLayer {
  lastVersion: number;
  versions: ReadonlyMap<number, LayerVersion>;
}

/** See the module's header. */
export class LayerRegistry {
  readonly #layers = new Map<string, HeldLayer>();
  readonly #options: { scope: Scope; documents: DocumentStore };

  constructor(options: { scope: Scope; documents: DocumentStore }) {
    this.#options = options;
  }

  /** Reads what an earlier run has kept. */
  async load(): Promise<void> {
    const { documents } = this.#options;
    const [layers, versions] = await Promise.all([
      documents.list<{ lastVersion: number }>(kinds.layer),
      documents.list<LayerVersion>(kinds.version),
    ]);
    for (const { key, value } of layers) {
      const own = versions.map((one) => one.value).filter((one) => one.layerName === key);
      this.#layers.set(key, { ...value, versions: new Map(own.map((one) => [one.version, one])) });
    }
  }

  toArn(layerName: string): string {
    return toArn(this.#options.scope, "lambda", `layer:${layerName}`);
  }

  /** Names of the layers that have a version, in order. */
  names(): string[] {
    return [...this.#layers].flatMap(([name, { versions }]) => (versions.size === 0 ? [] : [name])).sort();
  }

  /** The versions of a layer, newest first. */
  versions(layerName: string): LayerVersion[] {
    return [...(this.#layers.get(layerName)?.versions.values() ?? [])].sort((a, b) => b.version - a.version);
  }

  get(layerName: string, version: number): LayerVersion | undefined {
    return this.#layers.get(layerName)?.versions.get(version);
  }

  /** Every version of every layer. */
  all(): LayerVersion[] {
    return [...this.#layers.values()].flatMap(({ versions }) => [...versions.values()]);
  }

  /** Publishes under the next number. */
  async publish(draft: Omit<LayerVersion, "version" | "layerArn">): Promise<LayerVersion> {
    const { layerName } = draft;
    const held = this.#layers.get(layerName) ?? { lastVersion: 0, versions: new Map<number, LayerVersion>() };
    const lastVersion = held.lastVersion + 1;
    const version: LayerVersion = { ...draft, layerArn: this.toArn(layerName), version: lastVersion };
    this.#layers.set(layerName, { ...held, lastVersion }); // the number is taken
    await Promise.all([this.#options.documents.put(kinds.layer, layerName, { lastVersion }), this.#put(version)]);
    this.#hold(version);
    return version;
  }

  /** Keeps a version that exists with a changed policy. */
  async save(version: LayerVersion): Promise<void> {
    await this.#put(version);
    this.#hold(version);
  }

  /** Deletes a version; an unknown one is ignored. */
  async delete(layerName: string, version: number): Promise<void> {
    if (this.get(layerName, version) === undefined) return;
    await this.#options.documents.delete(kinds.version, keyOf(layerName, version));
    const held = this.#layers.get(layerName);
    if (held === undefined) return;
    this.#layers.set(layerName, { ...held, versions: new Map([...held.versions].filter(([one]) => one !== version)) });
  }

  async #put(version: LayerVersion): Promise<void> {
    await this.#options.documents.put(kinds.version, keyOf(version.layerName, version.version), version);
  }

  #hold(version: LayerVersion): void {
    const held = this.#layers.get(version.layerName) ?? { lastVersion: version.version, versions: new Map() };
    this.#layers.set(version.layerName, {
      ...held,
      versions: new Map([...held.versions, [version.version, version]]),
    });
  }
}

function keyOf(layerName: string, version: number): string {
  return `${layerName}:${version}`;
}
