import { type Operation, type Scope, ServiceError } from "@tripline/kernel";
import type { FunctionRegistry } from "../function-registry.ts";
import { constraintBroken } from "../member-constraints.ts";
import { notFound } from "../policy/policy-target.ts";
import type { FunctionUrlConfigs } from "../urls/function-url-configs.ts";
import {
  checkUrlInput,
  type FunctionUrlInput,
  type FunctionUrlOutput,
  parseUrlName,
  toUrlOutput,
  urlNameMembers,
} from "../urls/function-url-input.ts";

/** What the operations on function URLs need. */
export interface FunctionUrlOptions {
  registry: FunctionRegistry;
  urls: FunctionUrlConfigs;
  scope: Scope;
}

/**
 * Gives a function, or an alias, a URL; a template replaces its configuration.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html
 */
export function createFunctionUrlConfigOperation(
  options: FunctionUrlOptions,
): Operation<FunctionUrlInput, FunctionUrlOutput> {
  const { registry, urls } = options;
  return {
    name: "CreateFunctionUrlConfig",
    honoured: [...urlNameMembers, "AuthType", "Cors", "InvokeMode"],
    async run(input, context) {
      checkUrlInput(input);
      if (input.AuthType === undefined) throw constraintBroken("authType", null, "not be null");
      const { functionName, qualifier } = parseUrlName(input);
      const facts = registry.find(functionName, qualifier);
      if (facts === undefined) throw notFound("Function does not exist");
      if (urls.get(functionName, qualifier) !== undefined && context.upsert !== true) {
        const arn = qualifier === undefined ? facts.functionArn : `${facts.functionArn}:${qualifier}`;
        throw urlExists(arn);
      }
      const config = await urls.put({
        functionName,
        ...(qualifier === undefined ? {} : { qualifier }),
        authType: input.AuthType,
        ...(input.InvokeMode === undefined ? {} : { invokeMode: input.InvokeMode }),
        ...(input.Cors === undefined ? {} : { cors: input.Cors }),
      });
      return toUrlOutput(options, context, config, "created");
    },
  };
}

function urlExists(arn: string): ServiceError {
  return new ServiceError(
    "ResourceConflictException",
    `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    { status: 409, members: { Type: "User" } },
  );
}
