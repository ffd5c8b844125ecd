/** The operations on aliases. https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html */
import type { Operation } from "@tripline/kernel";
import type { AliasDefinition } from "../alias.ts";
import {
  functionNotFound,
  invalidParameter,
  resourceConflict,
  resourceNotFound,
  validationException,
} from "../errors.ts";
import { requireFunction, requireRevision } from "../function-access.ts";
import { latestVersion } from "../function-definition.ts";
import { parseFunctionReference } from "../function-reference.ts";
import type { LambdaHouse } from "../lambda-house.ts";
import { limits } from "../limits.ts";
import { atMost, matching } from "../members/constraints.ts";
import { type PageInput, toPage } from "../page.ts";

interface AliasSettings {
  Description?: string;
  FunctionVersion?: string;
  RoutingConfig?: { AdditionalVersionWeights?: Record<string, number> };
}

interface AliasInput {
  FunctionName: string;
  Name: string;
}

/** With `upsert` updates an alias of the same name. https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html */
export function createAliasOperation(
  house: LambdaHouse,
): Operation<AliasInput & AliasSettings & { FunctionVersion: string }> {
  const { registry } = house;
  return {
    name: "CreateAlias",
    honoured: ["FunctionName", "Name", "FunctionVersion", "Description", "RoutingConfig"],
    async run(input, context) {
      matching("name", atMost("name", input.Name, 128), String.raw`(?!^[0-9]+$)([a-zA-Z0-9-_]+)`);
      const weights = toWeights(input.RoutingConfig);
      const { functionName } = parseFunctionReference(input.FunctionName);
      const target = requireTarget(house, functionName, input.FunctionVersion, weights);
      const before = registry.alias(functionName, input.Name);
      if (before !== undefined && context.upsert !== true) {
        throw resourceConflict(`Alias already exists: ${before.aliasArn}`);
      }
      const draft = { functionName, name: input.Name, description: toDescription(input.Description) ?? "", ...target };
      if (before !== undefined && isSame(before, draft)) return toAlias(before);
      return toAlias(await registry.saveAlias(draft));
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html */
export function updateAliasOperation(
  house: LambdaHouse,
): Operation<AliasInput & AliasSettings & { RevisionId?: string }> {
  const { registry } = house;
  return {
    name: "UpdateAlias",
    honoured: ["FunctionName", "Name", "FunctionVersion", "Description", "RoutingConfig", "RevisionId"],
    async run(input) {
      const given = input.RoutingConfig === undefined ? undefined : toWeights(input.RoutingConfig);
      const { functionName } = requireFunction(registry, input.FunctionName);
      const before = registry.alias(functionName, input.Name);
      if (before === undefined) {
        throw resourceNotFound(`Alias not found: ${registry.toArn(functionName)}:${input.Name}`);
      }
      requireRevision(input.RevisionId, before);
      const weights = given ?? before.additionalVersionWeights;
      const target = requireTarget(house, functionName, input.FunctionVersion ?? before.functionVersion, weights);
      const description = toDescription(input.Description) ?? before.description;
      return toAlias(await registry.saveAlias({ functionName, name: input.Name, description, ...target }));
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html */
export function getAliasOperation({ registry }: LambdaHouse): Operation<AliasInput> {
  return {
    name: "GetAlias",
    honoured: ["FunctionName", "Name"],
    async run(input) {
      const { functionName } = parseFunctionReference(input.FunctionName);
      const alias = registry.alias(functionName, input.Name);
      if (alias !== undefined) return toAlias(alias);
      throw resourceNotFound(`Cannot find alias arn: ${registry.toArn(functionName)}:${input.Name}`);
    },
  };
}

/** All, or those that lead to one version. https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html */
export function listAliasesOperation({
  registry,
}: LambdaHouse): Operation<PageInput & { FunctionName: string; FunctionVersion?: string }> {
  return {
    name: "ListAliases",
    honoured: ["FunctionName", "FunctionVersion", "Marker", "MaxItems"],
    async run(input) {
      const { functionName } = requireFunction(registry, input.FunctionName);
      const { FunctionVersion: version } = input;
      const all = registry
        .aliases(functionName)
        .filter(
          (one) =>
            version === undefined ||
            one.functionVersion === version ||
            Object.hasOwn(one.additionalVersionWeights, version),
        );
      const { page, next } = toPage(all, input, (one) => one.name, limits.pageMax);
      return { Aliases: page.map(toAlias), ...next };
    },
  };
}

/** An alias that is not there is as good as deleted. https://docs.aws.amazon.com/lambda/latest/api/API_DeleteAlias.html */
export function deleteAliasOperation({ registry }: LambdaHouse): Operation<AliasInput> {
  return {
    name: "DeleteAlias",
    honoured: ["FunctionName", "Name"],
    async run(input) {
      const { functionName } = requireFunction(registry, input.FunctionName);
      if (registry.alias(functionName, input.Name) !== undefined) await registry.deleteAlias(functionName, input.Name);
      return {};
    },
  };
}

function toAlias(alias: AliasDefinition): Record<string, unknown> {
  const weights = alias.additionalVersionWeights;
  return {
    AliasArn: alias.aliasArn,
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description,
    RevisionId: alias.revisionId,
    ...(Object.keys(weights).length === 0 ? {} : { RoutingConfig: { AdditionalVersionWeights: weights } }),
  };
}

function isSame(before: AliasDefinition, draft: Omit<AliasDefinition, "aliasArn" | "revisionId">): boolean {
  const { aliasArn: _arn, revisionId: _revision, ...kept } = before;
  const sorted = (value: object): string => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(kept) === sorted(draft);
}

function toDescription(text: string | undefined): string | undefined {
  return text === undefined ? undefined : atMost("description", text, limits.descriptionMax);
}

/** What the model and Lambda ask of the weights by themselves. */
function toWeights(routing: AliasSettings["RoutingConfig"]): Record<string, number> {
  const weights = routing?.AdditionalVersionWeights ?? {};
  const entries = Object.entries(weights);
  const shown = `{${entries.map(([version, weight]) => `${version}=${toJavaText(weight)}`).join(", ")}}`;
  const say = (constraint: string): Error =>
    validationException(
      `Value '${shown}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: ${constraint}`,
    );
  if (!entries.every(([, weight]) => weight >= 0 && weight <= 1)) {
    throw say(
      "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]",
    );
  }
  if (!entries.every(([version]) => /^[0-9]+$/.test(version))) {
    throw say(
      "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]",
    );
  }
  if (entries.length > 1) {
    throw invalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1");
  }
  return weights;
}

/** Numbers as AWS's text has them: `2.0`. */
function toJavaText(weight: number): string {
  return Number.isInteger(weight) ? weight.toFixed(1) : String(weight);
}

/** Both versions are there, differ, are published where there are two, and have one role and one dead-letter queue. */
function requireTarget(
  { registry }: LambdaHouse,
  functionName: string,
  functionVersion: string,
  weights: Readonly<Record<string, number>>,
): Pick<AliasDefinition, "functionVersion" | "additionalVersionWeights"> {
  const [second] = Object.keys(weights);
  if (second === functionVersion) {
    throw invalidParameter(
      `Invalid function version ${second}. Function version ${second} is already included in routing configuration.`,
    );
  }
  if (second !== undefined && functionVersion === latestVersion) {
    throw invalidParameter("$LATEST is not supported for an alias pointing to more than 1 version");
  }
  const find = (version: string) => {
    const found = version === latestVersion ? registry.get(functionName) : byNumber(version);
    if (found === undefined) throw functionNotFound(registry.toArn(functionName), version);
    return found;
  };
  const byNumber = (version: string) => registry.versions(functionName).find((one) => one.version === version);
  const first = find(functionVersion);
  if (second !== undefined) {
    const other = find(second);
    if (first.role !== other.role) {
      throw invalidParameter("Function versions in the routing configuration must have the same execution role.");
    }
    if (first.deadLetterTargetArn !== other.deadLetterTargetArn) {
      throw invalidParameter(
        "Function versions in the routing configuration must have the same dead-letter queue configuration.",
      );
    }
  }
  return { functionVersion, additionalVersionWeights: weights };
}
