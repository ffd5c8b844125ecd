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
import { serviceSubtypes } from "../integrations/service-subtypes.ts";
import {
  checkParameterMapping,
  checkResponseParameters,
  mergeMapping,
  type ParameterMapping,
} from "../mapping/parameter-mapping.ts";
import { checkServiceParameters } from "./service-parameters.ts";

/** What CreateIntegration and UpdateIntegration say of it. */
export interface IntegrationMembers {
  IntegrationType?: string;
  IntegrationSubtype?: string;
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

/** `known`, with what the input says (T1). Throws BadRequestException, and NotImplemented for what is not simulated. */
export function toIntegration(input: IntegrationMembers, known?: HttpIntegration): HttpIntegration {
  const type = input.IntegrationType ?? known?.type;
  checkConnectionType(input.ConnectionType);
  if (type !== "AWS_PROXY" && type !== "HTTP_PROXY")
    throw badRequest(
      "Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)",
    );
  const subtype = toSubtype(type, input, known);
  const responseParameters =
    known === undefined ? input.ResponseParameters : mergeResponses(known.responseParameters, input.ResponseParameters);
  checkResponseParameters(responseParameters ?? {});
  const description = input.Description ?? known?.description;
  const credentialsArn = toCredentialsArn(input.CredentialsArn ?? known?.credentialsArn);
  if (subtype !== undefined && credentialsArn === undefined)
    throw badRequest("CredentialsArn must be specified for integrations with AWS services");
  const isOfFunction = type === "AWS_PROXY" && subtype === undefined;
  return {
    type,
    ...(subtype === undefined
      ? toTarget(type, input, known)
      : { subtype, requestParameters: toServiceParameters(subtype, input, known) }),
    payloadFormatVersion: toPayloadFormat(isOfFunction, input.PayloadFormatVersion ?? known?.payloadFormatVersion),
    timeoutMs: toTimeoutMs(input.TimeoutInMillis ?? known?.timeoutMs),
    ...(credentialsArn === undefined ? {} : { credentialsArn }),
    ...(responseParameters === undefined ? {} : { responseParameters }),
    ...(description === undefined ? {} : { description }),
    ...(known?.isManaged === true ? { isManaged: true } : {}),
  };
}

/** The function or the URL, and what is mapped to it. */
function toTarget(
  type: HttpIntegration["type"],
  input: IntegrationMembers,
  known: HttpIntegration | undefined,
): Pick<HttpIntegration, "uri" | "method" | "requestParameters"> {
  const method = toMethod(type, input.IntegrationMethod ?? (type === known?.type ? known.method : undefined));
  const requestParameters =
    known === undefined || known.subtype !== undefined
      ? input.RequestParameters
      : mergeMapping(known.requestParameters, input.RequestParameters);
  checkParameterMapping("request", requestParameters ?? {});
  const isMapped = Object.keys(requestParameters ?? {}).length > 0;
  return {
    uri: toUri(type, input.IntegrationUri ?? known?.uri),
    ...(method === undefined ? {} : { method }),
    ...(requestParameters === undefined || !isMapped ? {} : { requestParameters }),
  };
}

/** The operation of a service that is called; undefined for functions and URLs. A URI given later takes its place. */
function toSubtype(
  type: HttpIntegration["type"],
  { IntegrationSubtype: given, IntegrationUri }: IntegrationMembers,
  known: HttpIntegration | undefined,
): string | undefined {
  if (given !== undefined && type !== "AWS_PROXY")
    throw badRequest("IntegrationSubtype is for integrations of the type AWS_PROXY");
  if (given !== undefined && IntegrationUri !== undefined) throw badRequest("Invalid integration URI specified");
  const subtype = given ?? (type === "AWS_PROXY" && IntegrationUri === undefined ? known?.subtype : undefined);
  if (subtype === undefined) return undefined;
  const operation = serviceSubtypes[subtype];
  if (operation === undefined) throw badRequest(`Invalid integration subtype specified: ${subtype}`);
  if (operation.toCall === undefined) throw notSimulated(`the integration subtype ${subtype}`);
  return subtype;
}

/** Given parameters replace those that were there. As on AWS, an update that names the subtype must name them too. */
function toServiceParameters(
  subtype: string,
  { IntegrationSubtype, RequestParameters }: IntegrationMembers,
  known: HttpIntegration | undefined,
): ParameterMapping {
  const parameters =
    RequestParameters ?? (IntegrationSubtype === undefined ? known?.requestParameters : undefined) ?? {};
  checkServiceParameters(subtype, parameters);
  return parameters;
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

function toPayloadFormat(isOfFunction: boolean, format: string | undefined): "1.0" | "2.0" {
  if (format !== "1.0" && format !== "2.0") throw badRequest("PayloadFormatVersion must be either 1.0 or 2.0");
  if (format === "2.0" && !isOfFunction)
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
