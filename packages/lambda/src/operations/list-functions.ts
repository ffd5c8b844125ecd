import type { Operation } from "@tripline/kernel";
import { requireFunction } from "../function-access.ts";
import type { FunctionDefinition } from "../function-definition.ts";
import { toListedConfiguration } from "../function-view.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { limits } from "../limits.ts";
import { oneOf } from "../members/constraints.ts";
import { type PageInput, toPage } from "../page.ts";

const keyOf = ({ functionName, version }: FunctionDefinition): string => `${functionName}:${version}`;
const toQualified = (one: FunctionDefinition): Promise<object> => toListedConfiguration(one, one.version);

/** Functions by name; with `FunctionVersion` ALL, each with its versions. https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
export function listFunctionsOperation({ registry }: LambdaHouse): Operation<PageInput & { FunctionVersion?: string }> {
  return {
    name: "ListFunctions",
    honoured: ["Marker", "MaxItems", "FunctionVersion"],
    refused: { MasterRegion: "functions at edge locations are not simulated" },
    async run(input) {
      const isAll =
        input.FunctionVersion !== undefined && oneOf("functionVersion", input.FunctionVersion, ["ALL"]) === "ALL";
      const all = registry
        .list()
        .flatMap((latest) => (isAll ? [latest, ...registry.versions(latest.functionName)] : [latest]));
      const { page, next } = toPage(all, input, keyOf, limits.pageMax);
      const show = isAll ? toQualified : (one: FunctionDefinition): Promise<object> => toListedConfiguration(one);
      return { Functions: await Promise.all(page.map(show)), ...next };
    },
  };
}

/** `$LATEST`, and what was published, oldest first. https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html */
export function listVersionsByFunctionOperation({
  registry,
}: LambdaHouse): Operation<PageInput & { FunctionName: string }> {
  return {
    name: "ListVersionsByFunction",
    honoured: ["FunctionName", "Marker", "MaxItems"],
    async run(input) {
      const latest = requireFunction(registry, input.FunctionName);
      const all = [latest, ...registry.versions(latest.functionName)];
      const { page, next } = toPage(all, input, keyOf, limits.pageMax);
      return { Versions: await Promise.all(page.map(toQualified)), ...next };
    },
  };
}
