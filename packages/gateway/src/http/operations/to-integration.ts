/**
 * Integrations as they are asked for, checked. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid.html
 *
 * T1. An update keeps what it does not name. An empty value deletes a mapping, an empty map those of a status.
 * T2. AWS's texts where they are known: of the type, the URI, mappings. The others are ours.
 */
import { badRequest, notSimulated } from "../../errors.ts";
import { functionOfUri } from "../../integration-uri.ts";
import { gatewayLimits } from "../../limits.ts";
import type { HttpIntegration } from "../http-api.ts";
import {
  checkParameterMapping,
  checkResponseParameters,
  mergeMapping,
  type ParameterMapping,
} from "../mapping/parameter-mapping.ts";

/** What CreateIntegration and UpdateIntegration say of it. */
export interface IntegrationMembers {
  IntegrationType?: string;
  IntegrationUri?: string;
  IntegrationMethod?: string;
  ConnectionType?: string;
  CredentialsArn?: string;
  PayloadFormatVersion?: string;
  TimeoutInMillis?: number;
  Description?: string;
  RequestParameters?: ParameterMapping;
  ResponseParameters?: Readonly<Record<string, ParameterMapping>>;
}

const methods: ReadonlySet<string> = new Set(["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);

/** `known`, with what the input says (T1). Throws BadRequestException, and NotImplemented for private integrations. */
export function toIntegration(input: IntegrationMembers, known?: HttpIntegration): HttpIntegration {
  const type = input.IntegrationType ?? known?.type;
  checkConnectionType(input.ConnectionType);
  if (type !== "AWS_PROXY" && type !== "HTTP_PROXY")
    throw badRequest(
      "Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)",
    );
  const uri = toUri(type, input.IntegrationUri ?? known?.uri);
  const method = toMethod(type, input.IntegrationMethod ?? (type === known?.type ? known.method : undefined));
  const requestParameters =
    known === undefined ? input.RequestParameters : mergeMapping(known.requestParameters, input.RequestParameters);
  checkParameterMapping("request", requestParameters ?? {});
  const responseParameters =
    known === undefined ? input.ResponseParameters : mergeResponses(known.responseParameters, input.ResponseParameters);
  checkResponseParameters(responseParameters ?? {});
  const description = input.Description ?? known?.description;
  const credentialsArn = toCredentialsArn(input.CredentialsArn ?? known?.credentialsArn);
  return {
    type,
    uri,
    ...(method === undefined ? {} : { method }),
    payloadFormatVersion: toPayloadFormat(type, input.PayloadFormatVersion ?? known?.payloadFormatVersion),
    timeoutMs: toTimeoutMs(input.TimeoutInMillis ?? known?.timeoutMs),
    ...(credentialsArn === undefined ? {} : { credentialsArn }),
    ...(requestParameters === undefined ? {} : { requestParameters }),
    ...(responseParameters === undefined ? {} : { responseParameters }),
    ...(description === undefined ? {} : { description }),
    ...(known?.isManaged === true ? { isManaged: true } : {}),
  };
}

function checkConnectionType(type = "INTERNET"): void {
  if (type === "VPC_LINK") throw notSimulated("private integrations (ConnectionType VPC_LINK)");
  if (type !== "INTERNET") throw badRequest("Invalid connection type specified");
}

/** It is kept as it was given, and answered so. */
function toUri(type: HttpIntegration["type"], uri = ""): string {
  if (type === "HTTP_PROXY" && /^arn:[^:]+:(?:elasticloadbalancing|servicediscovery):/.test(uri))
    throw notSimulated("private integrations (load balancers and Cloud Map services)");
  const isValid = type === "HTTP_PROXY" ? /^https?:\/\/[^/?#\s]\S*$/i.test(uri) : functionOfUri(uri) !== undefined;
  if (!isValid) throw badRequest("Invalid integration URI specified");
  return uri;
}

/** A function is called by POST: other methods are refused where AWS takes and ignores them. */
function toMethod(type: HttpIntegration["type"], method: string | undefined): string | undefined {
  if (method !== undefined && !methods.has(method)) throw badRequest("Invalid HTTP method specified");
  if (type === "HTTP_PROXY") {
    if (method === undefined) throw badRequest("IntegrationMethod must be specified for HTTP_PROXY integrations");
    return method;
  }
  if ((method ?? "POST") !== "POST") throw badRequest("Lambda integrations are called by POST");
  return undefined;
}

function toPayloadFormat(type: HttpIntegration["type"], format: string | undefined): "1.0" | "2.0" {
  if (format !== "1.0" && format !== "2.0") throw badRequest("PayloadFormatVersion must be either 1.0 or 2.0");
  if (format === "2.0" && type === "HTTP_PROXY")
    throw badRequest("PayloadFormatVersion 2.0 is for Lambda integrations only: use 1.0");
  return format;
}

function toTimeoutMs(timeoutMs: number = gatewayLimits.httpIntegrationTimeoutMaxMs): number {
  if (
    !Number.isInteger(timeoutMs) ||
    timeoutMs < gatewayLimits.integrationTimeoutMinMs ||
    timeoutMs > gatewayLimits.httpIntegrationTimeoutMaxMs
  )
    throw badRequest("Timeout should be between 50 ms and 30000 ms");
  return timeoutMs;
}

function toCredentialsArn(arn: string | undefined): string | undefined {
  if (arn === undefined) return undefined;
  if (/^arn:[^:]+:iam::\*:user\/\*$/.test(arn)) throw notSimulated("calls in the caller's own name (CredentialsArn)");
  if (!/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(arn)) throw badRequest("Invalid credentials ARN specified");
  return arn;
}

function mergeResponses(
  known: HttpIntegration["responseParameters"] = {},
  given: HttpIntegration["responseParameters"] = {},
): HttpIntegration["responseParameters"] {
  const merged = Object.entries({ ...known, ...given }).flatMap(([status, mapping]) => {
    const isDeleted = Object.keys(mapping).length === 0;
    const next = isDeleted ? undefined : mergeMapping(known[status], mapping);
    return next === undefined ? [] : [[status, next] as const];
  });
  return merged.length === 0 ? undefined : Object.fromEntries(merged);
}
