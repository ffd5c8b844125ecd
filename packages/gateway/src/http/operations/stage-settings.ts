/** What a stage says of routes and of its access log. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html */
import type { AccessLogSettings } from "../../access-log.ts";
import { badRequest, notFound, notSimulated } from "../../errors.ts";
import type { GatewayHouse } from "../../house.ts";
import { gatewayLimits } from "../../limits.ts";
import type { HttpApi, RouteSettings } from "../http-api.ts";

/** Settings as they are sent. */
export interface RouteSettingsInput extends RouteSettings {
  DataTraceEnabled?: boolean;
  DetailedMetricsEnabled?: boolean;
  LoggingLevel?: string;
}

/** Throws for what HTTP APIs do not have, in AWS's words, and for metrics, which are not simulated. */
export function toRouteSettings(input: RouteSettingsInput): RouteSettings {
  const { DataTraceEnabled = false, LoggingLevel, DetailedMetricsEnabled = false, ...settings } = input;
  if (DataTraceEnabled || LoggingLevel !== undefined)
    throw badRequest("Execution logs are not supported on protocolType HTTP");
  if (DetailedMetricsEnabled) throw notSimulated("detailed CloudWatch metrics");
  for (const [name, value] of Object.entries(settings))
    if (typeof value === "number" && value < 0) throw badRequest(`Invalid ${name}: it must not be negative`);
  return settings;
}

/** Settings by route key; the routes must be there. */
export function toSettingsByRoute(
  api: HttpApi,
  input: Readonly<Record<string, RouteSettingsInput>>,
): Record<string, RouteSettings> {
  const keys = new Set(Object.values(api.routes).map((route) => route.routeKey));
  return Object.fromEntries(
    Object.entries(input).map(([key, settings]) => {
      if (!keys.has(key)) throw notFound(`Unable to find Route by key ${key} within the provided RouteSettings`);
      return [key, toRouteSettings(settings)];
    }),
  );
}

/** Throws for a destination that is no log group, a format that is too long, and where nothing keeps logs. */
export function toAccessLogSettings(
  { serving }: GatewayHouse,
  { DestinationArn, Format }: { DestinationArn?: string; Format?: string },
): AccessLogSettings {
  if (serving.logSink === undefined) throw notSimulated("access logs: nothing keeps them here");
  if (DestinationArn === "" || Format === "") throw badRequest("Access Log value must not be empty");
  if (DestinationArn !== undefined && !/^arn:[^:]+:logs:[^:]*:[^:]*:log-group:.+/.test(DestinationArn))
    throw notSimulated(`access logs to ${DestinationArn}: a log group's ARN is`);
  if (Format !== undefined && Buffer.byteLength(Format) > gatewayLimits.accessLogFormatBytesMax)
    throw badRequest("The access log format must not be longer than 3 KB");
  return {
    ...(DestinationArn === undefined ? {} : { destinationArn: DestinationArn.replace(/:\*$/, "") }),
    ...(Format === undefined ? {} : { format: Format }),
  };
}
