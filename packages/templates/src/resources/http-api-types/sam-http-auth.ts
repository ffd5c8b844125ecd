/**
 * `Auth` of AWS::Serverless::HttpApi, and of the HttpApi events of functions.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-httpapi-httpapiauth.html
 *
 * 1. An event's authorizer outranks the API's default; `NONE` lets everyone in where there is a default.
 * 2. An event's scopes outrank those of its authorizer.
 * 3. API Gateway is let in to a Lambda authorizer only with EnableFunctionDefaultPermissions, or calls it by FunctionInvokeRole: SAM's own default
 *    is neither.
 */
import type { Scope } from "@tripline/kernel";
import { invalid } from "../../read/errors.ts";
import { list, map, object } from "../../shapes/collections.ts";
import { boolean, choice, integer, text } from "../../shapes/scalars.ts";
import { optional, type Shape, unsupported } from "../../shapes/shape.ts";
import type { PlannedCall, PlannedResource } from "../../template-plan.ts";
import { iamScheme } from "../api-document.ts";
import { deterministicId } from "../deterministic-id.ts";
import { planImplicitPermission } from "../permission.ts";
import { reasons } from "../reasons.ts";
import type { PlanContext } from "../resource-type.ts";
import type { Route } from "../route.ts";
import { httpCall } from "./http-call.ts";

const identity = object({
  Headers: optional(list(text("Authorization"))),
  QueryStrings: optional(list(text("token"))),
  StageVariables: optional(list(text("v"))),
  Context: optional(list(text("routeKey"))),
  ReauthorizeEvery: optional(integer("300")),
});
const audience = list(text("shop"), { orSingle: true });
const authorizer = object({
  AuthorizationScopes: optional(list(text("shop/read"))),
  IdentitySource: optional(text("$request.header.Authorization")),
  // SAM takes the names in any case.
  JwtConfiguration: optional(
    object({
      issuer: optional(text("https://issuer.example")),
      audience: optional(audience),
      Issuer: optional(text("https://issuer.example")),
      Audience: optional(audience),
    }),
  ),
  FunctionArn: optional(text("!GetAtt Guard.Arn")),
  FunctionInvokeRole: optional(text("!GetAtt Role.Arn")),
  Identity: optional(identity),
  AuthorizerPayloadFormatVersion: optional(choice("2.0", "1.0")),
  EnableSimpleResponses: optional(boolean()),
  EnableFunctionDefaultPermissions: optional(boolean()),
});

/** Of one authorizer. */
interface Authorizer {
  AuthorizationScopes?: string[];
  IdentitySource?: string;
  JwtConfiguration?: { issuer?: string; audience?: string[]; Issuer?: string; Audience?: string[] };
  FunctionArn?: string;
  FunctionInvokeRole?: string;
  Identity?: {
    Headers?: string[];
    QueryStrings?: string[];
    StageVariables?: string[];
    Context?: string[];
    ReauthorizeEvery?: number;
  };
  AuthorizerPayloadFormatVersion?: "1.0" | "2.0";
  EnableSimpleResponses?: boolean;
  EnableFunctionDefaultPermissions?: boolean;
}

/** Of the API. */
export interface HttpAuth {
  Authorizers?: Record<string, Authorizer>;
  DefaultAuthorizer?: string;
}

/** See {@link HttpAuth}. */
export const httpAuth: Shape<HttpAuth> = object({
  Authorizers: optional(map(authorizer)),
  DefaultAuthorizer: optional(text("Guard")),
  EnableIamAuthorizer: unsupported(reasons.iamAuthorizer),
});

/** Of an event. */
export interface HttpEventAuth {
  Authorizer?: string;
  AuthorizationScopes?: string[];
}

/** See {@link HttpEventAuth}. */
export const httpEventAuth: Shape<HttpEventAuth> = object({
  Authorizer: optional(text("Guard")),
  AuthorizationScopes: optional(list(text("shop/read"))),
});

/** Members of CreateRoute that say who is let in. */
export interface RouteAuth {
  AuthorizationType?: "JWT" | "CUSTOM" | "AWS_IAM";
  AuthorizerId?: string;
  AuthorizationScopes?: readonly string[];
}

/** Who decides, and about which scopes. */
export interface Guard {
  /** Of the authorizer; `AWS_IAM`. */
  name: string;
  scopes?: readonly string[];
}

/** The authorizers of an API, and whom each of its routes lets in. */
export interface PlannedHttpAuth {
  calls: PlannedCall[];
  permissions: PlannedResource[];
  /** The authorizers as security schemes of a document. */
  schemes: Readonly<Record<string, object>>;
  defaultGuard: Guard | undefined;
  /** Throws `SIM_TEMPLATE_INVALID` for an authorizer that there is not. */
  guardOf(route: Pick<Route, "auth" | "place">): Guard | undefined;
  routeAuth(route: Pick<Route, "auth" | "place">): RouteAuth;
}

/** Plans `Auth` of the API `ApiId`. */
export function planHttpAuth(context: PlanContext, ApiId: string, auth: HttpAuth = {}): PlannedHttpAuth {
  const { definition, scope } = context;
  const { Authorizers: authorizers = {}, DefaultAuthorizer } = auth;
  const refuse = (what: string, next: string, place = definition.place): Error =>
    invalid(place, `${definition.logicalId}: ${what}`, next);
  const idOf = (name: string): string => deterministicId(6, ApiId, "authorizer", name);
  for (const [name, given] of Object.entries(authorizers)) check(name, given, refuse);
  if (DefaultAuthorizer !== undefined && DefaultAuthorizer !== iam && authorizers[DefaultAuthorizer] === undefined)
    throw refuse(`there is no authorizer ${DefaultAuthorizer}.`, `Add ${DefaultAuthorizer} to Auth.Authorizers.`);
  const guardOf: PlannedHttpAuth["guardOf"] = ({ auth: given = {}, place }) => {
    const name = given.Authorizer ?? DefaultAuthorizer; // 1
    if (name === "NONE" && DefaultAuthorizer === undefined)
      throw refuse(
        "the authorizer NONE of an event is only valid where the API has a DefaultAuthorizer.",
        "Leave Auth out: everyone is let in.",
        place,
      );
    if (name === undefined || name === "NONE") return undefined;
    if (name === iam) return { name };
    const found = authorizers[name];
    if (found === undefined) throw refuse(`there is no authorizer ${name}.`, `Add ${name} to Auth.Authorizers.`, place);
    const scopes = given.AuthorizationScopes ?? found.AuthorizationScopes; // 2
    return { name, ...(scopes === undefined ? {} : { scopes }) };
  };
  return {
    schemes: {
      ...(DefaultAuthorizer === iam ? { [iam]: iamScheme } : {}),
      ...Object.fromEntries(Object.entries(authorizers).map(([name, given]) => [name, toScheme(scope, given)])),
    },
    defaultGuard: DefaultAuthorizer === undefined ? undefined : guardOf({ place: definition.place }),
    guardOf,
    calls: Object.entries(authorizers).map(([Name, given]) =>
      httpCall("CreateAuthorizer", { ApiId, AuthorizerId: idOf(Name), Name, ...toAuthorizer(scope, given) }),
    ),
    permissions: Object.entries(authorizers).flatMap(([name, { FunctionArn, EnableFunctionDefaultPermissions }]) =>
      FunctionArn === undefined || EnableFunctionDefaultPermissions !== true
        ? []
        : [
            planImplicitPermission(
              context,
              `${definition.logicalId}${name}AuthorizerPermission`,
              definition.place.line,
              {
                FunctionName: FunctionArn,
                Action: "lambda:InvokeFunction",
                Principal: "apigateway.amazonaws.com",
                SourceArn: `arn:aws:execute-api:${scope.region}:${scope.accountId}:${ApiId}/authorizers/*`,
              },
            ),
          ],
    ),
    routeAuth(route) {
      const guard = guardOf(route);
      if (guard === undefined) return {};
      const { name, scopes } = guard;
      if (name === iam) return { AuthorizationType: "AWS_IAM" };
      return {
        AuthorizationType: authorizers[name]?.JwtConfiguration === undefined ? "CUSTOM" : "JWT",
        AuthorizerId: idOf(name),
        ...(scopes === undefined ? {} : { AuthorizationScopes: scopes }),
      };
    },
  };
}

const iam = "AWS_IAM";
const authorizerKey = "x-amazon-apigateway-authorizer";

/** What SAM itself refuses. */
function check(name: string, given: Authorizer, refuse: (what: string, next: string) => Error): void {
  const isJwt = given.JwtConfiguration !== undefined;
  const missing = isJwt
    ? (["IdentitySource"] as const).find((member) => given[member] === undefined)
    : (["FunctionArn", "AuthorizerPayloadFormatVersion"] as const).find((member) => given[member] === undefined);
  const kind = isJwt ? "OAuth2" : "Lambda";
  if (missing !== undefined)
    throw refuse(
      `${name} ${kind} Authorizer must define '${missing}'.`,
      isJwt ? `Add ${missing}.` : `Add ${missing}, or JwtConfiguration for tokens of an issuer.`,
    );
  const foreign = isJwt
    ? lambdaOnly.find((member) => given[member] !== undefined)
    : tokenOnly.find((member) => given[member] !== undefined);
  if (foreign !== undefined)
    throw refuse(
      `${foreign} of ${name} must be defined only for ${isJwt ? "Lambda" : "OAuth2"} Authorizer.`,
      `Take ${foreign} out.`,
    );
}

const lambdaOnly = [
  "FunctionArn",
  "FunctionInvokeRole",
  "Identity",
  "AuthorizerPayloadFormatVersion",
  "EnableSimpleResponses",
  "EnableFunctionDefaultPermissions",
] as const;
const tokenOnly = ["AuthorizationScopes", "IdentitySource"] as const;

function toAuthorizer(scope: Scope, given: Authorizer): Record<string, unknown> {
  const { JwtConfiguration: jwt, Identity = {}, FunctionInvokeRole: role } = given;
  if (jwt !== undefined)
    return {
      AuthorizerType: "JWT",
      IdentitySource: [given.IdentitySource],
      JwtConfiguration: { Issuer: jwt.issuer ?? jwt.Issuer, Audience: jwt.audience ?? jwt.Audience },
    };
  const { Headers = [], QueryStrings = [], StageVariables = [], Context = [], ReauthorizeEvery } = Identity;
  return {
    AuthorizerType: "REQUEST",
    AuthorizerUri: `arn:aws:apigateway:${scope.region}:lambda:path/2015-03-31/functions/${given.FunctionArn ?? ""}/invocations`,
    AuthorizerCredentialsArn: role === "NONE" ? undefined : role,
    AuthorizerPayloadFormatVersion: given.AuthorizerPayloadFormatVersion,
    AuthorizerResultTtlInSeconds: ReauthorizeEvery,
    EnableSimpleResponses: given.EnableSimpleResponses,
    IdentitySource: [
      ...Headers.map((name) => `$request.header.${name}`),
      ...QueryStrings.map((name) => `$request.querystring.${name}`),
      ...StageVariables.map((name) => `$stageVariables.${name}`),
      ...Context.map((name) => `$context.${name}`),
    ],
  };
}

/** The same as a security scheme of a document. */
function toScheme(scope: Scope, given: Authorizer): object {
  const made = toAuthorizer(scope, given);
  if (given.JwtConfiguration !== undefined) {
    const { JwtConfiguration: jwt } = given;
    const jwtConfiguration = { issuer: jwt.issuer ?? jwt.Issuer, audience: jwt.audience ?? jwt.Audience };
    return {
      type: "oauth2",
      [authorizerKey]: { type: "jwt", jwtConfiguration, identitySource: given.IdentitySource },
    };
  }
  return {
    type: "apiKey",
    name: "Unused",
    in: "header",
    [authorizerKey]: {
      type: "request",
      authorizerUri: made["AuthorizerUri"],
      authorizerCredentials: made["AuthorizerCredentialsArn"],
      authorizerResultTtlInSeconds: made["AuthorizerResultTtlInSeconds"],
      identitySource: made["IdentitySource"],
      authorizerPayloadFormatVersion: made["AuthorizerPayloadFormatVersion"],
      enableSimpleResponses: made["EnableSimpleResponses"],
    },
  };
}
