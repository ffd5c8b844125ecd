/**
 * REST APIs as they are defined, deployed and staged, under AWS's own names.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html
 *
 * D1. A live definition is edited part by part. A deployment holds a copy of all of it, which nothing edits.
 * D2. A stage points at a deployment. Its settings and variables are live: they are not part of the snapshot.
 */
import type { DocumentationPart, DocumentationVersion } from "./documentation.ts";

/** What CreateRestApi and UpdateRestApi set. Dates are epoch milliseconds here and in all that follows. */
export interface RestApiSettings {
  id: string;
  name: string;
  description?: string;
  version?: string;
  createdAtMs: number;
  rootResourceId: string;
  apiKeySource: "HEADER" | "AUTHORIZER";
  endpointType: "EDGE" | "REGIONAL" | "PRIVATE";
  ipAddressType: "ipv4" | "dualstack";
  binaryMediaTypes: readonly string[];
  /** Bytes; undefined: answers are not compressed. */
  minimumCompressionSize?: number;
  /** JSON text. */
  policy?: string;
  disableExecuteApiEndpoint: boolean;
  tags: Readonly<Record<string, string>>;
}

/** A node of the resource tree. */
export interface RestResource {
  id: string;
  parentId?: string;
  /** `orders`, `{id}`, `{proxy+}`; empty for the root. */
  pathPart: string;
  /** By verb, `ANY` for every one. */
  methods: Readonly<Record<string, RestMethod>>;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html */
export interface RestMethod {
  httpMethod: string;
  authorizationType: string;
  apiKeyRequired: boolean;
  authorizerId?: string;
  authorizationScopes?: readonly string[];
  requestValidatorId?: string;
  operationName?: string;
  requestParameters?: Readonly<Record<string, boolean>>;
  requestModels?: Readonly<Record<string, string>>;
  methodResponses?: Readonly<Record<string, MethodResponse>>;
  methodIntegration?: RestIntegration;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_MethodResponse.html */
export interface MethodResponse {
  statusCode: string;
  responseParameters?: Readonly<Record<string, boolean>>;
  responseModels?: Readonly<Record<string, string>>;
}

/** Kinds of integration. */
export type IntegrationType = "HTTP" | "HTTP_PROXY" | "AWS" | "AWS_PROXY" | "MOCK";
/** What becomes of a body that is binary, or is not. */
export type ContentHandling = "CONVERT_TO_TEXT" | "CONVERT_TO_BINARY";
/** What becomes of a body that no template is for. */
export type PassthroughBehavior = "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";

/** https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html */
export interface RestIntegration {
  type: IntegrationType;
  httpMethod?: string;
  uri?: string;
  connectionType?: "INTERNET";
  credentials?: string;
  requestParameters?: Readonly<Record<string, string>>;
  requestTemplates?: Readonly<Record<string, string | null>>;
  passthroughBehavior: PassthroughBehavior;
  contentHandling?: ContentHandling;
  timeoutInMillis: number;
  cacheNamespace: string;
  cacheKeyParameters: readonly string[];
  tlsConfig?: { insecureSkipVerification?: boolean };
  integrationResponses?: Readonly<Record<string, IntegrationResponse>>;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_IntegrationResponse.html */
export interface IntegrationResponse {
  statusCode: string;
  selectionPattern?: string;
  responseParameters?: Readonly<Record<string, string>>;
  responseTemplates?: Readonly<Record<string, string | null>>;
  contentHandling?: ContentHandling;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_Model.html */
export interface RestModel {
  id: string;
  name: string;
  description?: string;
  /** JSON text. */
  schema?: string;
  contentType: string;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_RequestValidator.html */
export interface RequestValidator {
  id: string;
  name: string;
  validateRequestBody: boolean;
  validateRequestParameters: boolean;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html */
export interface RestAuthorizer {
  id: string;
  name: string;
  type: "TOKEN" | "REQUEST" | "COGNITO_USER_POOLS";
  providerARNs?: readonly string[];
  authType?: string;
  authorizerUri?: string;
  authorizerCredentials?: string;
  identitySource?: string;
  identityValidationExpression?: string;
  authorizerResultTtlInSeconds?: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GatewayResponse.html */
export interface GatewayResponse {
  responseType: string;
  statusCode?: string;
  responseParameters: Readonly<Record<string, string>>;
  responseTemplates: Readonly<Record<string, string>>;
}

/** D1: what a deployment holds. */
export interface RestDefinition {
  settings: RestApiSettings;
  /** By id. */
  resources: Readonly<Record<string, RestResource>>;
  /** By name. */
  models: Readonly<Record<string, RestModel>>;
  /** By id. */
  validators: Readonly<Record<string, RequestValidator>>;
  /** By id. */
  authorizers: Readonly<Record<string, RestAuthorizer>>;
  /** By type. */
  gatewayResponses: Readonly<Record<string, GatewayResponse>>;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_Deployment.html */
export interface RestDeployment {
  id: string;
  description?: string;
  createdAtMs: number;
  definition: RestDefinition;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html */
export interface MethodSetting {
  metricsEnabled: boolean;
  loggingLevel?: string;
  dataTraceEnabled: boolean;
  throttlingBurstLimit: number;
  throttlingRateLimit: number;
  cachingEnabled: boolean;
  cacheTtlInSeconds: number;
  cacheDataEncrypted: boolean;
  requireAuthorizationForCacheControl: boolean;
  unauthorizedCacheControlHeaderStrategy: string;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CanarySettings.html */
export interface CanarySettings {
  percentTraffic: number;
  deploymentId: string;
  stageVariableOverrides?: Readonly<Record<string, string>>;
  useStageCache: boolean;
}

/** D2. https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html */
export interface RestStage {
  stageName: string;
  deploymentId: string;
  description?: string;
  cacheClusterEnabled: boolean;
  cacheClusterSize?: string;
  /** `*` + `/*` or `{path with ~1}/{verb}`. */
  methodSettings: Readonly<Record<string, MethodSetting>>;
  variables?: Readonly<Record<string, string>>;
  accessLogSettings?: { format?: string; destinationArn?: string };
  canarySettings?: CanarySettings;
  tracingEnabled: boolean;
  documentationVersion?: string;
  tags: Readonly<Record<string, string>>;
  createdAtMs: number;
  lastUpdatedAtMs: number;
}

/** A REST API with everything that belongs to it. */
export interface RestApi {
  settings: RestApiSettings;
  resources: Map<string, RestResource>;
  models: Map<string, RestModel>;
  validators: Map<string, RequestValidator>;
  authorizers: Map<string, RestAuthorizer>;
  gatewayResponses: Map<string, GatewayResponse>;
  documentationParts: Map<string, DocumentationPart>;
  documentationVersions: Map<string, DocumentationVersion>;
  deployments: Map<string, RestDeployment>;
  stages: Map<string, RestStage>;
}

/** D1: the definition as it is now. Parts are never edited in place, so that this copies no more than the maps. */
export function toDefinition(api: RestApi): RestDefinition {
  return {
    settings: api.settings,
    resources: Object.fromEntries(api.resources),
    models: Object.fromEntries(api.models),
    validators: Object.fromEntries(api.validators),
    authorizers: Object.fromEntries(api.authorizers),
    gatewayResponses: Object.fromEntries(api.gatewayResponses),
  };
}

/** `/orders/{id}`. */
export function pathOfResource(find: (id: string) => RestResource | undefined, id: string): string {
  const parts: string[] = [];
  let at = find(id);
  while (at?.parentId !== undefined) {
    parts.unshift(at.pathPart);
    at = find(at.parentId);
  }
  return `/${parts.join("/")}`;
}

/** What a method setting is where nothing was set. */
export const methodSettingDefaults: MethodSetting = {
  metricsEnabled: false,
  dataTraceEnabled: false,
  throttlingBurstLimit: 5000,
  throttlingRateLimit: 10_000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
};
