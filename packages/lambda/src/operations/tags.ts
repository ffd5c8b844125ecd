/** Tags of functions and event source mappings. https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html */
import type { MappingTags, Operation } from "@tripline/kernel";
import { functionNotFound, invalidParameter, notSimulated, resourceNotFound } from "../errors.ts";
import { parseFunctionReference } from "../function-reference.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { matching } from "../members/constraints.ts";
import { checkTags } from "../members/tags.ts";

interface ResourceInput {
  /** ARN of a function or an event source mapping. */
  Resource: string;
}

const arnPattern = String.raw`arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)`;

/** https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html */
export function tagResourceOperation(
  house: LambdaHouse,
  mappings: () => MappingTags,
): Operation<ResourceInput & { Tags: Record<string, string> }> {
  return {
    name: "TagResource",
    honoured: ["Resource", "Tags"],
    async run(input) {
      if (Object.keys(input.Tags).length === 0)
        throw invalidParameter("An error occurred and the request cannot be processed.");
      const { tags, keep } = requireTagged("TagResource", house, mappings(), input.Resource);
      const after = { ...tags, ...input.Tags };
      checkTags(after);
      await keep(after);
      return {};
    },
  };
}

/** Keys that are not there are ignored. https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html */
export function untagResourceOperation(
  house: LambdaHouse,
  mappings: () => MappingTags,
): Operation<ResourceInput & { TagKeys: string[] }> {
  return {
    name: "UntagResource",
    honoured: ["Resource", "TagKeys"],
    async run(input) {
      const { tags, keep } = requireTagged("UntagResource", house, mappings(), input.Resource);
      const gone = new Set(input.TagKeys);
      await keep(Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key))));
      return {};
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html */
export function listTagsOperation(house: LambdaHouse, mappings: () => MappingTags): Operation<ResourceInput> {
  return {
    name: "ListTags",
    honoured: ["Resource"],
    run: async (input) => ({ Tags: requireTagged("ListTags", house, mappings(), input.Resource).tags }),
  };
}

interface Tagged {
  tags: Readonly<Record<string, string>>;
  keep: (tags: Record<string, string>) => Promise<void>;
}

function requireTagged(operation: string, { registry }: LambdaHouse, mappings: MappingTags, arn: string): Tagged {
  matching("resource", arn, arnPattern);
  const [kind = "", id = ""] = arn.split(":").slice(5);
  if (kind === "event-source-mapping") {
    const tags = mappings.get(id);
    if (tags === undefined) throw resourceNotFound(`Event source mapping not found: ${arn}`);
    return { tags, keep: (after) => mappings.put(id, after) };
  }
  if (kind !== "function") {
    throw notSimulated(
      operation,
      "Resource",
      `only functions and event source mappings have tags, and ${arn} is neither`,
    );
  }
  const { functionName, qualifier } = parseFunctionReference(arn);
  if (qualifier !== undefined) {
    throw invalidParameter("Tags on function aliases and versions are not supported. Please specify a function ARN.");
  }
  if (registry.get(functionName) === undefined) throw functionNotFound(arn);
  return {
    tags: registry.settings(functionName).tags ?? {},
    keep: (tags) =>
      registry.saveSettings(functionName, { ...registry.settings(functionName), tags }, { isRevised: true }),
  };
}
