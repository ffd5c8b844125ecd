import type { Operation } from "@tripline/kernel";
import { invalidParameter } from "../errors.ts";
import { requireFunction, requireRevision, requireSettled } from "../function-access.ts";
import { toFunctionConfiguration } from "../function-view.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { checkUnpackedSize, toFunctionLayers } from "../layers/function-layers.ts";
import {
  type ConfigurationInput,
  configurationMembers,
  refusedConfigurationMembers,
  toConfiguration,
} from "../members/configuration.ts";
import { checkRuntime } from "../members/runtime.ts";

/** Input of UpdateFunctionConfiguration. */
export interface UpdateFunctionConfigurationInput extends ConfigurationInput {
  FunctionName: string;
  RevisionId?: string;
}

const name = "UpdateFunctionConfiguration";

/** Changes the configuration of `$LATEST`. https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html */
export function updateFunctionConfigurationOperation(house: LambdaHouse): Operation<UpdateFunctionConfigurationInput> {
  const { registry } = house;
  return {
    name,
    honoured: ["FunctionName", ...configurationMembers, "RevisionId"],
    refused: refusedConfigurationMembers,
    async run(input) {
      const before = requireFunction(registry, input.FunctionName);
      if (input.Runtime !== undefined) {
        checkRuntime(input.Runtime);
        const runtime = house.execution.describeRuntime(input.Runtime);
        if (!runtime.supported) throw invalidParameter(runtime.reason);
      }
      const configuration = toConfiguration(name, before, input);
      const layers = input.Layers === undefined ? before.layers : toFunctionLayers(name, input.Layers, house);
      checkUnpackedSize(before.code, layers);
      requireRevision(input.RevisionId, before);
      requireSettled(before);
      await house.store.merge(layers.map((layer) => layer.sha256));
      const latest = registry.describe(before.functionName);
      requireRevision(before.revisionId, latest); // what happened while layers were merged
      const { functionName, functionArn, code, architecture, runtimeManagement } = latest;
      const updated = await registry.save({
        functionName,
        functionArn,
        code,
        architecture,
        ...(runtimeManagement === undefined ? {} : { runtimeManagement }),
        ...configuration,
        layers,
        state: "Active",
        lastUpdateStatus: "InProgress",
      });
      house.settling.begin(functionName);
      house.sweepCode();
      return toFunctionConfiguration(updated);
    },
  };
}
