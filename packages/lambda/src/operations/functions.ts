/** The small operations on functions: read, list, delete, reserved concurrency. */
import type { Operation } from "@tripline/kernel";
import { invalidParameter } from "../errors.ts";
import { toFunctionConfiguration } from "../function-definition.ts";
import type { FunctionRegistry } from "../function-registry.ts";

interface FunctionInput {
  FunctionName: string;
  Qualifier?: string;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
export function getFunctionConfigurationOperation(registry: FunctionRegistry): Operation<FunctionInput> {
  return {
    name: "GetFunctionConfiguration",
    honoured: ["FunctionName", "Qualifier"],
    run: async (input) => toFunctionConfiguration(registry.describe(input.FunctionName, input.Qualifier)),
  };
}

/** All functions on one page. https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
export function listFunctionsOperation(registry: FunctionRegistry): Operation<object> {
  return {
    name: "ListFunctions",
    honoured: [],
    refused: {
      Marker: "all functions are on one page",
      MaxItems: "all functions are on one page",
      FunctionVersion: "versions are not simulated",
      MasterRegion: "one region is simulated",
    },
    run: async () => ({ Functions: registry.list().map(toFunctionConfiguration) }),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html */
export function deleteFunctionOperation(registry: FunctionRegistry): Operation<FunctionInput> {
  return {
    name: "DeleteFunction",
    honoured: ["FunctionName"],
    refused: { Qualifier: "versions are not simulated" },
    async run(input) {
      await registry.delete(registry.describe(input.FunctionName).functionName);
      return {};
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html */
export function putFunctionConcurrencyOperation(
  registry: FunctionRegistry,
  accountConcurrency: number,
): Operation<{ FunctionName: string; ReservedConcurrentExecutions: number }> {
  return {
    name: "PutFunctionConcurrency",
    honoured: ["FunctionName", "ReservedConcurrentExecutions"],
    async run(input) {
      const definition = registry.describe(input.FunctionName);
      const reserved = input.ReservedConcurrentExecutions;
      if (!Number.isInteger(reserved) || reserved < 0) {
        throw invalidParameter(
          `1 validation error detected: Value '${reserved}' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0`,
        );
      }
      const others = registry
        .list()
        .filter((one) => one.functionName !== definition.functionName)
        .reduce((sum, one) => sum + (one.reservedConcurrency ?? 0), 0);
      if (reserved > 0 && accountConcurrency - others - reserved < unreservedMin) {
        throw invalidParameter(
          `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${unreservedMin}].`,
        );
      }
      const settings = registry.settings(definition.functionName);
      if (settings.reservedConcurrency !== reserved)
        await registry.saveSettings(definition.functionName, { ...settings, reservedConcurrency: reserved });
      return { ReservedConcurrentExecutions: reserved };
    },
  };
}

const unreservedMin = 100;

/** https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html */
export function deleteFunctionConcurrencyOperation(registry: FunctionRegistry): Operation<FunctionInput> {
  return {
    name: "DeleteFunctionConcurrency",
    honoured: ["FunctionName"],
    async run(input) {
      const { functionName } = registry.describe(input.FunctionName);
      const { reservedConcurrency: _removed, ...rest } = registry.settings(functionName);
      await registry.saveSettings(functionName, rest);
      return {};
    },
  };
}
