/** The small operations on function URLs: update, get, delete, list. */
import type { Operation } from "@tripline/kernel";
import { parseFunctionReference } from "../function-reference.ts";
import { constraintBroken } from "../member-constraints.ts";
import { notFound } from "../policy/policy-target.ts";
import type { FunctionUrlConfig } from "../urls/function-url-configs.ts";
import {
  checkUrlInput,
  type FunctionUrlInput,
  type FunctionUrlName,
  type FunctionUrlOutput,
  parseUrlName,
  toUrlOutput,
  urlNameMembers,
} from "../urls/function-url-input.ts";
import type { FunctionUrlOptions } from "./create-function-url-config.ts";

/** What is not given stays. https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionUrlConfig.html */
export function updateFunctionUrlConfigOperation(
  options: FunctionUrlOptions,
): Operation<FunctionUrlInput, FunctionUrlOutput> {
  return {
    name: "UpdateFunctionUrlConfig",
    honoured: [...urlNameMembers, "AuthType", "Cors", "InvokeMode"],
    async run(input, context) {
      checkUrlInput(input);
      const { functionName, qualifier } = parseUrlName(input);
      const before = options.urls.get(functionName, qualifier);
      if (before === undefined) throw notFound("Function does not exist");
      const config = await options.urls.put({
        ...before,
        ...(input.AuthType === undefined ? {} : { authType: input.AuthType }),
        ...(input.InvokeMode === undefined ? {} : { invokeMode: input.InvokeMode }),
        ...(input.Cors === undefined ? {} : { cors: input.Cors }),
      });
      return toUrlOutput(options, context, config, "updated");
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionUrlConfig.html */
export function getFunctionUrlConfigOperation(
  options: FunctionUrlOptions,
): Operation<FunctionUrlName, FunctionUrlOutput> {
  return {
    name: "GetFunctionUrlConfig",
    honoured: urlNameMembers,
    run: async (input, context) => toUrlOutput(options, context, findConfig(options, input), "read"),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionUrlConfig.html */
export function deleteFunctionUrlConfigOperation(
  options: FunctionUrlOptions,
): Operation<FunctionUrlName, Record<string, never>> {
  return {
    name: "DeleteFunctionUrlConfig",
    honoured: urlNameMembers,
    async run(input) {
      await options.urls.delete(findConfig(options, input));
      return {};
    },
  };
}

/** Those of one function. https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionUrlConfigs.html */
export function listFunctionUrlConfigsOperation(
  options: FunctionUrlOptions,
): Operation<
  { FunctionName: string; Marker?: string; MaxItems?: number },
  { FunctionUrlConfigs: FunctionUrlOutput[]; NextMarker?: string }
> {
  const { registry, urls } = options;
  return {
    name: "ListFunctionUrlConfigs",
    honoured: ["FunctionName", "Marker", "MaxItems"],
    async run(input, context) {
      const { MaxItems: max = pageMax, Marker } = input;
      if (max < 1) throw constraintBroken("maxItems", max, "have value greater than or equal to 1");
      if (max > pageMax) throw constraintBroken("maxItems", max, `have value less than or equal to ${pageMax}`);
      const { functionName } = parseFunctionReference(input.FunctionName);
      if (registry.get(functionName) === undefined) throw notFound("Function does not exist");
      const all = urls.of(functionName);
      const after = Marker === undefined || Marker === "" ? -1 : all.findIndex((one) => one.urlId === Marker);
      const page = all.slice(after + 1, after + 1 + max);
      const last = page.at(-1);
      const isMore = last !== undefined && after + 1 + page.length < all.length;
      return {
        FunctionUrlConfigs: page.map((one) => toUrlOutput(options, context, one, "read")),
        ...(isMore ? { NextMarker: last.urlId } : {}),
      };
    },
  };
}

const pageMax = 50;

function findConfig({ urls }: FunctionUrlOptions, input: FunctionUrlName): FunctionUrlConfig {
  const { functionName, qualifier } = parseUrlName(input);
  const config = urls.get(functionName, qualifier);
  if (config === undefined) throw notFound("The resource you requested does not exist.");
  return config;
}
