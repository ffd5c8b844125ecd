export {
  createExecutionManager,
  type EnvironmentSummary,
  type ExecutionManager,
  type ExecutionManagerOptions,
} from "./execution-manager.ts";
export { createRuntimeSupport, type RuntimeLaunch, type RuntimeSupport } from "./runtime-support.ts";
export type { RuntimeDescription } from "./runtimes/describe-runtime.ts";
export { CodeSupply, type CodeSupplyOptions } from "./code/code-supply.ts";
export { executionAssets } from "./execution-assets.ts";
export type { CodeProvider, ProvidedCode } from "./code-provider.ts";
export { codeFingerprint, createCodeFilter } from "./code/code-fingerprint.ts";
export { parseRuntimeName } from "./runtimes/runtime-names.ts";
