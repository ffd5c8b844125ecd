/** AWS::Serverless::Function. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html */
import { suggest } from "@tripline/kernel";
import { invalid } from "../read/errors.ts";
import { map, object, readProperties } from "../shapes/collections.ts";
import { choice, integer, raw, text } from "../shapes/scalars.ts";
import { each, optional, type Properties, required, unsupported, withoutEffect, withOthers } from "../shapes/shape.ts";
import type { PlannedResource } from "../template-plan.ts";
import { callableDestinations } from "./event-invoke-config.ts";
import { executionRoleSettings, planExecutionRole } from "./execution-role.ts";
import { eventTypes } from "./function-events/index.ts";
import { planPublishedAlias } from "./version.ts";
import {
  codeObject,
  type FunctionCode,
  functionSettings,
  identifyFunction,
  lambda,
  otherFunctionSettings,
  planFunction,
  toCodeAtPath,
  toCodeObject,
} from "./function-settings.ts";
import { functionUrlConfig, planImplicitUrl } from "./function-url.ts";
import {
  planProvisionedConcurrency,
  provisionedConcurrency,
  type ProvisionedConcurrencySettings,
} from "./provisioned-concurrency.ts";
import { reasons } from "./reasons.ts";
import { type PlanContext, placeOfProperty, type ResourceType } from "./resource-type.ts";

const noQueueMade = "No queue or topic is made for it: define one, and name it with Destination.";
const destination = object({
  Destination: optional(text("!GetAtt Done.Arn")),
  Type: optional(choice("SQS", "SNS", "Lambda", "EventBridge", "S3")),
});
const properties = withOthers(
  {
    ...functionSettings,
    CodeUri: optional(raw()),
    InlineCode: optional(text("exports.handler = async () => 'hello'")),
    DeadLetterQueue: optional(
      object({ Type: required(choice("SQS", "SNS")), TargetArn: required(text("!GetAtt Failed.Arn")) }),
    ),
    EventInvokeConfig: optional(
      object({
        MaximumRetryAttempts: optional(integer("2")),
        MaximumEventAgeInSeconds: optional(integer("3600")),
        DestinationConfig: optional(object({ OnSuccess: optional(destination), OnFailure: optional(destination) })),
      }),
    ),
    FunctionUrlConfig: optional(functionUrlConfig),
    ...executionRoleSettings,
    Tags: optional(map(text("a"))),
    AutoPublishAlias: optional(text("live")),
    ProvisionedConcurrencyConfig: optional(provisionedConcurrency),
    VersionDescription: optional(text()),
    Events: optional(map(object({ Type: required(text("HttpApi")), Properties: optional(raw()) }))),
  },
  {
    ...otherFunctionSettings,
    ImageUri: unsupported(reasons.image),
    ...each(
      ["DeploymentPreference", "AutoPublishCodeSha256", "VersionDeletionPolicy", "AutoPublishAliasAllProperties"],
      withoutEffect(reasons.deployment),
    ),
    SourceKMSKeyArn: withoutEffect(reasons.encryption),
    Tracing: withoutEffect(reasons.tracing),
    PropagateTags: withoutEffect(reasons.tags),
  },
);

/** `Ref` is the name. Each event becomes a resource of its own, called by function and event, or adds to an API or a bucket. */
export const serverlessFunction: ResourceType = {
  type: "AWS::Serverless::Function",
  properties,
  nested: Object.fromEntries(eventTypes.map((one) => [`Events, Type: ${one.type}`, one.properties])),
  pass: 0,
  identify: identifyFunction,
  plan(context) {
    const { definition } = context;
    const given = readProperties(definition.properties, properties, "", context.read);
    const {
      CodeUri: _codeUri,
      InlineCode,
      DeadLetterQueue,
      EventInvokeConfig,
      FunctionUrlConfig,
      Tags,
      AutoPublishAlias: alias,
      ProvisionedConcurrencyConfig: provisioned,
      VersionDescription,
      Events,
      Policies,
      AssumeRolePolicyDocument,
      PermissionsBoundary,
      RolePath,
      ...settings
    } = given;
    if (given.PackageType === "Image") {
      context.skip(reasons.image, "PackageType", placeOfProperty(definition, "PackageType"));
      return [];
    }
    const code = InlineCode === undefined ? toCode(context, given) : { InlineSource: InlineCode };
    const deadLetter = toDeadLetterArn(context, DeadLetterQueue);
    const roleSettings = {
      ...(Policies === undefined ? {} : { Policies }),
      ...(AssumeRolePolicyDocument === undefined ? {} : { AssumeRolePolicyDocument }),
      ...(PermissionsBoundary === undefined ? {} : { PermissionsBoundary }),
      ...(RolePath === undefined ? {} : { RolePath }),
    };
    const types = Object.values(Events ?? {}).map((event) => event.Type);
    const role = given.Role === undefined ? planExecutionRole(context, roleSettings, types) : undefined;
    const called = alias === undefined ? context : withAlias(context, alias);
    return [
      ...(role?.resources ?? []),
      ...planFunction(context, role === undefined ? settings : { ...settings, Role: role.arn }, code, {
        deadLetterTargetArn: deadLetter,
        tags: Tags,
      }),
      ...(alias === undefined ? [] : planPublishedAlias(context, alias, VersionDescription)),
      ...planProvisioned(context, alias, provisioned),
      ...(EventInvokeConfig === undefined ? [] : planInvokeConfig(context, EventInvokeConfig, alias)),
      ...(FunctionUrlConfig === undefined ? [] : planImplicitUrl(context, FunctionUrlConfig, alias)),
      ...Object.entries(Events ?? {}).flatMap(([name, event]) => planEvent(called, name, event)),
    ];
  },
};

/** As SAM: what is provisioned is the alias. */
function planProvisioned(
  context: PlanContext,
  alias: string | undefined,
  settings: ProvisionedConcurrencySettings | undefined,
): PlannedResource[] {
  const { definition, identity } = context;
  if (settings !== undefined && alias === undefined) {
    throw invalid(
      placeOfProperty(definition, "ProvisionedConcurrencyConfig"),
      `ProvisionedConcurrencyConfig of ${definition.logicalId} needs an alias.`,
      "Add AutoPublishAlias: live",
    );
  }
  return planProvisionedConcurrency(context, { FunctionName: identity.physicalId, Qualifier: alias ?? "" }, settings);
}

/** What events call where an alias is published: the alias. */
function withAlias(context: PlanContext, alias: string): PlanContext {
  const { physicalId, arn, ...identity } = context.identity;
  return { ...context, identity: { ...identity, physicalId: `${physicalId}:${alias}`, arn: `${arn ?? ""}:${alias}` } };
}

type Given = Properties<typeof properties>;

/** CodeUri; as in the SAM CLI, without one the template's own folder. */
function toCode(context: PlanContext, { CodeUri }: Given): FunctionCode {
  const place = placeOfProperty(context.definition, "CodeUri");
  if (CodeUri?.kind === "map") return toCodeObject(codeObject.read(CodeUri, "CodeUri", context.read));
  const path = CodeUri === undefined ? "." : text("src/").read(CodeUri, "CodeUri", context.read);
  return toCodeAtPath(context, path, "CodeUri", CodeUri === undefined ? context.definition.place : place);
}

function toDeadLetterArn(context: PlanContext, given: Given["DeadLetterQueue"]): string | undefined {
  if (given === undefined) return undefined;
  const reason = context.whyNotCallable(given.TargetArn);
  if (reason === undefined) return given.TargetArn;
  context.skip(reason, "DeadLetterQueue", placeOfProperty(context.definition, "DeadLetterQueue"));
  return undefined;
}

function planInvokeConfig(
  context: PlanContext,
  given: NonNullable<Given["EventInvokeConfig"]>,
  alias: string | undefined,
): PlannedResource[] {
  const { definition, identity } = context;
  const place = placeOfProperty(definition, "EventInvokeConfig");
  const named: Record<string, { Destination: string }> = {};
  for (const [name, one] of Object.entries(given.DestinationConfig ?? {})) {
    if (one.Destination !== undefined) named[name] = { Destination: one.Destination };
    else context.skip(noQueueMade, `EventInvokeConfig.DestinationConfig.${name}`, place);
  }
  const { DestinationConfig, ...members } = given;
  const target = {
    FunctionName: identity.physicalId,
    ...(alias === undefined ? {} : { Qualifier: alias }),
  };
  const destinations =
    DestinationConfig === undefined
      ? undefined
      : callableDestinations(context, named, "EventInvokeConfig.DestinationConfig");
  return [
    {
      logicalId: `${definition.logicalId}EventInvokeConfig`,
      type: "AWS::Lambda::EventInvokeConfig",
      line: place.line,
      physicalId: `${identity.physicalId}:${alias ?? "$LATEST"}`,
      calls: [
        lambda("PutFunctionEventInvokeConfig", {
          ...target,
          ...members,
          ...(destinations === undefined ? {} : { DestinationConfig: destinations }),
        }),
      ],
      removal: [lambda("DeleteFunctionEventInvokeConfig", target)],
    },
  ];
}

function planEvent(context: PlanContext, name: string, given: NonNullable<Given["Events"]>[string]): PlannedResource[] {
  const { definition } = context;
  const node = definition.properties.entries.get("Events")?.value;
  const place = (node?.kind === "map" ? node.entries.get(name)?.place : undefined) ?? definition.place;
  const path = `Events.${name}`;
  const eventType = eventTypes.find((one) => one.type === given.Type);
  if (eventType === undefined) {
    const names = eventTypes.map((one) => one.type);
    const nearest = knownEvents.includes(given.Type) ? undefined : suggest(given.Type, [...names, ...knownEvents]);
    const hint = nearest === undefined ? `Simulated are ${names.join(", ")}.` : `Did you mean ${nearest}?`;
    context.skip(`Events of type ${given.Type} are not simulated. ${hint}`, path, place);
    return [];
  }
  const inner = given.Properties;
  if (inner !== undefined && inner.kind !== "map") object({}).read(inner, `${path}.Properties`, context.read);
  return eventType.plan(
    {
      name,
      path,
      logicalId: `${definition.logicalId}${name}`,
      place,
      properties: inner?.kind === "map" ? inner : { kind: "map", entries: new Map(), place },
    },
    context,
  );
}

/** The other kinds of events that SAM has. */
const knownEvents: readonly string[] = [
  "AlexaSkill",
  "CloudWatchEvent",
  "CloudWatchLogs",
  "Cognito",
  "DocumentDB",
  "EventBridgeRule",
  "IoTRule",
  "MQ",
  "MSK",
  "SelfManagedKafka",
  "SNS",
];
