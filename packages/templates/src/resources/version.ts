/**
 * AWS::Lambda::Version and AWS::Lambda::Alias; SAM's AutoPublishAlias makes one of each.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html
 *
 * Differs from CloudFormation on purpose: at each start a version is published again where the function has changed since, also where
 * the version's own properties have not.
 */
import { madeValue } from "../made-value.ts";
import { list, object, readProperties } from "../shapes/collections.ts";
import { text } from "../shapes/scalars.ts";
import { optional, type PropertyTable, required, unsupported, withoutEffect, withOthers } from "../shapes/shape.ts";
import type { PlannedResource } from "../template-plan.ts";
import { lambda } from "./function-settings.ts";
import { planProvisionedConcurrency, provisionedConcurrency } from "./provisioned-concurrency.ts";
import { reasons } from "./reasons.ts";
import { type PlanContext, placeOfProperty, planned, type ResourceType } from "./resource-type.ts";

const versionProperties = withOthers(
  {
    FunctionName: required(text("!Ref Import")),
    Description: optional(text()),
    CodeSha256: optional(text()),
  },
  {
    ProvisionedConcurrencyConfig: unsupported(
      "Provision an alias: a version is published anew as the function changes.",
    ),
    RuntimePolicy: withoutEffect("The machine's own runtime is all there is."),
    FunctionScalingConfig: unsupported(reasons.notYet),
  },
);

/** `Ref` is the version's ARN. */
export const version: ResourceType = {
  type: "AWS::Lambda::Version",
  properties: versionProperties,
  identify({ scope, logicalId, property }) {
    const name = toName(property("FunctionName") ?? logicalId);
    const number = madeValue(logicalId, "Version");
    const arn = `arn:aws:lambda:${scope.region}:${scope.accountId}:function:${name}:${number}`;
    return {
      physicalId: `${name}:${logicalId}`,
      ref: arn,
      arn,
      attributes: { Version: number, FunctionArn: arn },
    };
  },
  plan(context) {
    const { definition } = context;
    const given = readProperties(definition.properties, versionProperties, "", context.read);
    if (!isCallable(context, given.FunctionName)) return [];
    const FunctionName = toName(given.FunctionName);
    const Qualifier = madeValue(definition.logicalId, "Version");
    return [
      planned(context, {
        calls: [lambda("PublishVersion", { ...given, FunctionName })],
        removal: [lambda("DeleteFunction", { FunctionName, Qualifier })],
        makes: { [Qualifier]: "Version" },
      }),
    ];
  },
};

const aliasProperties = {
  FunctionName: required(text("!Ref Import")),
  FunctionVersion: required(text("!GetAtt ImportVersion.Version")),
  Name: required(text("live")),
  Description: optional(text()),
  RoutingConfig: optional(
    object({
      AdditionalVersionWeights: optional(
        list(object({ FunctionVersion: required(text("2")), FunctionWeight: required(text("0.1")) })),
      ),
    }),
  ),
  ProvisionedConcurrencyConfig: optional(provisionedConcurrency),
} satisfies PropertyTable;

/** `Ref` is the alias's ARN. */
export const alias: ResourceType = {
  type: "AWS::Lambda::Alias",
  properties: aliasProperties,
  identify({ scope, logicalId, property }) {
    const id = `${toName(property("FunctionName") ?? logicalId)}:${property("Name") ?? logicalId}`;
    const arn = `arn:aws:lambda:${scope.region}:${scope.accountId}:function:${id}`;
    return { physicalId: id, ref: arn, arn, attributes: { AliasArn: arn } };
  },
  plan(context) {
    const { RoutingConfig, ProvisionedConcurrencyConfig, ...given } = readProperties(
      context.definition.properties,
      aliasProperties,
      "",
      context.read,
    );
    if (!isCallable(context, given.FunctionName)) return [];
    const weights = RoutingConfig?.AdditionalVersionWeights ?? [];
    const input = {
      ...given,
      FunctionName: toName(given.FunctionName),
      ...(weights.length === 0
        ? {}
        : {
            RoutingConfig: {
              AdditionalVersionWeights: Object.fromEntries(
                weights.map((one) => [one.FunctionVersion, Number(one.FunctionWeight)]),
              ),
            },
          }),
    };
    const target = { FunctionName: input.FunctionName, Qualifier: given.Name };
    return [
      planned(context, planAlias(input)),
      ...planProvisionedConcurrency(context, target, ProvisionedConcurrencyConfig),
    ];
  },
};

/** What SAM makes of AutoPublishAlias: a version, which stays when it is left, and the alias that leads to it. */
export function planPublishedAlias(context: PlanContext, name: string, description?: string): PlannedResource[] {
  const { definition, identity, scope } = context;
  const line = placeOfProperty(definition, "AutoPublishAlias").line;
  const FunctionName = identity.physicalId;
  const number = madeValue(`${definition.logicalId}.Version`, "Version");
  const toArn = (qualifier: string): string =>
    `arn:aws:lambda:${scope.region}:${scope.accountId}:function:${FunctionName}:${qualifier}`;
  return [
    {
      logicalId: `${definition.logicalId}Version`,
      type: version.type,
      line,
      physicalId: `${FunctionName}:${definition.logicalId}Version`,
      arn: toArn(number),
      calls: [
        lambda("PublishVersion", { FunctionName, ...(description === undefined ? {} : { Description: description }) }),
      ],
      removal: [],
      makes: { [number]: "Version" },
    },
    {
      logicalId: `${definition.logicalId}Alias${name}`,
      type: alias.type,
      line,
      physicalId: `${FunctionName}:${name}`,
      arn: toArn(name),
      ...planAlias({ FunctionName, Name: name, FunctionVersion: number }),
    },
  ];
}

function planAlias(input: {
  FunctionName: string;
  Name: string;
  FunctionVersion: string;
}): Pick<PlannedResource, "calls" | "removal"> {
  const { FunctionName, Name } = input;
  return { calls: [lambda("CreateAlias", input)], removal: [lambda("DeleteAlias", { FunctionName, Name })] };
}

function isCallable(context: PlanContext, functionName: string): boolean {
  const reason = context.whyNotCallable(functionName);
  if (reason === undefined) return true;
  context.skip(reason, "FunctionName", placeOfProperty(context.definition, "FunctionName"));
  return false;
}

/** The name at the end of a function's ARN. */
function toName(functionName: string): string {
  return functionName.startsWith("arn:") ? (functionName.split(":")[6] ?? functionName) : functionName;
}
