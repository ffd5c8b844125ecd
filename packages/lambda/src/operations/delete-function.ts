import type { Operation } from "@tripline/kernel";
import { invalidParameter, resourceConflict } from "../errors.ts";
import { latestVersion } from "../function-definition.ts";
import { parseFunctionReference } from "../function-reference.ts";
import type { LambdaHouse } from "../lambda-house.ts";

/**
 * Deletes a function with its versions and aliases, or one version; a version that is not there is as good as deleted.
 * https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
 */
export function deleteFunctionOperation(house: LambdaHouse): Operation<{ FunctionName: string; Qualifier?: string }> {
  const { registry } = house;
  return {
    name: "DeleteFunction",
    honoured: ["FunctionName", "Qualifier"],
    async run(input) {
      const { functionName, qualifier } = parseFunctionReference(input.FunctionName, input.Qualifier);
      if (qualifier === latestVersion)
        throw invalidParameter("$LATEST version cannot be deleted without deleting the function.");
      registry.describe(functionName);
      if (qualifier === undefined) await registry.delete(functionName);
      else await deleteVersion(functionName, qualifier);
      house.sweepCode();
      return { StatusCode: 204 };
    },
  };

  async function deleteVersion(functionName: string, qualifier: string): Promise<void> {
    if (!/^\d+$/.test(qualifier)) throw invalidParameter("Deletion of aliases is not currently supported.");
    const aliases = registry
      .aliases(functionName)
      .filter((one) => one.functionVersion === qualifier || Object.hasOwn(one.additionalVersionWeights, qualifier));
    if (aliases.length > 0) {
      throw resourceConflict(
        `Unable to delete version because the following aliases reference it: [${aliases.map((one) => one.name).join(", ")}]`,
      );
    }
    await registry.deleteVersion(functionName, qualifier);
  }
}
