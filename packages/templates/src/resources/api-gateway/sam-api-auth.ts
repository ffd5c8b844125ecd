/** `Auth` of AWS::Serverless::Api, and of the Api events of functions. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html */
import type { Scope } from "@tripline/kernel";
import { invalid } from "../../read/errors.ts";
import { list, map, object } from "../../shapes/collections.ts";
import { boolean, choice, integer, json, text } from "../../shapes/scalars.ts";
import { each, optional, type Shape, unsupported } from "../../shapes/shape.ts";
import type { PlannedCall } from "../../template-plan.ts";
import { iamScheme } from "../api-document.ts";
import { deterministicId } from "../deterministic-id.ts";
import { reasons } from "../reasons.ts";
import type { PlanContext } from "../resource-type.ts";
import { restCall } from "./rest-call.ts";
import { usagePlan, type UsagePlanSettings } from "./sam-usage-plan.ts";

const identity = object({
  Header: optional(text("Authorization")),
  Headers: optional(list(text("Authorization"))),
  QueryStrings: optional(list(text("token"))),
  StageVariables: optional(list(text("v"))),
  Context: optional(list(text("identity.sourceIp"))),
  ValidationExpression: optional(text("^Bearer .+$")),
  ReauthorizeEvery: optional(integer("300")),
});
const authorizer = object({
  UserPoolArn: optional(list(text("!GetAtt Pool.Arn"), { orSingle: true })),
  FunctionArn: optional(text("!GetAtt Guard.Arn")),
  FunctionPayloadType: optional(choice("TOKEN", "REQUEST")),
  Identity: optional(identity),
  AuthorizationScopes: optional(list(text("shop/read"))),
  FunctionInvokeRole: optional(text("!GetAtt Role.Arn")),
  DisableFunctionDefaultPermissions: optional(boolean()),
});

/** Of one authorizer. */
interface AuthorizerSettings {
  UserPoolArn?: string[];
  FunctionArn?: string;
  FunctionPayloadType?: "TOKEN" | "REQUEST";
  Identity?: {
    Header?: string;
    Headers?: string[];
    QueryStrings?: string[];
    StageVariables?: string[];
    Context?: string[];
    ValidationExpression?: string;
    ReauthorizeEvery?: number;
  };
  AuthorizationScopes?: string[];
  FunctionInvokeRole?: string;
  DisableFunctionDefaultPermissions?: boolean;
}

/** Of the API. */
export interface ApiAuth {
  Authorizers?: Record<string, AuthorizerSettings>;
  DefaultAuthorizer?: string;
  ApiKeyRequired?: boolean;
  AddDefaultAuthorizerToCorsPreflight?: boolean;
  AddApiKeyRequiredToCorsPreflight?: boolean;
  ResourcePolicy?: { CustomStatements?: unknown; IpRangeBlacklist?: string[]; IpRangeWhitelist?: string[] };
  UsagePlan?: UsagePlanSettings;
}

/** See {@link ApiAuth}. */
export const apiAuth: Shape<ApiAuth> = object({
  Authorizers: optional(map(authorizer)),
  DefaultAuthorizer: optional(text("Guard")),
  ApiKeyRequired: optional(boolean()),
  AddDefaultAuthorizerToCorsPreflight: optional(boolean()),
  AddApiKeyRequiredToCorsPreflight: optional(boolean()),
  ResourcePolicy: optional(
    object({
      CustomStatements: optional(json()),
      IpRangeBlacklist: optional(list(text("203.0.113.0/24"))),
      IpRangeWhitelist: optional(list(text("203.0.113.0/24"))),
      ...each(
        [
          "AwsAccountBlacklist",
          "AwsAccountWhitelist",
          "IntrinsicVpcBlacklist",
          "IntrinsicVpcWhitelist",
          "IntrinsicVpceBlacklist",
          "IntrinsicVpceWhitelist",
          "SourceVpcBlacklist",
          "SourceVpcWhitelist",
        ],
        unsupported(reasons.notYet),
      ),
    }),
  ),
  UsagePlan: optional(usagePlan),
  InvokeRole: unsupported(reasons.notYet),
});

/** What the resource policy says; none where there is nothing to say. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-resourcepolicystatement.html */
export function toResourcePolicy({ ResourcePolicy: given = {} }: ApiAuth = {}): object | undefined {
  const { CustomStatements: own = [], IpRangeBlacklist: refused, IpRangeWhitelist: admitted } = given;
  const every = { Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  const deny = (operator: string, ranges: string[] | undefined): object[] =>
    ranges === undefined ? [] : [{ ...every, Effect: "Deny", Condition: { [operator]: { "aws:SourceIp": ranges } } }];
  const denied = [...deny("IpAddress", refused), ...deny("NotIpAddress", admitted)];
  // Who is not in a list of the refused, or is in one of the admitted, is let in.
  const ranges = denied.length === 0 ? [] : [{ ...every, Effect: "Allow" }, ...denied];
  const statements = [...(Array.isArray(own) ? (own as unknown[]) : [own]), ...ranges];
  return statements.length === 0 ? undefined : { Version: "2012-10-17", Statement: statements };
}

/** Of an event. */
export interface EventAuth {
  Authorizer?: string;
  ApiKeyRequired?: boolean;
  AuthorizationScopes?: string[];
}

/** See {@link EventAuth}. */
export const eventAuth: Shape<EventAuth> = object({
  Authorizer: optional(text("Guard")),
  ApiKeyRequired: optional(boolean()),
  AuthorizationScopes: optional(list(text("shop/read"))),
  ...each(["InvokeRole", "OverrideApiAuth", "ResourcePolicy"], unsupported(reasons.notYet)),
});
/** Members of PutMethod that say who is let in. */
export interface MethodAuth {
  authorizationType: string;
  authorizerId?: string;
  authorizationScopes?: readonly string[];
  apiKeyRequired?: boolean;
}

/** The authorizers of an API, and who each of its methods lets in. */
export interface PlannedAuth {
  calls: PlannedCall[];
  /** Functions that authorize, by the authorizer's name. */
  functions: Readonly<Record<string, string>>;
  /** The authorizers as security schemes of a document. */
  schemes: Readonly<Record<string, object>>;
  /** What the default asks for in a document: its scheme, with scopes. */
  defaultRequirement: Record<string, readonly string[]> | undefined;
  methodAuth(given: EventAuth | undefined): MethodAuth;
  /** Of a preflight. */
  preflightAuth(): MethodAuth;
}

/** Plans `Auth` of the API `restApiId`. */
export function planAuth(context: PlanContext, restApiId: string, auth: ApiAuth = {}): PlannedAuth {
  const { definition, scope } = context;
  const authorizers = auth.Authorizers ?? {};
  const idOf = (name: string): string => deterministicId(6, restApiId, "authorizer", name);
  const functions: Record<string, string> = {};
  const calls = Object.entries(authorizers).map(([name, given]) => {
    // A role that calls needs no permission of the function.
    if (
      given.FunctionArn !== undefined &&
      roleOf(given) === undefined &&
      given.DisableFunctionDefaultPermissions !== true
    )
      functions[name] = given.FunctionArn;
    return restCall("CreateAuthorizer", { restApiId, authorizerId: idOf(name), name, ...toAuthorizer(scope, given) });
  });
  const toMethod = (
    name: string | undefined,
    scopes: readonly string[] | undefined,
    apiKeyRequired: boolean | undefined,
  ): MethodAuth => {
    const key = apiKeyRequired === true ? { apiKeyRequired } : {};
    if (name === undefined || name === "NONE") return { authorizationType: "NONE", ...key };
    if (name === "AWS_IAM") return { authorizationType: "AWS_IAM", ...key };
    const found = authorizers[name];
    if (found === undefined) {
      throw invalid(
        definition.place,
        `${definition.logicalId} has no authorizer ${name}.`,
        `Add ${name} to Auth.Authorizers.`,
      );
    }
    const wanted = scopes ?? found.AuthorizationScopes;
    return {
      authorizationType: found.UserPoolArn === undefined ? "CUSTOM" : "COGNITO_USER_POOLS",
      authorizerId: idOf(name),
      ...(wanted === undefined ? {} : { authorizationScopes: wanted }),
      ...key,
    };
  };
  const { DefaultAuthorizer } = auth;
  return {
    calls,
    functions,
    schemes: {
      ...(DefaultAuthorizer === "AWS_IAM" ? { AWS_IAM: iamScheme } : {}),
      ...Object.fromEntries(Object.entries(authorizers).map(([name, given]) => [name, toScheme(scope, given)])),
    },
    defaultRequirement:
      DefaultAuthorizer === undefined
        ? undefined
        : { [DefaultAuthorizer]: toMethod(DefaultAuthorizer, undefined, undefined).authorizationScopes ?? [] },
    methodAuth: (given) =>
      toMethod(
        given?.Authorizer ?? auth.DefaultAuthorizer,
        given?.AuthorizationScopes,
        given?.ApiKeyRequired ?? auth.ApiKeyRequired,
      ),
    // SAM guards preflights too, unless it is told not to.
    preflightAuth: () =>
      toMethod(
        auth.AddDefaultAuthorizerToCorsPreflight === false ? undefined : auth.DefaultAuthorizer,
        undefined,
        auth.AddApiKeyRequiredToCorsPreflight === false ? false : auth.ApiKeyRequired,
      ),
  };
}

function roleOf({ FunctionInvokeRole: role }: AuthorizerSettings): string | undefined {
  return role === "NONE" ? undefined : role;
}

function toAuthorizer(scope: Scope, given: AuthorizerSettings): Record<string, unknown> {
  const { Identity = {}, UserPoolArn, FunctionArn, FunctionPayloadType = "TOKEN" } = given;
  const header = `method.request.header.${Identity.Header ?? "Authorization"}`;
  const shared = {
    identityValidationExpression: Identity.ValidationExpression,
    authorizerResultTtlInSeconds: Identity.ReauthorizeEvery,
    authorizerCredentials: roleOf(given),
  };
  if (UserPoolArn !== undefined)
    return { type: "COGNITO_USER_POOLS", providerARNs: UserPoolArn, identitySource: header, ...shared };
  const sources = [
    ...(Identity.Headers ?? []).map((name) => `method.request.header.${name}`),
    ...(Identity.QueryStrings ?? []).map((name) => `method.request.querystring.${name}`),
    ...(Identity.StageVariables ?? []).map((name) => `stageVariables.${name}`),
    ...(Identity.Context ?? []).map((name) => `context.${name}`),
  ];
  return {
    type: FunctionPayloadType,
    authorizerUri: `arn:aws:apigateway:${scope.region}:lambda:path/2015-03-31/functions/${FunctionArn ?? ""}/invocations`,
    identitySource: FunctionPayloadType === "TOKEN" ? header : sources.join(", "),
    ...shared,
  };
}

/** The same as a security scheme of a document. */
function toScheme(scope: Scope, given: AuthorizerSettings): object {
  const { type, ...made } = toAuthorizer(scope, given);
  return {
    type: "apiKey",
    name: type === "REQUEST" ? "Unused" : (given.Identity?.Header ?? "Authorization"),
    in: "header",
    "x-amazon-apigateway-authtype": type === "COGNITO_USER_POOLS" ? "cognito_user_pools" : "custom",
    "x-amazon-apigateway-authorizer": { type: String(type).toLowerCase(), ...made },
  };
}
