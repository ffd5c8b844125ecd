/**
 * What the names in a template stand for.
 *
 * N1. A resource's name is computed when it is first asked for; names that wait for each other are a cycle.
 * N2. Who refers to whom is noted, except for APIs: their ids are known beforehand, so a function may use the API that calls it.
 */
import type { Scope } from "@tripline/kernel";
import { type Conditions } from "../intrinsics/conditions.ts";
import { createResolver, type Names, type Resolver } from "../intrinsics/resolver.ts";
import { cycleError, unknownReference } from "../read/errors.ts";
import { listNode, type MapNode, type Place, type TemplateNode, textNode } from "../read/template-node.ts";
import { deterministicUuid } from "../resources/deterministic-id.ts";
import { identifyFunctionUrl } from "../resources/function-url.ts";
import { resourceTypes } from "../resources/index.ts";
import type { Identity, ResourceDefinition } from "../resources/resource-type.ts";
import { identifyUnsimulated } from "../resources/unsimulated.ts";
import { type KnownNames, unknownName } from "./check-references.ts";
import {
  identifyImplicit,
  identifyImplicitAlias,
  implicitNames,
  isImplicitAlias,
  isImplicitUrl,
} from "./implicit-resources.ts";

/** What {@link createNameBook} needs. */
export interface NameBookOptions {
  scope: Scope;
  stackName: string;
  parameters: ReadonlyMap<string, TemplateNode>;
  mappings: MapNode | undefined;
  known: KnownNames;
  /** Those whose condition holds. */
  definitions: ReadonlyMap<string, ResourceDefinition>;
  conditions: Conditions;
}

/** See the module's header. */
export interface NameBook {
  identity(logicalId: string): Identity;
  /** A resolver that tells `onReference` of every resource that a value depends on. */
  resolver(onReference?: (logicalId: string) => void): Resolver;
}

/** See the module's header. */
export function createNameBook(options: NameBookOptions): NameBook {
  const { definitions, scope, stackName } = options;
  const implicit = new Map<string, ResourceDefinition>();
  for (const definition of definitions.values()) {
    for (const name of implicitNames(definition)) if (!definitions.has(name)) implicit.set(name, definition);
  }
  const known = new Map<string, Identity>();
  const open: string[] = [];

  const identify = (definition: ResourceDefinition): Identity => {
    const { logicalId, type } = definition;
    const before = known.get(logicalId);
    if (before !== undefined) return before;
    if (open.includes(logicalId)) {
      throw cycleError(definition.place, [...open.slice(open.indexOf(logicalId)), logicalId]); // N1
    }
    open.push(logicalId);
    const resolver = createResolver(names(), options.conditions);
    const property = (name: string): string | undefined => {
      const node = definition.properties.entries.get(name)?.value;
      const value = node === undefined ? undefined : resolver.resolve(node);
      return value === undefined ? undefined : resolver.text(value, `${name} of ${logicalId}`);
    };
    const context = { scope, stackName, logicalId, property };
    const identity = resourceTypes.get(type)?.identify(context) ?? identifyUnsimulated(type, context);
    open.pop();
    known.set(logicalId, identity);
    return identity;
  };

  const aliasOf = ({ logicalId, properties }: ResourceDefinition): string => {
    const node = properties.entries.get("AutoPublishAlias")?.value;
    const resolver = createResolver(names(), options.conditions);
    const value = node === undefined ? undefined : resolver.resolve(node);
    return value === undefined ? "" : resolver.text(value, `AutoPublishAlias of ${logicalId}`);
  };

  const find = (name: string, place: Place, onReference?: (logicalId: string) => void): Identity => {
    const definition = definitions.get(name);
    if (definition !== undefined) {
      if (resourceTypes.get(definition.type)?.pass !== 2) onReference?.(name); // N2
      return identify(definition);
    }
    const owner = implicit.get(name);
    if (owner !== undefined && isImplicitUrl(name, owner)) {
      onReference?.(owner.logicalId);
      return identifyFunctionUrl(scope, identify(owner).physicalId, aliasOf(owner) || undefined);
    }
    if (owner !== undefined && isImplicitAlias(name, owner)) {
      onReference?.(owner.logicalId);
      return identifyImplicitAlias(name, owner, identify(owner), aliasOf(owner));
    }
    if (owner !== undefined) return identifyImplicit(name, owner, { accountId: scope.accountId, stackName });
    if (options.known.resources?.has(name) === true) {
      throw unknownReference(
        place,
        `"${name}" is not made, because its condition does not hold.`,
        name,
        [],
        "Put the reference into an Fn::If with the same condition.",
      );
    }
    throw unknownName(name, place, options.known);
  };

  const names = (onReference?: (logicalId: string) => void): Names => ({
    region: scope.region,
    ref(name, place) {
      const parameter = options.parameters.get(name);
      if (parameter !== undefined) return parameter;
      if (name.startsWith("AWS::")) return pseudo(name, place);
      return textNode(find(name, place, onReference).ref, place);
    },
    attribute(logicalId, attribute, place) {
      if (implicit.has(`${logicalId}.${attribute}`)) return find(`${logicalId}.${attribute}`, place, onReference).ref;
      const { attributes, physicalId } = find(logicalId, place, onReference);
      const value = attributes[attribute];
      if (value !== undefined) return value;
      const type = definitions.get(logicalId)?.type ?? "";
      if (!resourceTypes.has(type)) return `${physicalId}-${attribute.replaceAll(".", "-")}`;
      throw unknownReference(
        place,
        `${logicalId} (${type}) has no attribute "${attribute}".`,
        attribute,
        Object.keys(attributes),
        Object.keys(attributes).length === 0 ? "Use !Ref." : `It has: ${Object.keys(attributes).join(", ")}.`,
      );
    },
    mapping(map, first, second, place) {
      const found = options.mappings?.entries.get(map)?.value;
      if (found?.kind !== "map") {
        throw unknownReference(
          place,
          `"${map}" is no mapping of this template.`,
          map,
          options.mappings?.entries.keys() ?? [],
          "Define it under Mappings, or correct the name.",
        );
      }
      const inner = found.entries.get(first)?.value;
      return inner?.kind === "map" ? inner.entries.get(second)?.value : undefined;
    },
  });

  const pseudo = (name: string, place: Place): TemplateNode | undefined => {
    const text = (value: string): TemplateNode => textNode(value, place);
    switch (name) {
      case "AWS::AccountId":
        return text(scope.accountId);
      case "AWS::Region":
        return text(scope.region);
      case "AWS::Partition":
        return text("aws");
      case "AWS::URLSuffix":
        return text("amazonaws.com");
      case "AWS::StackName":
        return text(stackName);
      case "AWS::StackId":
        return text(
          `arn:aws:cloudformation:${scope.region}:${scope.accountId}:stack/${stackName}/${deterministicUuid(stackName)}`,
        );
      case "AWS::NotificationARNs":
        return listNode([], place);
      case "AWS::NoValue":
        return undefined;
      default:
        throw unknownName(name, place, options.known);
    }
  };

  return {
    identity(logicalId) {
      const definition = definitions.get(logicalId);
      return find(logicalId, definition?.place ?? { file: "", line: 0, path: logicalId });
    },
    resolver: (onReference) => createResolver(names(onReference), options.conditions),
  };
}
