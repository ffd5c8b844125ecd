/**
 * The functions that exist, with their versions and aliases. Held in memory, kept in the document store.
 *
 * F1. A change is durable before it is seen. What changes together is put in one turn, which is one commit.
 * F2. Every change of what runs raises the revision, and no two definitions of this run share one: environments of an older one go.
 * F3. A published version is never changed, but for what is set for the function as a whole.
 * F4. An update is in progress until {@link FunctionRegistry.settle}; requests run what was there before.
 * F5. A request by a weighted alias draws its version once, from a stream of chance of its own. Whoever only looks draws nothing.
 */
import type { Cancel, Clock, DocumentStore, FunctionDirectory, FunctionFacts, Rng, Scope } from "@tripline/kernel";
import { toArn } from "@tripline/kernel";
import { type AliasDefinition, chooseVersion } from "./alias.ts";
import { functionNotFound } from "./errors.ts";
import type { CodeStore } from "./code/code-store.ts";
import {
  activeState,
  type FunctionDefinition,
  latestVersion,
  type RuntimeManagement,
  toFunctionFacts,
} from "./function-definition.ts";
import { type FunctionReference, requireRegion } from "./function-reference.ts";
import { type FunctionSettings, noSettings } from "./function-settings.ts";

const kinds = { function: "lambda-function", version: "lambda-version", alias: "lambda-alias" } as const;

/** What {@link FunctionRegistry} needs. */
export interface FunctionRegistryOptions {
  clock: Clock;
  rng: Rng;
  scope: Scope;
  documents: DocumentStore;
  /** Where code and layers are in this run. */
  code: Pick<CodeStore, "folderOf" | "optFolderOf">;
}

/** What a caller of `save` decides: the rest is the registry's. */
export type FunctionDraft = Omit<
  FunctionDefinition,
  "version" | "revision" | "revisionId" | "lastModifiedMs" | "reservedConcurrency" | "codeFolder" | "optFolder"
>;

interface HeldFunction {
  readonly latest: FunctionDefinition;
  /** What requests run while an update is in progress (F4). */
  readonly before?: FunctionDefinition | undefined;
  readonly settings: FunctionSettings;
  /** By number, ascending. */
  readonly versions: ReadonlyMap<string, FunctionDefinition>;
  readonly aliases: ReadonlyMap<string, AliasDefinition>;
}

/** The document of a function: its `$LATEST`, and what is set for it as a whole. */
type FunctionDocument = FunctionDefinition & { settings?: FunctionSettings };

/** See the module's header. */
export class FunctionRegistry implements FunctionDirectory {
  readonly #functions = new Map<string, HeldFunction>();
  readonly #onChange = new Set<() => void>();
  readonly #options: FunctionRegistryOptions;
  readonly #routing: Rng;
  #lastRevision = 0;

  constructor(options: FunctionRegistryOptions) {
    this.#options = options;
    this.#routing = options.rng.fork("routing");
  }

  /** Reads what an earlier run has kept. */
  async load(): Promise<void> {
    const { documents } = this.#options;
    const [functions, versions, aliases] = await Promise.all([
      documents.list<FunctionDocument>(kinds.function),
      documents.list<FunctionDefinition>(kinds.version),
      documents.list<AliasDefinition>(kinds.alias),
    ]);
    for (const { key, value } of functions) {
      const { settings, ...definition } = value;
      const own = versions.map((one) => one.value).filter((one) => one.functionName === key);
      this.#hold({
        latest: this.#locate({ ...ofOlderRuns(definition), version: latestVersion }),
        settings: settings ?? { ...noSettings, ...reservedOf(definition) },
        versions: new Map(own.sort(byNumber).map((one) => [one.version, this.#locate(one)])),
        aliases: new Map(
          aliases.flatMap(({ value: one }) => (one.functionName === key ? [[one.name, one] as const] : [])),
        ),
      });
    }
  }

  /** `$LATEST` of every function, by name. */
  list(): FunctionDefinition[] {
    return [...this.#functions.values()]
      .map(({ latest }) => latest)
      .sort((a, b) => (a.functionName < b.functionName ? -1 : 1));
  }

  /** `$LATEST` of a function. */
  get(functionName: string): FunctionDefinition | undefined {
    return this.#functions.get(functionName)?.latest;
  }

  /** What was published of a function, oldest first. */
  versions(functionName: string): FunctionDefinition[] {
    return [...(this.#functions.get(functionName)?.versions.values() ?? [])];
  }

  /** The aliases of a function, by name. */
  aliases(functionName: string): AliasDefinition[] {
    return [...(this.#functions.get(functionName)?.aliases.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  alias(functionName: string, name: string): AliasDefinition | undefined {
    return this.#functions.get(functionName)?.aliases.get(name);
  }

  settings(functionName: string): FunctionSettings {
    return this.#functions.get(functionName)?.settings ?? noSettings;
  }

  find(functionName: string, qualifier?: string): FunctionFacts | undefined {
    let reference: FunctionReference;
    try {
      reference = requireRegion(functionName, this.#options.scope, qualifier);
    } catch {
      return undefined; // what is no reference names no function
    }
    const definition = this.#look(reference);
    return definition === undefined ? undefined : toFunctionFacts(definition);
  }

  /** The definition that a request runs: for a weighted alias, drawn (F5). Throws `ResourceNotFoundException`. */
  resolve(functionName: string, qualifier?: string): FunctionDefinition {
    const reference = requireRegion(functionName, this.#options.scope, qualifier);
    return this.#look(reference, this.#routing) ?? this.#missing(reference);
  }

  /** The definition that a name stands for: for a weighted alias, its first version. Throws `ResourceNotFoundException`. */
  describe(functionName: string, qualifier?: string): FunctionDefinition {
    const reference = requireRegion(functionName, this.#options.scope, qualifier);
    return this.#look(reference) ?? this.#missing(reference);
  }

  /** The name taken apart. Throws what AWS answers where it is none, or leads elsewhere. */
  toReference(functionName: string, qualifier?: string): FunctionReference {
    return requireRegion(functionName, this.#options.scope, qualifier);
  }

  toArn(functionName: string): string {
    return toArn(this.#options.scope, "lambda", `function:${functionName}`);
  }

  /** Keeps `draft` as `$LATEST` under a new revision (F1, F2), and what else is set with it. */
  async save(draft: FunctionDraft, changes: Partial<FunctionSettings> = {}): Promise<FunctionDefinition> {
    const settings = { ...this.settings(draft.functionName), ...changes };
    const latest: FunctionDefinition = {
      ...this.#locate(draft),
      version: latestVersion,
      ...reservedOf(settings),
      revision: ++this.#lastRevision,
      revisionId: this.#options.rng.uuid(),
      lastModifiedMs: this.#options.clock.now(),
    };
    await this.#putFunction(latest, settings);
    const held = this.#functions.get(draft.functionName);
    const running = held?.before ?? held?.latest;
    const isServed = latest.lastUpdateStatus === "InProgress" && running !== undefined;
    this.#hold({
      versions: new Map(),
      aliases: new Map(),
      ...held,
      settings: { ...(held?.settings ?? settings), ...changes },
      latest,
      before: isServed ? running : undefined,
    });
    this.#changed();
    return latest;
  }

  /** Whether something of a function is being created or updated. */
  isUnsettled(functionName: string): boolean {
    const held = this.#functions.get(functionName);
    return held !== undefined && [held.latest, ...held.versions.values()].some((one) => !isSettled(one));
  }

  /** Ends what is in progress: `$LATEST` and new versions become active. Warm environments stay. */
  async settle(functionName: string): Promise<void> {
    const held = this.#functions.get(functionName);
    if (held === undefined) return; // deleted meanwhile
    const toSettled = (one: FunctionDefinition): FunctionDefinition => ({ ...one, ...activeState });
    const latest = isSettled(held.latest)
      ? held.latest
      : { ...toSettled(held.latest), revisionId: this.#options.rng.uuid() };
    const pending = [...held.versions.values()].filter((one) => !isSettled(one)).map(toSettled);
    await Promise.all([this.#putFunction(latest, held.settings), ...pending.map((one) => this.#putVersion(one))]);
    const now = this.#functions.get(functionName);
    if (now === undefined) return;
    const versions = new Map([...now.versions, ...pending.map((one) => [one.version, one] as const)]);
    // Where it was changed again meanwhile, that change settles by itself.
    this.#hold(now.latest === held.latest ? { ...now, latest, before: undefined, versions } : { ...now, versions });
    this.#changed();
  }

  /** Keeps what is set for a function as a whole; what runs stays as it is, and warm. `isRevised`: under a new revision id. */
  async saveSettings(
    functionName: string,
    settings: FunctionSettings,
    { isRevised = false }: { isRevised?: boolean } = {},
  ): Promise<void> {
    const revised = isRevised ? { revisionId: this.#options.rng.uuid() } : {};
    await this.#putFunction({ ...this.#held(functionName).latest, ...revised }, settings);
    const held = this.#held(functionName);
    this.#hold({ ...held, latest: { ...held.latest, ...revised }, settings });
    this.#changed();
  }

  /** Keeps how the runtime of a version is managed; what runs stays as it is. */
  async saveRuntimeManagement(
    { functionName, version }: FunctionDefinition,
    runtimeManagement: RuntimeManagement,
  ): Promise<FunctionDefinition> {
    const { latest, settings, versions } = this.#held(functionName);
    const changed = { ...(version === latestVersion ? latest : (versions.get(version) ?? latest)), runtimeManagement };
    if (version === latestVersion) await this.#putFunction(changed, settings);
    else await this.#putVersion(changed);
    const held = this.#held(functionName);
    this.#hold(
      version === latestVersion
        ? { ...held, latest: { ...held.latest, runtimeManagement } }
        : { ...held, versions: new Map([...held.versions, [version, changed]]) },
    );
    return changed;
  }

  /** Publishes `$LATEST` under the next number, with `changes`; that changes the revision id of `$LATEST` too. */
  async publish(
    functionName: string,
    changes: Partial<Pick<FunctionDefinition, "description" | "publishedFrom">> = {},
  ): Promise<FunctionDefinition> {
    const held = this.#held(functionName);
    const latest = { ...held.latest, revisionId: this.#options.rng.uuid() };
    const settings = { ...held.settings, lastVersion: held.settings.lastVersion + 1 };
    const version: FunctionDefinition = {
      ...held.latest,
      ...changes,
      ...(isSettled(held.latest) ? activeState : { state: "Pending" }),
      version: String(settings.lastVersion),
      revision: ++this.#lastRevision,
      revisionId: this.#options.rng.uuid(),
    };
    if (version.state === "Pending") delete version.lastUpdateStatus;
    this.#hold({ ...held, latest, settings }); // the number is taken, whatever else is published meanwhile
    await Promise.all([this.#putFunction(latest, settings), this.#putVersion(version)]);
    const now = this.#held(functionName);
    this.#hold({ ...now, versions: new Map([...now.versions, [version.version, version]]) });
    this.#changed();
    return version;
  }

  async deleteVersion(functionName: string, version: string): Promise<void> {
    await this.#options.documents.delete(kinds.version, keyOf(functionName, version));
    const held = this.#held(functionName);
    this.#hold({ ...held, versions: without(held.versions, version) });
    this.#changed();
  }

  /** Keeps an alias under a new revision id. */
  async saveAlias(draft: Omit<AliasDefinition, "revisionId" | "aliasArn">): Promise<AliasDefinition> {
    const { functionName, name } = draft;
    const revisionId = this.#options.rng.uuid();
    const alias = { ...draft, aliasArn: `${this.toArn(functionName)}:${name}`, revisionId };
    await this.#options.documents.put(kinds.alias, keyOf(functionName, name), alias);
    const held = this.#held(functionName);
    this.#hold({ ...held, aliases: new Map([...held.aliases, [name, alias]]) });
    this.#changed();
    return alias;
  }

  async deleteAlias(functionName: string, name: string): Promise<void> {
    await this.#options.documents.delete(kinds.alias, keyOf(functionName, name));
    const held = this.#held(functionName);
    this.#hold({ ...held, aliases: without(held.aliases, name) });
    this.#changed();
  }

  /** Deletes a function with all its versions and aliases. */
  async delete(functionName: string): Promise<void> {
    const { documents } = this.#options;
    const held = this.#functions.get(functionName);
    await Promise.all([
      documents.delete(kinds.function, functionName),
      ...[...(held?.versions.keys() ?? [])].map((one) => documents.delete(kinds.version, keyOf(functionName, one))),
      ...[...(held?.aliases.keys() ?? [])].map((one) => documents.delete(kinds.alias, keyOf(functionName, one))),
    ]);
    this.#functions.delete(functionName);
    this.#changed();
  }

  onChange(run: () => void): Cancel {
    this.#onChange.add(run);
    return () => {
      this.#onChange.delete(run);
    };
  }

  #changed(): void {
    for (const run of this.#onChange) run();
  }

  #look({ functionName, qualifier }: FunctionReference, routing?: Rng): FunctionDefinition | undefined {
    const held = this.#functions.get(functionName);
    const latest = routing === undefined ? held?.latest : (held?.before ?? held?.latest); // F4
    if (held === undefined || qualifier === undefined || qualifier === latestVersion) return latest;
    const alias = held.aliases.get(qualifier);
    if (alias === undefined) return held.versions.get(qualifier);
    const version = routing === undefined ? alias.functionVersion : chooseVersion(alias, routing);
    return version === latestVersion ? latest : held.versions.get(version);
  }

  #missing({ functionName, qualifier }: FunctionReference): never {
    throw functionNotFound(this.toArn(functionName), qualifier);
  }

  #held(functionName: string): HeldFunction {
    const held = this.#functions.get(functionName);
    if (held === undefined) throw functionNotFound(this.toArn(functionName));
    return held;
  }

  /** Holds a function; every version shares what is set for it as a whole. */
  #hold(held: HeldFunction): void {
    const share = (definition: FunctionDefinition): FunctionDefinition => {
      if (definition.reservedConcurrency === held.settings.reservedConcurrency) return definition;
      const { reservedConcurrency: _before, ...rest } = definition;
      return { ...rest, ...reservedOf(held.settings) };
    };
    const versions = new Map([...held.versions].map(([number, one]) => [number, share(one)]));
    const latest = share(held.latest);
    for (const { revision } of [latest, ...versions.values()]) {
      this.#lastRevision = Math.max(this.#lastRevision, revision);
    }
    this.#functions.set(latest.functionName, { ...held, latest, versions });
  }

  /** Says where code and layers are in this run. */
  #locate<T extends FunctionDraft>(definition: T): T & Pick<FunctionDefinition, "codeFolder" | "optFolder"> {
    const { optFolder: _before, ...rest } = definition as T & { optFolder?: string };
    const { code, layers } = definition;
    const optFolder = this.#options.code.optFolderOf(layers.map((layer) => layer.sha256));
    return {
      ...(rest as T),
      codeFolder: code.kind === "folder" ? code.folder : this.#options.code.folderOf(code.sha256),
      ...(optFolder === undefined ? {} : { optFolder }),
    };
  }

  async #putVersion(version: FunctionDefinition): Promise<void> {
    await this.#options.documents.put(kinds.version, keyOf(version.functionName, version.version), version);
  }

  async #putFunction(latest: FunctionDefinition, settings: FunctionSettings): Promise<void> {
    const document: FunctionDocument = { ...latest, settings };
    await this.#options.documents.put(kinds.function, latest.functionName, document);
  }
}

/** Documents of the first runs have no code but its folder, and nothing of what came later. */
function ofOlderRuns(definition: FunctionDefinition): FunctionDefinition {
  const { codeFolder, ...rest } = definition;
  return {
    ...activeState,
    ...defaults,
    ...rest,
    code: rest.code ?? { kind: "folder", folder: codeFolder },
    codeFolder,
  };
}

const defaults = { layers: [], tracingMode: "PassThrough" } as const;

function isSettled(one: FunctionDefinition): boolean {
  return one.state === "Active" && one.lastUpdateStatus !== "InProgress";
}

function byNumber(a: FunctionDefinition, b: FunctionDefinition): number {
  return Number(a.version) - Number(b.version);
}

function keyOf(functionName: string, qualifier: string): string {
  return `${functionName}:${qualifier}`;
}

function reservedOf(from: { reservedConcurrency?: number }): { reservedConcurrency?: number } {
  return from.reservedConcurrency === undefined ? {} : { reservedConcurrency: from.reservedConcurrency };
}

function without<T>(map: ReadonlyMap<string, T>, key: string): Map<string, T> {
  return new Map([...map].filter(([one]) => one !== key));
}
