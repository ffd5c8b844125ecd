export {
  createExecutionManager,
  type EnvironmentSummary,
  type ExecutionManager,
  type ExecutionManagerOptions,
} from "./execution-manager.ts";
export {
  createRuntimeSupport,
  type RuntimeDescription,
  type RuntimeLaunch,
  type RuntimeSupport,
} from "./runtime-support.ts";
export { executionAssets } from "./execution-assets.ts";
export type { CodeProvider, ProvidedCode } from "./code-provider.ts";
