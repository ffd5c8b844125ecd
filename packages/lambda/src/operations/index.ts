import type { AsyncInvocations, FunctionInvoker, Operation, Scope } from "@tripline/kernel";
import type { ExecutionManager } from "@tripline/execution";
import type { FunctionRegistry } from "../function-registry.ts";
import type { FunctionPolicies } from "../policy/function-policies.ts";
import { addPermissionOperation } from "./add-permission.ts";
import type { FunctionUrlConfigs } from "../urls/function-url-configs.ts";
import { createFunctionUrlConfigOperation } from "./create-function-url-config.ts";
import {
  deleteFunctionUrlConfigOperation,
  getFunctionUrlConfigOperation,
  listFunctionUrlConfigsOperation,
  updateFunctionUrlConfigOperation,
} from "./function-url-configs.ts";
import { createFunctionOperation } from "./create-function.ts";
import {
  deleteFunctionConcurrencyOperation,
  deleteFunctionOperation,
  getFunctionConfigurationOperation,
  listFunctionsOperation,
  putFunctionConcurrencyOperation,
} from "./functions.ts";
import { getPolicyOperation } from "./get-policy.ts";
import { invokeAsyncOperation } from "./invoke-async.ts";
import { invokeOperation } from "./invoke.ts";
import { invokeWithResponseStreamOperation } from "./invoke-with-response-stream.ts";
import { removePermissionOperation } from "./remove-permission.ts";

/** What {@link createLambdaOperations} needs. */
export interface LambdaOperationsOptions {
  registry: FunctionRegistry;
  policies: FunctionPolicies;
  urls: FunctionUrlConfigs;
  scope: Scope;
  invoker: FunctionInvoker;
  asyncInvocations: () => AsyncInvocations;
  execution: Pick<ExecutionManager, "describeRuntime">;
  /** Folder for the sources of inline functions. */
  inlineFolder: string;
  /** Concurrent executions of the whole account. */
  accountConcurrency: number;
}

/** The operations of the Lambda service that this package has; the dispatcher's join them. */
export function createLambdaOperations(options: LambdaOperationsOptions): Operation[] {
  const { registry, policies } = options;
  return [
    createFunctionOperation(options),
    deleteFunctionOperation(registry),
    getFunctionConfigurationOperation(registry),
    listFunctionsOperation(registry),
    putFunctionConcurrencyOperation(registry, options.accountConcurrency),
    deleteFunctionConcurrencyOperation(registry),
    addPermissionOperation(registry, policies),
    removePermissionOperation(registry, policies),
    getPolicyOperation(policies),
    createFunctionUrlConfigOperation(options),
    updateFunctionUrlConfigOperation(options),
    getFunctionUrlConfigOperation(options),
    deleteFunctionUrlConfigOperation(options),
    listFunctionUrlConfigsOperation(options),
    invokeOperation(options),
    invokeAsyncOperation(options),
    invokeWithResponseStreamOperation(options),
  ];
}
