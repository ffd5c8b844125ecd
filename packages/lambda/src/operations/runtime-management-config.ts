/** When a function's runtime is updated: kept and shown, since the machine's own runtime is all there is. */
import type { Operation } from "@tripline/kernel";
import { invalidParameter } from "../errors.ts";
import { type FunctionDefinition, latestVersion, type RuntimeManagement } from "../function-definition.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { matching, oneOf } from "../members/constraints.ts";

interface VersionInput {
  FunctionName: string;
  Qualifier?: string;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutRuntimeManagementConfig.html */
export function putRuntimeManagementConfigOperation({
  registry,
}: LambdaHouse): Operation<VersionInput & { UpdateRuntimeOn: string; RuntimeVersionArn?: string }> {
  return {
    name: "PutRuntimeManagementConfig",
    honoured: ["FunctionName", "Qualifier", "UpdateRuntimeOn", "RuntimeVersionArn"],
    async run(input) {
      const updateRuntimeOn = oneOf("updateRuntimeOn", input.UpdateRuntimeOn, [
        "Auto",
        "FunctionUpdate",
        "Manual",
      ] as const);
      const { RuntimeVersionArn: arn } = input;
      if (arn !== undefined)
        matching(
          "runtimeVersionArn",
          arn,
          String.raw`arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}::runtime:.+`,
        );
      if ((updateRuntimeOn === "Manual") !== (arn !== undefined)) {
        throw invalidParameter(
          arn === undefined
            ? "Please provide a runtime version ARN when updateRuntimeOn is set to Manual."
            : "Please don't provide a runtime version ARN when updateRuntimeOn is not set to Manual.",
        );
      }
      const definition = registry.describe(input.FunctionName, input.Qualifier);
      const management: RuntimeManagement =
        arn === undefined ? { updateRuntimeOn } : { updateRuntimeOn, runtimeVersionArn: arn };
      return toOutput(await registry.saveRuntimeManagement(definition, management));
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetRuntimeManagementConfig.html */
export function getRuntimeManagementConfigOperation({ registry }: LambdaHouse): Operation<VersionInput> {
  return {
    name: "GetRuntimeManagementConfig",
    honoured: ["FunctionName", "Qualifier"],
    run: async (input) => toOutput(registry.describe(input.FunctionName, input.Qualifier)),
  };
}

function toOutput({ functionArn, version, runtimeManagement }: FunctionDefinition): object {
  const { updateRuntimeOn, runtimeVersionArn } = runtimeManagement ?? { updateRuntimeOn: "Auto" };
  return {
    UpdateRuntimeOn: updateRuntimeOn,
    FunctionArn: version === latestVersion ? `${functionArn}:${latestVersion}` : `${functionArn}:${version}`,
    ...(runtimeVersionArn === undefined ? {} : { RuntimeVersionArn: runtimeVersionArn }),
  };
}
