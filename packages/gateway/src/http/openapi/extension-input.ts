/**
 * What `x-amazon-apigateway-integration` and `x-amazon-apigateway-authorizer` say, as the members of CreateIntegration and CreateAuthorizer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
 */
import { badRequest } from "../../errors.ts";
import { isNode, node, type Node, strings, text } from "../../openapi/document-node.ts";

/** Texts: extension -> member. */
const integrationTexts: Readonly<Record<string, string>> = {
  uri: "IntegrationUri",
  credentials: "CredentialsArn",
  connectionId: "ConnectionId",
  integrationSubtype: "IntegrationSubtype",
  subtype: "IntegrationSubtype",
  description: "Description",
};
const read: ReadonlySet<string> = new Set([
  ...Object.keys(integrationTexts),
  "$ref",
  "type",
  "httpMethod",
  "connectionType",
  "payloadFormatVersion",
  "timeoutInMillis",
  "requestParameters",
  "responseParameters",
  "tlsConfig",
]);

/** Members of CreateIntegration. Throws BadRequestException for a format that there is not. */
export function toIntegrationInput(given: Node, ignored: (key: string) => void): Record<string, unknown> {
  for (const key of Object.keys(given)) if (!read.has(key)) ignored(key);
  const input: Record<string, unknown> = {
    IntegrationType: (text(given["type"]) ?? "").toUpperCase(),
    PayloadFormatVersion: text(given["payloadFormatVersion"]) ?? "1.0",
  };
  if (input["PayloadFormatVersion"] !== "1.0" && input["PayloadFormatVersion"] !== "2.0")
    throw badRequest(`Unsupported PayloadFormatVersion: ${String(input["PayloadFormatVersion"])}`);
  for (const [key, member] of Object.entries(integrationTexts)) {
    const value = text(given[key]);
    if (value !== undefined) input[member] = value;
  }
  const method = text(given["httpMethod"]);
  if (method !== undefined)
    input["IntegrationMethod"] = method.toUpperCase().replace("X-AMAZON-APIGATEWAY-ANY-METHOD", "ANY");
  const connection = text(given["connectionType"])?.toUpperCase() ?? "INTERNET";
  if (connection !== "INTERNET") input["ConnectionType"] = connection;
  if (given["timeoutInMillis"] !== undefined) input["TimeoutInMillis"] = Number(given["timeoutInMillis"]);
  if (isNode(given["requestParameters"])) input["RequestParameters"] = toTexts(given["requestParameters"]);
  if (isNode(given["responseParameters"]))
    input["ResponseParameters"] = Object.fromEntries(
      Object.entries(given["responseParameters"]).map(([status, mapping]) => [status, toTexts(node(mapping))]),
    );
  if (isNode(given["tlsConfig"]))
    input["TlsConfig"] = { ServerNameToVerify: text(given["tlsConfig"]["serverNameToVerify"]) };
  return input;
}

function toTexts(given: Node): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, text(value) ?? ""]));
}

/** Members of CreateAuthorizer; undefined for a scheme without an authorizer. The issuer may be that of the scheme's OpenID Connect URL. */
export function toAuthorizerInput(name: string, scheme: Node): Record<string, unknown> | undefined {
  const given = scheme["x-amazon-apigateway-authorizer"];
  if (!isNode(given)) return undefined;
  const type = (text(given["type"]) ?? "").toUpperCase();
  const sources =
    strings(given["identitySource"]).length > 0
      ? strings(given["identitySource"])
      : (text(given["identitySource"]) ?? "")
          .split(",")
          .map((one) => one.trim())
          .filter((one) => one !== "");
  const input: Record<string, unknown> = { Name: name, AuthorizerType: type };
  if (sources.length > 0) input["IdentitySource"] = sources;
  if (type === "JWT") {
    const { issuer, audience } = node(given["jwtConfiguration"]);
    const discovered = text(scheme["openIdConnectUrl"])?.replace(/\/\.well-known\/openid-configuration$/, "");
    input["JwtConfiguration"] = {
      Issuer: text(issuer) ?? discovered,
      Audience: typeof audience === "string" ? [audience] : strings(audience),
    };
    return input;
  }
  const texts = {
    authorizerUri: "AuthorizerUri",
    authorizerCredentials: "AuthorizerCredentialsArn",
    authorizerPayloadFormatVersion: "AuthorizerPayloadFormatVersion",
  };
  for (const [key, member] of Object.entries(texts)) {
    const value = text(given[key]);
    if (value !== undefined) input[member] = value;
  }
  const { authorizerResultTtlInSeconds: ttl, enableSimpleResponses: simple } = given;
  if (typeof ttl === "number") input["AuthorizerResultTtlInSeconds"] = ttl;
  if (typeof simple === "boolean") input["EnableSimpleResponses"] = simple;
  return input;
}
