/** PutIntegration, GetIntegration, UpdateIntegration, DeleteIntegration. https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, enumConstraint, notSimulated, validationError } from "../../errors.ts";
import { type GatewayHouse, refuse } from "../../house.ts";
import { gatewayLimits } from "../../limits.ts";
import type {
  ContentHandling,
  IntegrationType,
  PassthroughBehavior,
  RestIntegration,
  RestMethod,
} from "../definition/rest-api.ts";
import { parseIntegrationArn } from "../../integration-arn.ts";
import { checkDeclared, checkExpression } from "../mapping/mapping-expression.ts";
import { applyPatch, mapEntry, type PatchOperation, setMember, toBoolean } from "../patch/patch-operations.ts";
import { integrationOf, methodMembers, methodOf, type MethodInput, saveMethod } from "./find.ts";
import { restOperation } from "./rest-operation.ts";

/** Input of PutIntegration. */
export interface PutIntegrationInput extends MethodInput {
  type: string;
  integrationHttpMethod?: string;
  uri?: string;
  connectionType?: string;
  credentials?: string;
  requestParameters?: Record<string, string>;
  requestTemplates?: Record<string, string>;
  passthroughBehavior?: string;
  contentHandling?: string;
  timeoutInMillis?: number;
  cacheNamespace?: string;
  cacheKeyParameters?: string[];
  tlsConfig?: { insecureSkipVerification?: boolean };
  responseTransferMode?: string;
}

const types = ["HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS"];
const verbs = ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/** The operations of integrations. */
export function integrationOperations(house: GatewayHouse): Operation[] {
  const save = async (input: MethodInput, integration: RestIntegration | undefined): Promise<void> => {
    const found = methodOf(house, input);
    const next = { ...found.method };
    setMember(next, "methodIntegration", integration);
    await saveMethod(house, found, input.httpMethod, next);
  };
  return [
    restOperation<PutIntegrationInput>(
      "PutIntegration",
      [
        ...methodMembers,
        "type",
        "integrationHttpMethod",
        "uri",
        "connectionType",
        "credentials",
        "requestParameters",
        "requestTemplates",
        "passthroughBehavior",
        "contentHandling",
        "timeoutInMillis",
        "cacheNamespace",
        "cacheKeyParameters",
        "tlsConfig.insecureSkipVerification",
        "responseTransferMode",
      ],
      async (input) => {
        const integration = toIntegration(() => methodOf(house, input).method, input);
        await save(input, integration);
        return integration;
      },
      refuse(["connectionId", "integrationTarget"], "private integrations are not simulated"),
    ),
    restOperation<MethodInput>(
      "GetIntegration",
      methodMembers,
      async (input) => integrationOf(house, input).integration,
    ),
    restOperation<MethodInput & { patchOperations?: PatchOperation[] }>(
      "UpdateIntegration",
      [...methodMembers, "patchOperations"],
      async (input) => {
        const { method, integration } = integrationOf(house, input);
        const next = patchIntegration(method, integration, input.patchOperations);
        await save(input, next);
        return next;
      },
    ),
    restOperation<MethodInput>("DeleteIntegration", methodMembers, async (input) => {
      integrationOf(house, input);
      await save(input, undefined);
      return {};
    }),
  ];
}

/** Checks and makes an integration, as PutIntegration and an import do. `methodFor` throws where there is no such method. */
export function toIntegration(
  methodFor: () => RestMethod,
  input: Omit<PutIntegrationInput, "restApiId" | "httpMethod">,
): RestIntegration {
  checkEnums(input);
  const method = methodFor();
  const type = input.type as IntegrationType;
  const integration: RestIntegration = {
    type,
    passthroughBehavior: (input.passthroughBehavior ?? "WHEN_NO_MATCH") as PassthroughBehavior,
    timeoutInMillis: input.timeoutInMillis ?? gatewayLimits.restIntegrationTimeoutMaxMs,
    cacheNamespace: input.cacheNamespace ?? input.resourceId,
    cacheKeyParameters: input.cacheKeyParameters ?? [],
  };
  if (type !== "MOCK") {
    setMember(integration, "httpMethod", input.integrationHttpMethod);
    setMember(integration, "uri", input.uri);
  }
  if (type === "HTTP" || type === "HTTP_PROXY") integration.connectionType = "INTERNET";
  setMember(integration, "credentials", input.credentials);
  setMember(integration, "requestParameters", input.requestParameters);
  setMember(
    integration,
    "requestTemplates",
    input.requestTemplates === undefined ? undefined : toTemplates(input.requestTemplates),
  );
  setMember(integration, "contentHandling", input.contentHandling as ContentHandling | undefined);
  setMember(integration, "tlsConfig", input.tlsConfig);
  return checkIntegration(method, integration);
}

/** AWS answers an empty template as null. */
export function toTemplates(templates: Readonly<Record<string, string | null>>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(templates).map(([type, text]) => [type, toTemplate(text)]));
}

/** See {@link toTemplates}. */
export function toTemplate(text: string | null | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}

function checkEnums({
  type,
  passthroughBehavior,
  contentHandling,
  connectionType,
  responseTransferMode,
}: Omit<PutIntegrationInput, "restApiId" | "httpMethod">): void {
  const faults: { value: unknown; at: string; constraint: string }[] = [];
  const among = (member: string, value: string | undefined, values: readonly string[]): void => {
    if (value !== undefined && !values.includes(value))
      faults.push({ value, at: `putIntegrationInput.${member}`, constraint: enumConstraint(values) });
  };
  among("type", type, types);
  among("contentHandling", contentHandling, ["CONVERT_TO_TEXT", "CONVERT_TO_BINARY"]);
  among("connectionType", connectionType, ["INTERNET", "VPC_LINK"]);
  if (faults.length > 0) throw validationError(faults);
  if (passthroughBehavior !== undefined && !/^(?:WHEN_NO_MATCH|WHEN_NO_TEMPLATES|NEVER)$/.test(passthroughBehavior))
    throw badRequest(
      "Invalid passthroughBehavior specified. Valid options are WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER",
    );
  if (connectionType === "VPC_LINK") throw notSimulated("private integrations (VPC_LINK)");
  if (responseTransferMode !== undefined && responseTransferMode !== "BUFFERED")
    throw notSimulated(`responseTransferMode ${responseTransferMode}: responses are buffered`);
}

function checkIntegration(method: RestMethod, integration: RestIntegration): RestIntegration {
  const { type, httpMethod = "", uri = "", timeoutInMillis: timeoutMs } = integration;
  if (type !== "MOCK") {
    if (httpMethod === "") throw badRequest("Enumeration value for HttpMethod must be non-empty");
    if (!verbs.includes(httpMethod))
      throw badRequest("Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY");
    checkUri(type, uri);
  }
  if (
    !Number.isInteger(timeoutMs) ||
    timeoutMs < gatewayLimits.integrationTimeoutMinMs ||
    timeoutMs > gatewayLimits.restIntegrationTimeoutMaxMs
  )
    throw badRequest("Timeout should be between 50 ms and 29000 ms");
  for (const [target, source] of Object.entries(integration.requestParameters ?? {})) {
    checkExpression("integrationRequest", target);
    checkExpression("requestSource", source);
    checkDeclared(source, method.requestParameters);
  }
  for (const parameter of integration.cacheKeyParameters) {
    checkExpression("cacheKey", parameter);
    checkDeclared(parameter, method.requestParameters);
  }
  return integration;
}

function checkUri(type: IntegrationType, uri: string): void {
  if (type === "HTTP" || type === "HTTP_PROXY") {
    if (!/^(?:https?:\/\/[^/]|\$\{stageVariables\.\w+\}|https?:\/\/\$\{)/.test(uri))
      throw badRequest("Invalid HTTP endpoint specified for URI");
    return;
  }
  if (!/^arn:[^:]+:/.test(uri) || uri.split(":").length < 6) throw badRequest("Invalid ARN specified in the request");
  const arn = parseIntegrationArn(uri);
  if (arn === undefined) throw badRequest("AWS ARN for integration must contain path or action");
  if (type === "AWS_PROXY") {
    if (arn.service === "firehose" && arn.kind === "action") throw notSimulated("Firehose");
    if (arn.functionArn === undefined)
      throw badRequest(
        "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
      );
  }
}

function patchIntegration(
  method: RestMethod,
  integration: RestIntegration,
  operations: PatchOperation[] | undefined,
): RestIntegration {
  const next = { ...integration };
  const notMock = (member: string): void => {
    if (next.type === "MOCK") throw badRequest(`Invalid patch path /${member}: MOCK integrations have none`);
  };
  const refuseLink = (): void => {
    throw notSimulated("private integrations (VPC_LINK)");
  };
  applyPatch("updateIntegrationInput", operations, [
    {
      path: "/httpMethod",
      ops: {
        replace: ({ value }) => {
          notMock("httpMethod");
          setMember(next, "httpMethod", value);
        },
      },
    },
    {
      path: "/uri",
      ops: {
        replace: ({ value }) => {
          notMock("uri");
          setMember(next, "uri", value);
        },
      },
    },
    {
      path: "/credentials",
      ops: {
        replace: ({ value }) => {
          setMember(next, "credentials", value === "" ? undefined : value);
        },
      },
    },
    {
      path: "/passthroughBehavior",
      ops: {
        replace: ({ value = "" }) => {
          checkEnums({ type: next.type, resourceId: "", passthroughBehavior: value });
          next.passthroughBehavior = value as PassthroughBehavior;
        },
      },
    },
    {
      path: "/contentHandling",
      ops: {
        replace: ({ value }) => {
          const handling = value === undefined || value === "" ? undefined : value;
          checkEnums({
            type: next.type,
            resourceId: "",
            ...(handling === undefined ? {} : { contentHandling: handling }),
          });
          setMember(next, "contentHandling", handling as ContentHandling | undefined);
        },
        remove: () => {
          delete next.contentHandling;
        },
      },
    },
    {
      path: "/timeoutInMillis",
      ops: {
        replace: ({ value }) => {
          next.timeoutInMillis = Number(value);
        },
      },
    },
    {
      path: "/connectionType",
      ops: {
        replace: ({ value }) => {
          if (value !== "INTERNET") refuseLink();
        },
      },
    },
    { path: "/connectionId", ops: { replace: refuseLink } },
    { path: "/integrationTarget", ops: { replace: refuseLink } },
    {
      path: "/responseTransferMode",
      ops: {
        replace: ({ value = "" }) => {
          checkEnums({ type: next.type, resourceId: "", responseTransferMode: value });
        },
      },
    },
    {
      path: "/cacheNamespace",
      ops: {
        replace: ({ value = "" }) => {
          next.cacheNamespace = value;
        },
      },
    },
    {
      path: "/cacheKeyParameters/{name}",
      ops: {
        add: (_one, [name = ""]) => {
          next.cacheKeyParameters = [...next.cacheKeyParameters.filter((one) => one !== name), name];
        },
        replace: ({ value = "" }, [name = ""]) => {
          next.cacheKeyParameters = next.cacheKeyParameters.map((one) => (one === name ? value : one));
        },
        remove: (_one, [name]) => {
          next.cacheKeyParameters = next.cacheKeyParameters.filter((one) => one !== name);
        },
      },
    },
    {
      path: "/tlsConfig/insecureSkipVerification",
      ops: {
        replace: ({ value }) => {
          next.tlsConfig = { insecureSkipVerification: toBoolean(value) };
        },
      },
    },
    mapEntry(next, "requestParameters", (value = "") => value),
    mapEntry(next, "requestTemplates", toTemplate),
  ]);
  return checkIntegration(method, next);
}
