/**
 * Whether Lambda stops a function that invokes itself in a loop.
 *
 * Differs from AWS: loops are not detected here, and so never stopped. `Allow`, which says so, is taken, and is what is shown; `Terminate`,
 * AWS's default, is refused by name.
 */
import type { Operation } from "@tripline/kernel";
import { notSimulated } from "../errors.ts";
import { requireFunction } from "../function-access.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { oneOf } from "../members/constraints.ts";

interface FunctionInput {
  FunctionName: string;
}

const name = "PutFunctionRecursionConfig";

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionRecursionConfig.html */
export function putFunctionRecursionConfigOperation({
  registry,
}: LambdaHouse): Operation<FunctionInput & { RecursiveLoop: string }> {
  return {
    name,
    honoured: ["FunctionName", "RecursiveLoop"],
    async run(input) {
      const recursiveLoop = oneOf("recursiveLoop", input.RecursiveLoop, ["Terminate", "Allow"] as const);
      requireFunction(registry, input.FunctionName);
      if (recursiveLoop === "Terminate") {
        throw notSimulated(name, "RecursiveLoop Terminate", "loops of functions are not detected, and so not stopped");
      }
      return { RecursiveLoop: recursiveLoop };
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionRecursionConfig.html */
export function getFunctionRecursionConfigOperation({ registry }: LambdaHouse): Operation<FunctionInput> {
  return {
    name: "GetFunctionRecursionConfig",
    honoured: ["FunctionName"],
    async run(input) {
      requireFunction(registry, input.FunctionName);
      return { RecursiveLoop: "Allow" };
    },
  };
}
