/** The parts of this package, wired: functions, versions, aliases, layers and their code. */
import { join } from "node:path";
import type { Activity, Clock, DocumentStore, HttpHandler, HttpRequest, Rng, Scope } from "@tripline/kernel";
import type { ExecutionManager } from "@tripline/execution";
import { createCodeDownloads } from "./code/code-downloads.ts";
import { createCodeIntake, type ReadObject } from "./code/code-intake.ts";
import { CodeStore } from "./code/code-store.ts";
import { FunctionRegistry } from "./function-registry.ts";
import type { LambdaHouse } from "./lambda-house.ts";
import { LayerRegistry } from "./layers/layer-registry.ts";
import { createSettling } from "./settling.ts";

/** What {@link createControlPlane} needs. */
export interface ControlPlaneOptions {
  clock: Clock;
  rng: Rng;
  activity: Activity;
  scope: Scope;
  documents: DocumentStore;
  /** Folder for archives of code and what they unpack to. */
  folder: string;
  /** Code may come from S3. */
  readObject: ReadObject;
  execution: Pick<ExecutionManager, "describeRuntime">;
  /** Concurrent executions of the whole account. */
  accountConcurrency: number;
}

/** See the module's header. */
export interface ControlPlane {
  registry: FunctionRegistry;
  house: LambdaHouse;
  /** Answers the URLs under which code may be downloaded. */
  downloads: { matches(request: HttpRequest): boolean; handle: HttpHandler };
  /** Loads what an earlier run has kept. */
  load(): Promise<void>;
  /** Removes code that nothing uses; nothing runs any more. */
  stop(): Promise<void>;
}

/** See {@link ControlPlane}. */
export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { clock, rng, activity, scope, documents } = options;
  const store = new CodeStore({ root: join(options.folder, "code"), clock, rng: rng.fork("code"), activity });
  const registry = new FunctionRegistry({ clock, rng, scope, documents, code: store });
  const layers = new LayerRegistry({ scope, documents });
  const settling = createSettling({ clock, activity, registry });
  const sweep = (isNow: boolean): Promise<void> => {
    const versions = registry.list().flatMap((one) => [one, ...registry.versions(one.functionName)]);
    const lists = versions.map((one) => one.layers.map((layer) => layer.sha256));
    const archives = [
      ...versions.flatMap(({ code }) => (code.kind === "archive" ? [code.sha256] : [])),
      ...lists.flat(),
      ...layers.all().map((one) => one.content.sha256),
    ];
    return store.sweep({ archives, layers: lists }, isNow);
  };
  const house: LambdaHouse = {
    clock,
    rng: rng.fork("operations"),
    activity,
    scope,
    registry,
    layers,
    store,
    intake: createCodeIntake({ store, readObject: options.readObject }),
    settling,
    execution: options.execution,
    accountConcurrency: options.accountConcurrency,
    sweepCode: () => void sweep(false),
  };
  return {
    registry,
    house,
    downloads: createCodeDownloads({ clock, registry, layers, store }),
    async load() {
      await Promise.all([registry.load(), layers.load()]);
      await sweep(true);
      settling.resume();
    },
    stop: () => sweep(true),
  };
}
