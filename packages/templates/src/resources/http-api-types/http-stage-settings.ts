/** What stages of HTTP APIs have in templates, for AWS::ApiGatewayV2::Stage and AWS::Serverless::HttpApi. */
import { map, object } from "../../shapes/collections.ts";
import { boolean, choice, integer, number, text } from "../../shapes/scalars.ts";
import { optional, type OptionalTable, type Shape, withoutEffect } from "../../shapes/shape.ts";
import { reasons } from "../reasons.ts";

/** Of one route, or of all. */
export interface RouteSettings {
  ThrottlingBurstLimit?: number;
  ThrottlingRateLimit?: number;
  /** AWS refuses both for HTTP APIs. */
  DataTraceEnabled?: boolean;
  LoggingLevel?: "OFF" | "ERROR" | "INFO";
}

/** What is honoured of a stage. */
export interface HttpStageSettings {
  AccessLogSettings?: { DestinationArn?: string; Format?: string };
  DefaultRouteSettings?: RouteSettings;
  /** By route key. */
  RouteSettings?: Record<string, RouteSettings>;
  StageVariables?: Record<string, string>;
}

/** See {@link RouteSettings}. */
export const routeSettings: Shape<RouteSettings> = object({
  ThrottlingBurstLimit: optional(integer("100")),
  ThrottlingRateLimit: optional(number("50")),
  DataTraceEnabled: optional(boolean()),
  LoggingLevel: optional(choice("OFF", "ERROR", "INFO")),
  DetailedMetricsEnabled: withoutEffect(reasons.metrics),
});

/** Properties that all of them share. */
export const httpStageSettings: OptionalTable<Required<HttpStageSettings>> = {
  AccessLogSettings: optional(
    object({
      DestinationArn: optional(text("!GetAtt Logs.Arn")),
      Format: optional(text("$context.requestId")),
    }),
  ),
  DefaultRouteSettings: optional(routeSettings),
  RouteSettings: optional(map(routeSettings)),
  StageVariables: optional(map(text())),
};
