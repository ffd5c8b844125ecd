/**
 * From resource definitions to planned resources in dependency order.
 *
 * T1. Functions are planned first, then what names them, then APIs, whose routes the functions gave; the order of the result is that
 *     of the dependencies alone.
 * T2. A resource depends on what its honoured properties refer to and on its DependsOn; an API on the functions that it calls; a
 *     bucket's notifications on the bucket, on every function that they call, and on all permissions. (AWS refuses a function with an S3 event that refers
 *     to its bucket elsewhere, and one that refers to the API that calls it; here both work.)
 * T3. Two resources cannot have the same name.
 */
import { parseArn, type Scope, suggest } from "@tripline/kernel";
import { dirname } from "node:path";
import { inDependencyOrder, type Ordered } from "./dependency-order.ts";
import type { NameBook } from "./names/names.ts";
import { invalid } from "./read/errors.ts";
import { toWhere, valueOf } from "./read/template-node.ts";
import type { Reports } from "./reports.ts";
import { type BucketNotification, planBucketNotifications } from "./resources/bucket-notifications.ts";
import { resourceTypes } from "./resources/index.ts";
import { permissionType } from "./resources/permission.ts";
import { reasons } from "./resources/reasons.ts";
import type { PlanContext, ResourceDefinition } from "./resources/resource-type.ts";
import type { Route } from "./resources/route.ts";
import { unsimulatedTypes } from "./resources/unsimulated.ts";
import type { PlannedResource } from "./template-plan.ts";

/** What {@link planResources} needs. */
export interface PlanResourcesOptions {
  file: string;
  scope: Scope;
  stackName: string;
  definitions: ReadonlyMap<string, ResourceDefinition>;
  book: NameBook;
  reports: Reports;
}

interface Group extends Ordered {
  dependencies: Set<string>;
  planned: PlannedResource[];
}

/** See the module's header. */
export function planResources(options: PlanResourcesOptions): PlannedResource[] {
  const { definitions, reports } = options;
  const groups = new Map<string, Group>();
  const skippedFunctions = new Set<string>();
  const routes = new Map<string, Route[]>();
  const notifications = new Map<string, BucketNotification[]>();

  for (const definition of definitions.values()) {
    const { logicalId, place, dependsOn } = definition;
    const dependencies = new Set(dependsOn.map((one) => one.logicalId));
    groups.set(logicalId, { id: logicalId, place, dependencies, planned: [] });
    reportAttributes(definition, reports);
    if (!resourceTypes.has(definition.type)) reportUnsimulated(definition, reports);
  }
  for (const pass of [0, 1, 2]) {
    for (const definition of definitions.values()) {
      const type = resourceTypes.get(definition.type);
      const group = groups.get(definition.logicalId);
      if (type === undefined || group === undefined || (type.pass ?? 1) !== pass) continue;
      const context = createContext(options, definition, group, { skippedFunctions, routes, notifications });
      group.planned = type.plan(context);
      if (pass === 0 && group.planned.length === 0) skippedFunctions.add(context.identity.physicalId);
      for (const route of pass === 2 ? context.routes() : []) group.dependencies.add(route.functionLogicalId); // T2
    }
  }
  const permissions = Array.from(definitions.values()).flatMap(({ logicalId, type }) =>
    type === permissionType ? logicalId : [],
  );
  const all = [...groups.values(), ...notificationGroups(options, notifications, permissions)];
  const resources = inDependencyOrder(all).flatMap((group) => group.planned);
  refuseSameNames(options.file, resources);
  return resources;
}

/** What is gathered over all resources. */
interface Gathered {
  skippedFunctions: Set<string>;
  routes: Map<string, Route[]>;
  notifications: Map<string, BucketNotification[]>;
}

function createContext(
  { file, scope, stackName, definitions, book, reports }: PlanResourcesOptions,
  definition: ResourceDefinition,
  group: Group,
  { skippedFunctions, routes, notifications }: Gathered,
): PlanContext {
  const { logicalId, type } = definition;
  return {
    scope,
    stackName,
    folder: dirname(file),
    definition,
    identity: book.identity(logicalId),
    read: {
      logicalId,
      type,
      resolver: book.resolver((name) => group.dependencies.add(name)),
      unsupported: (property, { line }, reason) => reports.unsupported({ logicalId, type, property, line, reason }),
      withoutLocalEffect: (property, reason) => reports.withoutLocalEffect({ logicalId, property, reason }),
    },
    skip: (reason, property, place = definition.place) =>
      reports.unsupported({
        logicalId,
        type,
        ...(property === undefined ? {} : { property }),
        line: place.line,
        reason,
      }),
    whyNotCallable(text) {
      const arn = parseArn(text);
      if (arn !== undefined && arn.service !== "lambda" && arn.service !== "sqs") return reasons.targets;
      const name = arn === undefined ? text : arn.resource.replace(/^function:/, "").split(":")[0];
      return name !== undefined && skippedFunctions.has(name) ? `The function ${name} is not simulated.` : undefined;
    },
    findByRef: (types, ref) =>
      Array.from(definitions.values()).find(
        (one) => types.includes(one.type) && book.identity(one.logicalId).ref === ref,
      )?.logicalId,
    addRoute(api, route) {
      const before = routes.get(api) ?? [];
      refuseSameRoute(before, route);
      routes.set(api, [...before, route]);
    },
    addNotification: (bucket, notification) =>
      void notifications.set(bucket, [...(notifications.get(bucket) ?? []), notification]),
    routes: () => routes.get(logicalId) ?? [],
  };
}

function notificationGroups(
  { definitions, book }: PlanResourcesOptions,
  notifications: Gathered["notifications"],
  permissions: readonly string[],
): Group[] {
  return Array.from(notifications).flatMap(([bucket, list]) => {
    const definition = definitions.get(bucket);
    if (definition === undefined) return [];
    const { physicalId } = book.identity(bucket);
    return {
      id: `notifications of ${bucket}`,
      place: definition.place,
      dependencies: new Set([bucket, ...permissions, ...list.flatMap((one) => one.functionLogicalId ?? [])]),
      planned: [planBucketNotifications(definition, physicalId, list)],
    };
  });
}

function refuseSameRoute(before: readonly Route[], route: Route): void {
  const same = before.find((one) => one.method === route.method && one.path === route.path);
  if (same === undefined) return;
  const name = route.path === "$default" ? "$default" : `${route.method} ${route.path}`;
  throw invalid(
    route.place,
    `The route ${name} is there twice: in ${same.functionLogicalId} (${toWhere(same.place)}) and in ${route.functionLogicalId}.`,
    "Give one of them another Method or Path.",
  );
}

function refuseSameNames(file: string, resources: readonly PlannedResource[]): void {
  const seen = new Map<string, PlannedResource>();
  for (const resource of resources) {
    const call = resource.calls[0];
    const { EventSourceArn: source, FunctionName: target } = call?.input ?? {};
    const isMapping = call?.operation === "CreateEventSourceMapping";
    const name = isMapping ? `${String(source)} to ${String(target)}` : (resource.arn ?? resource.physicalId);
    const key = `${call?.operation ?? ""} ${name}`;
    const other = seen.get(key);
    if (other === undefined) {
      seen.set(key, resource);
      continue;
    }
    const shown = isMapping ? name : `"${resource.physicalId}"`;
    throw invalid(
      { file, line: resource.line, path: `Resources.${resource.logicalId}` },
      `${other.logicalId} (line ${other.line}) and ${resource.logicalId} are both ${shown}.`,
      "Give one of them another name.",
    );
  }
}

function reportUnsimulated({ logicalId, type, place }: ResourceDefinition, reports: Reports): void {
  const withoutEffect = unsimulatedTypes[type]?.withoutLocalEffect;
  if (withoutEffect !== undefined) {
    reports.withoutLocalEffect({ logicalId, property: "Type", reason: `${type}: ${withoutEffect}` });
    return;
  }
  const known = [...resourceTypes.keys(), ...Object.keys(unsimulatedTypes)];
  const nearest = known.includes(type) || type.startsWith("Custom::") ? undefined : suggest(type, resourceTypes.keys());
  reports.unsupported({
    logicalId,
    type,
    line: place.line,
    reason:
      unsimulatedTypes[type]?.reason ??
      (nearest === undefined ? "Resources of this type are not simulated." : `Did you mean ${nearest}?`),
  });
}

function reportAttributes({ logicalId, type, attributes }: ResourceDefinition, reports: Reports): void {
  for (const name of ["CreationPolicy", "DeletionPolicy", "UpdatePolicy", "UpdateReplacePolicy"]) {
    if (!attributes.entries.has(name)) continue;
    reports.withoutLocalEffect({ logicalId, property: name, reason: "What leaves the template is deleted." });
  }
  if (attributes.entries.has("Connectors")) {
    reports.withoutLocalEffect({ logicalId, property: "Connectors", reason: reasons.iam });
  }
  const metadata = valueOf(attributes, "Metadata");
  const build = metadata?.kind === "map" ? metadata.entries.get("BuildMethod") : undefined;
  if (build === undefined) return;
  if (build.value.kind === "scalar" && build.value.text === "esbuild") {
    reports.withoutLocalEffect({
      logicalId,
      property: "Metadata.BuildMethod",
      reason: "TypeScript is bundled as it is.",
    });
    return;
  }
  reports.unsupported({
    logicalId,
    type,
    property: "Metadata.BuildMethod",
    line: build.place.line,
    reason: "Nothing is built: the code folder must run as it is.",
  });
}
