/** Tags of functions. https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html */
import type { Operation } from "@tripline/kernel";
import { functionNotFound, invalidParameter, notSimulated } from "../errors.ts";
import { parseFunctionReference } from "../function-reference.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { matching } from "../members/constraints.ts";
import { checkTags } from "../members/tags.ts";

interface ResourceInput {
  /** ARN of a function. */
  Resource: string;
}

const arnPattern = String.raw`arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)`;

/** https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html */
export function tagResourceOperation(house: LambdaHouse): Operation<ResourceInput & { Tags: Record<string, string> }> {
  return {
    name: "TagResource",
    honoured: ["Resource", "Tags"],
    async run(input) {
      if (Object.keys(input.Tags).length === 0)
        throw invalidParameter("An error occurred and the request cannot be processed.");
      const { functionName, tags } = requireTagged("TagResource", house, input.Resource);
      const after = { ...tags, ...input.Tags };
      checkTags(after);
      await keep(house, functionName, after);
      return {};
    },
  };
}

/** Keys that are not there are ignored. https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html */
export function untagResourceOperation(house: LambdaHouse): Operation<ResourceInput & { TagKeys: string[] }> {
  return {
    name: "UntagResource",
    honoured: ["Resource", "TagKeys"],
    async run(input) {
      const { functionName, tags } = requireTagged("UntagResource", house, input.Resource);
      const gone = new Set(input.TagKeys);
      await keep(house, functionName, Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key))));
      return {};
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html */
export function listTagsOperation(house: LambdaHouse): Operation<ResourceInput> {
  return {
    name: "ListTags",
    honoured: ["Resource"],
    run: async (input) => ({ Tags: requireTagged("ListTags", house, input.Resource).tags }),
  };
}

function requireTagged(
  operation: string,
  { registry }: LambdaHouse,
  arn: string,
): { functionName: string; tags: Readonly<Record<string, string>> } {
  matching("resource", arn, arnPattern);
  const kind = arn.split(":")[5] ?? "";
  if (kind !== "function") throw notSimulated(operation, "Resource", `only functions have tags, and ${arn} is none`);
  const { functionName, qualifier } = parseFunctionReference(arn);
  if (qualifier !== undefined) {
    throw invalidParameter("Tags on function aliases and versions are not supported. Please specify a function ARN.");
  }
  if (registry.get(functionName) === undefined) throw functionNotFound(arn);
  return { functionName, tags: registry.settings(functionName).tags ?? {} };
}

async function keep({ registry }: LambdaHouse, functionName: string, tags: Record<string, string>): Promise<void> {
  await registry.saveSettings(functionName, { ...registry.settings(functionName), tags }, { isRevised: true });
}
