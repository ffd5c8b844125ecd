/**
 * What SAM makes without being asked: an API for events that name none, a role for each function, stages of APIs. They can be
 * referred to as on AWS: `!Ref ServerlessRestApi`, `!GetAtt TakeOrderRole.Arn`, `!Ref ShopApi.Stage`.
 */
import { toIamId } from "@tripline/kernel";
import { madeValue } from "../made-value.ts";
import type { MapNode, Place, TemplateNode } from "../read/template-node.ts";
import { textNode, valueOf } from "../read/template-node.ts";
import type { Identity, ResourceDefinition } from "../resources/resource-type.ts";
import { usagePlanIds } from "../resources/api-gateway/sam-usage-plan.ts";
import { mergeGlobal } from "../sections/globals.ts";

const apis = [
  { event: "Api", reference: "RestApiId", logicalId: "ServerlessRestApi", type: "AWS::Serverless::Api", stage: "Prod" },
  {
    event: "HttpApi",
    reference: "ApiId",
    logicalId: "ServerlessHttpApi",
    type: "AWS::Serverless::HttpApi",
    stage: undefined,
  },
] as const;

/** The APIs that events ask for without naming one, in the place of the first such event. */
export function implicitApis(
  definitions: ReadonlyMap<string, ResourceDefinition>,
  globals: ReadonlyMap<string, MapNode>,
): ResourceDefinition[] {
  return apis.flatMap((api) => {
    if (definitions.has(api.logicalId)) return [];
    const place = firstEvent(definitions.values(), api.event, api.reference);
    if (place === undefined) return [];
    const stage = api.stage === undefined ? [] : [["StageName", { place, value: textNode(api.stage, place) }] as const];
    const own: MapNode = { kind: "map", entries: new Map(stage), place };
    const global = globals.get(api.type);
    return {
      logicalId: api.logicalId,
      type: api.type,
      place,
      properties: global === undefined ? own : mergeGlobal(global, own),
      dependsOn: [],
      attributes: { kind: "map", entries: new Map(), place },
    };
  });
}

function firstEvent(definitions: Iterable<ResourceDefinition>, type: string, reference: string): Place | undefined {
  for (const definition of definitions) {
    for (const [, event] of eventsOf(definition)) {
      if (textOf(valueOf(event.node, "Type")) !== type) continue;
      const properties = valueOf(event.node, "Properties");
      if (properties?.kind === "map" && properties.entries.has(reference)) continue;
      return event.place;
    }
  }
  return undefined;
}

function eventsOf({ type, properties }: ResourceDefinition): [string, { place: Place; node: MapNode }][] {
  const events = type === "AWS::Serverless::Function" ? valueOf(properties, "Events") : undefined;
  if (events?.kind !== "map") return [];
  return Array.from(events.entries).flatMap(([name, { place, value }]) =>
    value.kind === "map" ? [[name, { place, node: value }]] : [],
  );
}

function textOf(node: TemplateNode | undefined): string | undefined {
  return node?.kind === "scalar" ? node.text : undefined;
}

/** The names that come with `definition`, by what follows its logical id: `Role`, `.Stage`, `Prod` … */
export function implicitNames(definition: ResourceDefinition): string[] {
  const { logicalId, type, properties } = definition;
  switch (type) {
    case "AWS::Serverless::Function":
      return [
        `${logicalId}Role`,
        ...urlNames(definition),
        ...aliasNames(definition),
        ...eventsOf(definition).flatMap(([name]) => [`${logicalId}${name}`]),
      ];
    case "AWS::Serverless::Api": {
      const stage = textOf(valueOf(properties, "StageName")) ?? "Prod";
      return [
        `${logicalId}.Stage`,
        `${logicalId}${stage}Stage`,
        `${logicalId}.Deployment`,
        ...usagePlanNames(definition),
      ];
    }
    case "AWS::Serverless::HttpApi":
      return [`${logicalId}.Stage`, `${logicalId}ApiGatewayDefaultStage`];
    default:
      return [];
  }
}

function usagePlanNames({ logicalId, properties }: ResourceDefinition): string[] {
  const plan = mapOf(valueOf(mapOf(valueOf(properties, "Auth")), "UsagePlan"));
  if (textOf(valueOf(plan, "CreateUsagePlan")) !== "PER_API") return [];
  return ["UsagePlan", "ApiKey", "UsagePlanKey"].flatMap((one) => [`${logicalId}.${one}`, `${logicalId}${one}`]);
}

function mapOf(node: TemplateNode | undefined): MapNode | undefined {
  return node?.kind === "map" ? node : undefined;
}

function urlNames({ logicalId, properties }: ResourceDefinition): string[] {
  return properties.entries.has("FunctionUrlConfig") ? [`${logicalId}Url`] : [];
}

function aliasNames({ logicalId, properties }: ResourceDefinition): string[] {
  const alias = valueOf(properties, "AutoPublishAlias");
  if (alias === undefined) return [];
  const text = textOf(alias);
  return [`${logicalId}.Alias`, `${logicalId}.Version`, ...(text === undefined ? [] : [`${logicalId}Alias${text}`])];
}

/** Whether `name` is that of the version or the alias that is published with a function. */
export function isImplicitAlias(name: string, definition: ResourceDefinition): boolean {
  return aliasNames(definition).includes(name);
}

/** What `!Ref Import.Alias`, `!Ref Import.Version` and `!Ref ImportAliaslive` give. `alias`: the resolved name. */
export function identifyImplicitAlias(
  name: string,
  { logicalId }: ResourceDefinition,
  owner: Identity,
  alias: string,
): Identity {
  const number = madeValue(`${logicalId}.Version`, "Version");
  const qualifier = name === `${logicalId}.Version` ? number : alias;
  const arn = `${owner.arn ?? ""}:${qualifier}`;
  return { physicalId: `${owner.physicalId}:${qualifier}`, ref: arn, arn, attributes: { Version: number } };
}

/** Whether `name` is that of the URL that comes with a function. */
export function isImplicitUrl(name: string, definition: ResourceDefinition): boolean {
  return urlNames(definition).includes(name);
}

/** What `Ref` and `Fn::GetAtt` of such a name give. */
export function identifyImplicit(
  name: string,
  definition: ResourceDefinition,
  { accountId, stackName }: { accountId: string; stackName: string },
): Identity {
  const part = name.slice(definition.logicalId.length).replace(".", "");
  if (usagePlanNames(definition).includes(name)) {
    const { planId, keyId } = usagePlanIds(stackName, definition.logicalId);
    if (part === "UsagePlan") return { physicalId: planId, ref: planId, attributes: { Id: planId } };
    if (part === "ApiKey") return { physicalId: keyId, ref: keyId, attributes: { APIKeyId: keyId } };
    const id = `${keyId}:${planId}`;
    return { physicalId: id, ref: id, attributes: { Id: id } };
  }
  if (name.endsWith("Stage")) {
    const fallback = definition.type === "AWS::Serverless::HttpApi" ? "$default" : "Prod";
    const stage = textOf(valueOf(definition.properties, "StageName")) ?? fallback;
    return { physicalId: stage, ref: stage, attributes: {} };
  }
  const path = textOf(valueOf(definition.properties, "RolePath")) ?? "/";
  const arn = `arn:aws:iam::${accountId}:role${path}${name}`;
  return name === `${definition.logicalId}Role`
    ? { physicalId: name, ref: name, arn, attributes: { Arn: arn, RoleId: toIamId("AROA", arn) } }
    : { physicalId: name, ref: name, attributes: {} };
}
