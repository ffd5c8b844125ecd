/** What a resource type is to the planner. */
import type { Scope } from "@tripline/kernel";
import type { MapNode, Place } from "../read/template-node.ts";
import type { PropertyTable, ReadContext } from "../shapes/shape.ts";
import type { PlannedResource } from "../template-plan.ts";
import type { BucketNotification } from "./bucket-notifications.ts";
import type { Route } from "./route.ts";

/** One entry of `Resources`, `Globals` merged in. */
export interface ResourceDefinition {
  logicalId: string;
  type: string;
  /** Of the logical id. */
  place: Place;
  /** Empty where the resource has none. */
  properties: MapNode;
  dependsOn: readonly { logicalId: string; place: Place }[];
  /** The attributes beside Type and Properties: Metadata, DeletionPolicy, … */
  attributes: MapNode;
}

/** What `Ref` and `Fn::GetAtt` give. */
export interface Identity {
  /** The name, or the id of an API. */
  physicalId: string;
  ref: string;
  arn?: string;
  attributes: Readonly<Record<string, string>>;
}

/** What naming needs. */
export interface IdentityContext {
  scope: Scope;
  stackName: string;
  logicalId: string;
  /** A property as text, functions resolved; `undefined` where it is not set. */
  property(name: string): string | undefined;
}

/** What planning needs. */
export interface PlanContext {
  readonly scope: Scope;
  readonly stackName: string;
  /** Relative paths of code start here. */
  readonly folder: string;
  readonly definition: ResourceDefinition;
  readonly identity: Identity;
  readonly read: ReadContext;
  /** The whole resource, or the property, cannot be simulated: it is listed, and nothing is planned for it. */
  skip(reason: string, property?: string, place?: Place): void;
  /** Why the resource behind an ARN or name of this template cannot be called; `undefined` where it can. */
  whyNotCallable(arn: string): string | undefined;
  /** The logical id of the template's resource of one of `types` with this `Ref` value. */
  findByRef(types: readonly string[], ref: string): string | undefined;
  addRoute(apiLogicalId: string, route: Route): void;
  addNotification(bucketLogicalId: string, notification: BucketNotification): void;
  /** What functions added for the API that is being planned. */
  routes(): readonly Route[];
}

/** A resource type that is simulated. */
export interface ResourceType {
  readonly type: string;
  readonly properties: PropertyTable;
  /** Tables of nested things, for the documentation: the events of a function. */
  readonly nested?: Readonly<Record<string, PropertyTable>>;
  /** 0 functions, 1 what names functions, 2 APIs: when {@link ResourceType.plan} is called. Default 1. */
  readonly pass?: 0 | 1 | 2;
  identify(context: IdentityContext): Identity;
  plan(context: PlanContext): PlannedResource[];
}

/** The resource itself, with its calls. */
export function planned(
  { definition, identity }: Pick<PlanContext, "definition" | "identity">,
  work: Pick<PlannedResource, "calls" | "removal" | "makes">,
): PlannedResource {
  return {
    logicalId: definition.logicalId,
    type: definition.type,
    line: definition.place.line,
    physicalId: identity.physicalId,
    ...(identity.arn === undefined ? {} : { arn: identity.arn }),
    ...work,
  };
}

/** The node of a property, for the place in a report. */
export function placeOfProperty(definition: ResourceDefinition, name: string): Place {
  return definition.properties.entries.get(name)?.place ?? definition.place;
}
