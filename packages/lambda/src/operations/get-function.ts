import type { Operation } from "@tripline/kernel";
import { codeLocation } from "../code/code-downloads.ts";
import { parseFunctionReference } from "../function-reference.ts";
import { toFunctionConfiguration } from "../function-view.ts";
import type { LambdaHouse } from "../lambda-house.ts";

/** Input of GetFunction and GetFunctionConfiguration. */
export interface GetFunctionInput {
  FunctionName: string;
  Qualifier?: string;
}

/** A function with its code, for ten minutes, at a URL of the endpoint. https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html */
export function getFunctionOperation({ registry, clock }: LambdaHouse): Operation<GetFunctionInput> {
  return {
    name: "GetFunction",
    honoured: ["FunctionName", "Qualifier"],
    async run(input, context) {
      const { functionName, qualifier } = parseFunctionReference(input.FunctionName, input.Qualifier);
      const definition = registry.describe(input.FunctionName, input.Qualifier);
      const { tags = {}, reservedConcurrency } = registry.settings(functionName);
      const { code, version } = definition;
      return {
        Configuration: await toFunctionConfiguration(definition, qualifier),
        Code: {
          RepositoryType: "S3",
          Location: codeLocation(context.endpoint, clock, { kind: "functions", name: functionName, version }),
          ...(code.kind === "archive" && code.sourceKmsKeyArn !== undefined
            ? { SourceKMSKeyArn: code.sourceKmsKeyArn }
            : {}),
        },
        ...(Object.keys(tags).length === 0 ? {} : { Tags: tags }),
        ...(reservedConcurrency === undefined
          ? {}
          : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
      };
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html */
export function getFunctionConfigurationOperation({ registry }: LambdaHouse): Operation<GetFunctionInput> {
  return {
    name: "GetFunctionConfiguration",
    honoured: ["FunctionName", "Qualifier"],
    async run(input) {
      const { qualifier } = parseFunctionReference(input.FunctionName, input.Qualifier);
      return toFunctionConfiguration(registry.describe(input.FunctionName, input.Qualifier), qualifier);
    },
  };
}
