/** Reserved concurrency. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
import { type Operation, ServiceError } from "@tripline/kernel";
import { functionNotFound, invalidParameter } from "../errors.ts";
import { requireFunction } from "../function-access.ts";
import { latestVersion } from "../function-definition.ts";
import { parseFunctionReference } from "../function-reference.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { limits } from "../limits.ts";
import type { ProvisionedConcurrency } from "../provisioned/provisioned-concurrency.ts";

interface FunctionInput {
  FunctionName: string;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html */
export function putFunctionConcurrencyOperation(
  { registry, accountConcurrency }: LambdaHouse,
  provisioned: ProvisionedConcurrency,
): Operation<FunctionInput & { ReservedConcurrentExecutions: number }> {
  return {
    name: "PutFunctionConcurrency",
    honoured: ["FunctionName", "ReservedConcurrentExecutions"],
    async run(input) {
      const { functionName, qualifier } = parseFunctionReference(input.FunctionName);
      if (qualifier === undefined && registry.get(functionName) === undefined) {
        throw functionNotFound(registry.toArn(functionName), latestVersion); // with the qualifier that nobody gave
      }
      requireFunction(registry, input.FunctionName);
      const reserved = input.ReservedConcurrentExecutions;
      if (!Number.isInteger(reserved) || reserved < 0) {
        throw invalidParameter(
          `1 validation error detected: Value '${reserved}' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0`,
        );
      }
      const provisionedTotal = provisioned.total(functionName);
      if (reserved < provisionedTotal) {
        throw new ServiceError(
          "InvalidParameterValueException",
          ` ReservedConcurrentExecutions  ${reserved} should not be lower than function's total provisioned concurrency [${provisionedTotal}].`,
        );
      }
      const others = registry
        .list()
        .filter((one) => one.functionName !== functionName)
        .reduce((sum, one) => sum + (one.reservedConcurrency ?? 0), 0);
      if (reserved > 0 && accountConcurrency - others - reserved < limits.unreservedConcurrencyMin) {
        throw invalidParameter(
          `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${limits.unreservedConcurrencyMin}].`,
        );
      }
      const settings = registry.settings(functionName);
      if (settings.reservedConcurrency !== reserved)
        await registry.saveSettings(functionName, { ...settings, reservedConcurrency: reserved });
      return { ReservedConcurrentExecutions: reserved };
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html */
export function getFunctionConcurrencyOperation({ registry }: LambdaHouse): Operation<FunctionInput> {
  return {
    name: "GetFunctionConcurrency",
    honoured: ["FunctionName"],
    async run(input) {
      const { functionName } = requireFunction(registry, input.FunctionName);
      const { reservedConcurrency } = registry.settings(functionName);
      return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html */
export function deleteFunctionConcurrencyOperation({ registry }: LambdaHouse): Operation<FunctionInput> {
  return {
    name: "DeleteFunctionConcurrency",
    honoured: ["FunctionName"],
    async run(input) {
      const { functionName } = requireFunction(registry, input.FunctionName);
      const { reservedConcurrency: _removed, ...rest } = registry.settings(functionName);
      await registry.saveSettings(functionName, rest);
      return {};
    },
  };
}
