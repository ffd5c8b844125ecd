/** `Cors` of AWS::Serverless::Api: an OPTIONS method on every path. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-corsconfiguration.html */
import type { TemplateNode } from "../../read/template-node.ts";
import { object } from "../../shapes/collections.ts";
import { boolean, text } from "../../shapes/scalars.ts";
import { optional, required, type Shape } from "../../shapes/shape.ts";
import type { PlannedCall } from "../../template-plan.ts";
import { restCall } from "./rest-call.ts";
import type { MethodAuth } from "./sam-api-auth.ts";

interface CorsConfiguration {
  AllowOrigin: string;
  AllowMethods?: string;
  AllowHeaders?: string;
  MaxAge?: string;
  AllowCredentials?: boolean;
}

const corsObject = object({
  AllowOrigin: required(text(`"'*'"`)),
  AllowMethods: optional(text(`"'GET,POST'"`)),
  AllowHeaders: optional(text(`"'Content-Type'"`)),
  MaxAge: optional(text(`"'600'"`)),
  AllowCredentials: optional(boolean()),
});

/** A text alone is the origin. Values have quotes of their own, as mappings have. */
export const apiCors: Shape<CorsConfiguration> = {
  noun: "a text or a map",
  example: `"'*'"`,
  properties: corsObject.properties ?? {},
  read: (node: TemplateNode, path, context) =>
    node.kind === "scalar" ? { AllowOrigin: text().read(node, path, context) } : corsObject.read(node, path, context),
};

const all = "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT";

/** The preflight of one resource, whose methods are `methods`. */
export function planPreflight(
  at: { restApiId: string; resourceId: string | undefined },
  cors: CorsConfiguration,
  methods: readonly string[],
  auth: MethodAuth,
): PlannedCall[] {
  const method = { ...at, httpMethod: "OPTIONS" };
  const allowed = methods.includes("ANY")
    ? all
    : [...new Set([...methods, "OPTIONS"])].sort((a, b) => (a < b ? -1 : 1)).join(",");
  const headers: [string, string][] = [
    ["Access-Control-Allow-Origin", cors.AllowOrigin],
    ["Access-Control-Allow-Methods", cors.AllowMethods ?? `'${allowed}'`],
    ...(cors.AllowHeaders === undefined
      ? []
      : [["Access-Control-Allow-Headers", cors.AllowHeaders] as [string, string]]),
    ...(cors.MaxAge === undefined ? [] : [["Access-Control-Max-Age", cors.MaxAge] as [string, string]]),
    ...(cors.AllowCredentials === true ? [["Access-Control-Allow-Credentials", "'true'"] as [string, string]] : []),
  ];
  const named = headers.map(([name, value]) => [`method.response.header.${name}`, value] as const);
  return [
    restCall("PutMethod", { ...method, ...auth }),
    restCall("PutMethodResponse", {
      ...method,
      statusCode: "200",
      responseParameters: Object.fromEntries(named.map(([name]) => [name, false])),
    }),
    restCall("PutIntegration", {
      ...method,
      type: "MOCK",
      requestTemplates: { "application/json": '{\n  "statusCode" : 200\n}\n' },
    }),
    restCall("PutIntegrationResponse", {
      ...method,
      statusCode: "200",
      responseParameters: Object.fromEntries(named),
      responseTemplates: { "application/json": "{}\n" },
    }),
  ];
}
