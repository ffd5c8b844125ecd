import type { Activity, Clock, Rng, Scope } from "@tripline/kernel";
import type { ExecutionManager } from "@tripline/execution";
import type { CodeIntake } from "./code/code-intake.ts";
import type { CodeStore } from "./code/code-store.ts";
import type { FunctionRegistry } from "./function-registry.ts";
import type { LayerRegistry } from "./layers/layer-registry.ts";
import type { Settling } from "./settling.ts";

/** What the operations on functions and layers work with. */
export interface LambdaHouse {
  clock: Clock;
  rng: Rng;
  activity: Activity;
  scope: Scope;
  registry: FunctionRegistry;
  layers: LayerRegistry;
  store: CodeStore;
  intake: CodeIntake;
  settling: Settling;
  execution: Pick<ExecutionManager, "describeRuntime">;
  /** Concurrent executions of the whole account. */
  accountConcurrency: number;
  /** Code may have become unused. */
  sweepCode: () => void;
}
