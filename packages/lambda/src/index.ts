export { FunctionRegistry } from "./function-registry.ts";
export type { FunctionDefinition } from "./function-definition.ts";
export { FunctionPolicies, type FunctionPoliciesOptions } from "./policy/function-policies.ts";
export { FunctionUrlConfigs } from "./urls/function-url-configs.ts";
export { createInvoker, type InvokerOptions } from "./invoker.ts";
export { type FunctionReference, parseFunctionReference } from "./function-reference.ts";
export { createLambdaOperations, type LambdaOperationsOptions } from "./operations/index.ts";
export { limits as lambdaLimits } from "./limits.ts";
