import { invalid } from "../../read/errors.ts";
import { readProperties } from "../../shapes/collections.ts";
import { choice, integer, text } from "../../shapes/scalars.ts";
import { optional, type PropertyTable } from "../../shapes/shape.ts";
import { routeSettings } from "../http-api-types/http-stage-settings.ts";
import { httpEventAuth } from "../http-api-types/sam-http-auth.ts";
import { addRouteTo } from "./add-route.ts";
import type { EventType } from "./event-type.ts";
import { httpMethod } from "./http-method.ts";

const properties = {
  ApiId: optional(text("!Ref ShopApi")),
  Path: optional(text("/orders")),
  Method: optional(httpMethod),
  PayloadFormatVersion: optional(choice("2.0", "1.0")),
  TimeoutInMillis: optional(integer("30000")),
  Auth: optional(httpEventAuth),
  RouteSettings: optional(routeSettings),
} satisfies PropertyTable;

/** A route of an HTTP API; without Path and Method the `$default` route. Without ApiId it belongs to `ServerlessHttpApi`. */
export const httpApiEvent: EventType = {
  type: "HttpApi",
  properties,
  plan(event, context) {
    const given = readProperties(event.properties, properties, event.path, context.read);
    if ((given.Path === undefined) !== (given.Method === undefined)) {
      const missing = given.Path === undefined ? "Path" : "Method";
      throw invalid(
        event.properties.place,
        `${event.path} of ${context.definition.logicalId} has no ${missing}.`,
        "Give both Path and Method, or neither for the $default route.",
      );
    }
    return addRouteTo(context, event, {
      types: ["AWS::Serverless::HttpApi"],
      implicit: "ServerlessHttpApi",
      property: "ApiId",
      apiId: given.ApiId,
      method: given.Method ?? "ANY",
      path: given.Path ?? "$default",
      payloadFormatVersion: given.PayloadFormatVersion ?? "2.0",
      timeoutMs: given.TimeoutInMillis,
      auth: given.Auth,
      settings: given.RouteSettings,
    });
  },
};
