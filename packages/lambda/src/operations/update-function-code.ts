import type { Operation } from "@tripline/kernel";
import { archiveMembers, type CodeInput } from "../code/code-intake.ts";
import { invalidParameter } from "../errors.ts";
import { requireFunction, requireRevision, requireSettled } from "../function-access.ts";
import type { FunctionDefinition } from "../function-definition.ts";
import { toFunctionConfiguration } from "../function-view.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { checkUnpackedSize } from "../layers/function-layers.ts";
import { toArchitecture } from "../members/architecture.ts";
import { publishVersion } from "./publish-version.ts";

/** Input of UpdateFunctionCode. */
export interface UpdateFunctionCodeInput extends CodeInput {
  FunctionName: string;
  Architectures?: string[];
  Publish?: boolean;
  DryRun?: boolean;
  RevisionId?: string;
}

/** Gives a function other code. https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html */
export function updateFunctionCodeOperation(house: LambdaHouse): Operation<UpdateFunctionCodeInput> {
  const { registry } = house;
  return {
    name: "UpdateFunctionCode",
    honoured: [
      "FunctionName",
      ...archiveMembers,
      "ImageUri",
      "SourceKMSKeyArn",
      "Architectures",
      "Publish",
      "DryRun",
      "RevisionId",
    ],
    refused: {
      PublishTo: "managed instances are not simulated",
      S3ObjectStorageMode: "code is always copied",
    },
    async run(input) {
      const { functionName } = requireFunction(registry, input.FunctionName);
      if (input.ImageUri !== undefined)
        throw invalidParameter("Please don't provide ImageUri when updating a function with packageType Zip.");
      const architecture = toArchitecture(input.Architectures);
      check();
      const code = await house.intake.code(input, registry.describe(functionName).runtime);
      if (code === undefined) throw invalidParameter("Please provide a source for function code.");
      const before = check(); // what happened while the code came
      checkUnpackedSize(code, before.layers);
      const draft = {
        ...before,
        code,
        ...(architecture === undefined ? {} : { architecture }),
        lastUpdateStatus: "InProgress" as const,
      };
      if (input.DryRun === true)
        return toFunctionConfiguration({ ...before, ...draft, lastUpdateStatus: "Successful" });
      const updated = await registry.save(draft);
      const shown = input.Publish === true ? await publishVersion(house, updated) : updated;
      house.settling.begin(functionName);
      house.sweepCode();
      return toFunctionConfiguration(shown);

      function check(): FunctionDefinition {
        const latest = registry.describe(functionName);
        requireRevision(input.RevisionId, latest);
        requireSettled(latest);
        return latest;
      }
    },
  };
}
