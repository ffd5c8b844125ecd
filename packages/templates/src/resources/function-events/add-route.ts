import { toArn } from "@tripline/kernel";
import { invalid } from "../../read/errors.ts";
import type { PlannedResource } from "../../template-plan.ts";
import { deterministicId } from "../deterministic-id.ts";
import { planServicePermission } from "../permission.ts";
import type { PlanContext } from "../resource-type.ts";
import type { Route } from "../route.ts";
import type { FunctionEvent } from "./event-type.ts";

/** What an event asks for. */
export interface RouteRequest extends Pick<Route, "method" | "path" | "payloadFormatVersion"> {
  /** The types of API that the event may belong to. */
  types: readonly string[];
  /** Logical id of the API that SAM makes where the event names none. */
  implicit: string;
  /** The property that names the API. */
  property: string;
  apiId: string | undefined;
  timeoutMs: number | undefined;
  settings?: Route["settings"];
  auth?: Route["auth"];
  request?: Route["request"];
}

/**
 * Adds a route to its API, and lets the API invoke the function for it; a route of an API that is not in the template is listed as
 * not simulated.
 */
export function addRouteTo(context: PlanContext, event: FunctionEvent, request: RouteRequest): PlannedResource[] {
  const { apiId, property, types, implicit, method, path, payloadFormatVersion, timeoutMs } = request;
  if (path !== "$default" && !path.startsWith("/")) {
    throw invalid(
      event.properties.entries.get("Path")?.place ?? event.place,
      `${event.path}.Path of ${context.definition.logicalId} must begin with /, and is "${path}".`,
      `Write "/${path}".`,
    );
  }
  const api = apiId === undefined ? implicit : context.findByRef(types, apiId);
  if (api === undefined) {
    context.skip(
      `${apiId} is no API of this template: use !Ref with its logical id.`,
      event.path,
      event.properties.entries.get(property)?.place ?? event.place,
    );
    return [];
  }
  context.addRoute(api, {
    functionLogicalId: context.definition.logicalId,
    functionArn: context.identity.arn ?? "",
    method,
    path,
    payloadFormatVersion,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(request.settings === undefined ? {} : { settings: request.settings }),
    ...(request.auth === undefined ? {} : { auth: request.auth }),
    ...(request.request === undefined ? {} : { request: request.request }),
    place: event.place,
  });
  const id = apiId ?? deterministicId(10, context.stackName, implicit); // as the API names itself
  return [
    planServicePermission(context, `${event.logicalId}Permission`, event.place.line, {
      Principal: "apigateway.amazonaws.com",
      SourceArn: toArn(context.scope, "execute-api", `${id}/*/${toMethodPattern(method, path)}`),
    }),
  ];
}

/** `GET/orders/*`: any stage, any value of a parameter. */
function toMethodPattern(method: string, path: string): string {
  if (path === "$default") return path;
  const withoutSlash = path.length > 1 ? path.replace(/\/$/, "") : path;
  return `${method === "ANY" ? "*" : method}${withoutSlash.replace(/\{[a-zA-Z0-9._+-]+\}/g, "*")}`;
}
