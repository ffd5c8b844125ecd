import type { AsyncInvocations, FunctionInvoker, MappingTags, Operation, Scope } from "@tripline/kernel";
import type { FunctionUrlConfigs } from "../urls/function-url-configs.ts";
import { createFunctionUrlConfigOperation } from "./create-function-url-config.ts";
import {
  deleteFunctionUrlConfigOperation,
  getFunctionUrlConfigOperation,
  listFunctionUrlConfigsOperation,
  updateFunctionUrlConfigOperation,
} from "./function-url-configs.ts";
import type { FunctionPolicies } from "../policy/function-policies.ts";
import { addPermissionOperation } from "./add-permission.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import {
  createAliasOperation,
  deleteAliasOperation,
  getAliasOperation,
  listAliasesOperation,
  updateAliasOperation,
} from "./aliases.ts";
import { getAccountSettingsOperation } from "./account-settings.ts";
import { createFunctionOperation } from "./create-function.ts";
import { deleteFunctionOperation } from "./delete-function.ts";
import {
  deleteFunctionConcurrencyOperation,
  getFunctionConcurrencyOperation,
  putFunctionConcurrencyOperation,
} from "./function-concurrency.ts";
import { getFunctionConfigurationOperation, getFunctionOperation } from "./get-function.ts";
import { getPolicyOperation } from "./get-policy.ts";
import { invokeAsyncOperation } from "./invoke-async.ts";
import { invokeOperation } from "./invoke.ts";
import { invokeWithResponseStreamOperation } from "./invoke-with-response-stream.ts";
import {
  addLayerVersionPermissionOperation,
  getLayerVersionPolicyOperation,
  removeLayerVersionPermissionOperation,
} from "./layer-permissions.ts";
import {
  deleteLayerVersionOperation,
  getLayerVersionByArnOperation,
  getLayerVersionOperation,
  listLayersOperation,
  listLayerVersionsOperation,
} from "./layer-versions.ts";
import { listFunctionsOperation, listVersionsByFunctionOperation } from "./list-functions.ts";
import { publishLayerVersionOperation } from "./publish-layer-version.ts";
import { publishVersionOperation } from "./publish-version.ts";
import type { ProvisionedConcurrency } from "../provisioned/provisioned-concurrency.ts";
import {
  deleteProvisionedConcurrencyConfigOperation,
  getProvisionedConcurrencyConfigOperation,
  listProvisionedConcurrencyConfigsOperation,
  putProvisionedConcurrencyConfigOperation,
} from "./provisioned-concurrency.ts";
import { removePermissionOperation } from "./remove-permission.ts";
import { getFunctionRecursionConfigOperation, putFunctionRecursionConfigOperation } from "./recursion-config.ts";
import {
  getRuntimeManagementConfigOperation,
  putRuntimeManagementConfigOperation,
} from "./runtime-management-config.ts";
import { listTagsOperation, tagResourceOperation, untagResourceOperation } from "./tags.ts";
import { updateFunctionCodeOperation } from "./update-function-code.ts";
import { updateFunctionConfigurationOperation } from "./update-function-configuration.ts";

/** What {@link createLambdaOperations} needs. */
export interface LambdaOperationsOptions {
  house: LambdaHouse;
  policies: FunctionPolicies;
  provisioned: ProvisionedConcurrency;
  urls: FunctionUrlConfigs;
  scope: Scope;
  invoker: FunctionInvoker;
  asyncInvocations: () => AsyncInvocations;
  mappingTags: () => MappingTags;
}

/** The operations of the Lambda service that this package has; the dispatcher's join them. */
export function createLambdaOperations(options: LambdaOperationsOptions): Operation[] {
  const { house, policies, provisioned, mappingTags } = options;
  const { registry } = house;
  const own = { ...options, registry };
  return [
    ...createControlPlaneOperations(house),
    tagResourceOperation(house, mappingTags),
    untagResourceOperation(house, mappingTags),
    listTagsOperation(house, mappingTags),
    putFunctionConcurrencyOperation(house, provisioned),
    putProvisionedConcurrencyConfigOperation(house, provisioned),
    getProvisionedConcurrencyConfigOperation(house, provisioned),
    deleteProvisionedConcurrencyConfigOperation(house, provisioned),
    listProvisionedConcurrencyConfigsOperation(house, provisioned),
    addPermissionOperation(registry, policies),
    removePermissionOperation(registry, policies),
    getPolicyOperation(policies),
    createFunctionUrlConfigOperation(own),
    updateFunctionUrlConfigOperation(own),
    getFunctionUrlConfigOperation(own),
    deleteFunctionUrlConfigOperation(own),
    listFunctionUrlConfigsOperation(own),
    invokeOperation(own),
    invokeAsyncOperation(own),
    invokeWithResponseStreamOperation(own),
  ];
}

/** Those on functions, versions, aliases, layers and their code. */
export function createControlPlaneOperations(house: LambdaHouse): Operation[] {
  return [
    createFunctionOperation(house),
    updateFunctionCodeOperation(house),
    updateFunctionConfigurationOperation(house),
    getFunctionOperation(house),
    getFunctionConfigurationOperation(house),
    listFunctionsOperation(house),
    deleteFunctionOperation(house),
    publishVersionOperation(house),
    listVersionsByFunctionOperation(house),
    createAliasOperation(house),
    updateAliasOperation(house),
    getAliasOperation(house),
    listAliasesOperation(house),
    deleteAliasOperation(house),
    publishLayerVersionOperation(house),
    getLayerVersionOperation(house),
    getLayerVersionByArnOperation(house),
    listLayersOperation(house),
    listLayerVersionsOperation(house),
    deleteLayerVersionOperation(house),
    addLayerVersionPermissionOperation(house),
    getLayerVersionPolicyOperation(house),
    removeLayerVersionPermissionOperation(house),
    getAccountSettingsOperation(house),
    getFunctionConcurrencyOperation(house),
    deleteFunctionConcurrencyOperation(house),
    putRuntimeManagementConfigOperation(house),
    getRuntimeManagementConfigOperation(house),
    putFunctionRecursionConfigOperation(house),
    getFunctionRecursionConfigOperation(house),
  ];
}
