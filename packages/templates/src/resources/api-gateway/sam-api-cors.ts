/** `Cors` of AWS::Serverless::Api: an OPTIONS method on every path, of events or of the document. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-corsconfiguration.html */
import type { TemplateNode } from "../../read/template-node.ts";
import { object } from "../../shapes/collections.ts";
import { boolean, text } from "../../shapes/scalars.ts";
import { optional, required, type Shape } from "../../shapes/shape.ts";
import type { PlannedCall } from "../../template-plan.ts";
import { anyMethod, type DocumentMap, integrationKey, isMap, mapAt } from "../api-document.ts";
import { restCall } from "./rest-call.ts";
import type { MethodAuth } from "./sam-api-auth.ts";

/** See {@link apiCors}. */
export interface CorsConfiguration {
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
  const parameters = toParameters(cors, methods);
  return [
    restCall("PutMethod", { ...method, ...auth }),
    restCall("PutMethodResponse", {
      ...method,
      statusCode: "200",
      responseParameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, false])),
    }),
    restCall("PutIntegration", { ...method, type: "MOCK", requestTemplates }),
    restCall("PutIntegrationResponse", {
      ...method,
      statusCode: "200",
      responseParameters: parameters,
      responseTemplates,
    }),
  ];
}

/** The same as OPTIONS of every path of a document that has none. The document is changed. */
export function writePreflights(document: DocumentMap, cors: CorsConfiguration): void {
  const isOpenApi3 = document["swagger"] === undefined;
  for (const path of Object.values(mapAt(document, "paths")).filter(isMap)) {
    if (path["options"] !== undefined) continue;
    const methods = Object.keys(path).flatMap((key) =>
      key === anyMethod ? ["ANY"] : all.split(",").includes(key.toUpperCase()) ? [key.toUpperCase()] : [],
    );
    const responseParameters = toParameters(cors, methods);
    const header = isOpenApi3 ? { schema: { type: "string" } } : { type: "string" };
    const headers = Object.keys(responseParameters).map((name) => [name.slice(headerPrefix.length), header]);
    path["options"] = {
      [integrationKey]: {
        type: "mock",
        requestTemplates,
        responses: { default: { statusCode: "200", responseParameters, responseTemplates } },
      },
      responses: {
        200: { description: "Default response for CORS method", headers: Object.fromEntries(headers) as object },
      },
    };
  }
}

const headerPrefix = "method.response.header.";
const requestTemplates = { "application/json": '{\n  "statusCode" : 200\n}\n' };
const responseTemplates = { "application/json": "{}\n" };

function toParameters(cors: CorsConfiguration, methods: readonly string[]): Record<string, string> {
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
  return Object.fromEntries(headers.map(([name, value]) => [`${headerPrefix}${name}`, value]));
}
