/**
 * Authorizers. https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html
 *
 * 1. Stages that deploy by themselves have a change at once, others with their next deployment.
 * 2. A Lambda authorizer whose time to live is not given keeps answers for 300 seconds, if it has an identity source to keep them by.
 * 3. AWS asks an issuer for its configuration when the authorizer is made, and takes only https. Here an issuer is asked when a token comes, so
 *    that it may start later, and http is fine.
 */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, noSuchPart, tooMany } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import { parseIntegrationArn } from "../../integration-arn.ts";
import type { HttpAuthorizer, JwtAuthorizer, RequestAuthorizer } from "../authorizers/http-authorizer.ts";
import { isIdentitySource, isTokenSource } from "../authorizers/identity-source.ts";
import type { HttpApi } from "../http-api.ts";
import { httpApiOf } from "./http-api-of.ts";
import { type PageInput, pageMembers, pageOf } from "./page.ts";
import { saveHttpApi } from "./save-http-api.ts";
import { stageOf } from "./stages.ts";

/** What an authorizer is made of, as the API has it. */
interface AuthorizerSettings {
  Name?: string;
  AuthorizerType?: string;
  IdentitySource?: readonly string[];
  JwtConfiguration?: { Issuer?: string; Audience?: readonly string[] };
  AuthorizerUri?: string;
  AuthorizerCredentialsArn?: string;
  AuthorizerPayloadFormatVersion?: string;
  AuthorizerResultTtlInSeconds?: number;
  EnableSimpleResponses?: boolean;
}

/** `AuthorizerId` of CreateAuthorizer is for templates. */
interface AuthorizerInput extends AuthorizerSettings {
  ApiId: string;
  AuthorizerId?: string;
}

const authorizersMax = 10;
const audiencesMax = 50;
const defaultTtlSeconds = 300;
const ttlSecondsMax = 3600;
const requestOnly = [
  "AuthorizerUri",
  "AuthorizerCredentialsArn",
  "AuthorizerPayloadFormatVersion",
  "AuthorizerResultTtlInSeconds",
  "EnableSimpleResponses",
] as const;
const honoured = [
  "ApiId",
  "AuthorizerId",
  "Name",
  "AuthorizerType",
  "IdentitySource",
  "JwtConfiguration",
  ...requestOnly,
];
const refused = { IdentityValidationExpression: "authorizers of HTTP APIs have none: check the token in the function" };

/** Create, get, list, update, delete, and ResetAuthorizersCache. */
export function createAuthorizerOperations(house: GatewayHouse): Operation[] {
  const find = (api: HttpApi, id = ""): HttpAuthorizer => {
    const authorizer = api.authorizers[id];
    if (authorizer === undefined) throw noSuchPart("Authorizer", "id", id);
    return authorizer;
  };
  const save = async (api: HttpApi, authorizer: HttpAuthorizer): Promise<object> => {
    await saveHttpApi(house, { ...api, authorizers: { ...api.authorizers, [authorizer.id]: authorizer } });
    return toWire(authorizer);
  };
  const create: Operation<AuthorizerInput, object> = {
    name: "CreateAuthorizer",
    honoured,
    refused,
    async run({ ApiId, AuthorizerId, ...settings }, context) {
      const api = httpApiOf(house, ApiId);
      if (AuthorizerId !== undefined && context.upsert !== true) throw badRequest("AuthorizerId cannot be chosen");
      const id = AuthorizerId ?? newId(house.rng, 6);
      if (!(id in api.authorizers) && Object.keys(api.authorizers).length >= authorizersMax)
        throw tooMany(
          "Maximum number of Authorizers for this API has been reached. Please contact AWS if you need additional Authorizers.",
        );
      return save(api, toAuthorizer(api, id, settings));
    },
  };
  const update: Operation<AuthorizerInput, object> = {
    name: "UpdateAuthorizer",
    honoured,
    refused,
    async run({ ApiId, AuthorizerId = "", ...settings }) {
      const api = httpApiOf(house, ApiId);
      const known = find(api, AuthorizerId);
      const authorizer = toAuthorizer(api, AuthorizerId, merge(known, settings));
      const user = authorizer.type === known.type ? undefined : userOf(api, AuthorizerId);
      if (user !== undefined)
        throw conflict(`Cannot change the type of authorizer '${known.name}', is referenced in route: ${user}`);
      return save(api, authorizer);
    },
  };
  const get: Operation<AuthorizerInput, object> = {
    name: "GetAuthorizer",
    honoured: ["ApiId", "AuthorizerId"],
    run: async ({ ApiId, AuthorizerId }) => toWire(find(httpApiOf(house, ApiId), AuthorizerId)),
  };
  const list: Operation<AuthorizerInput & PageInput, object> = {
    name: "GetAuthorizers",
    honoured: ["ApiId", ...pageMembers],
    run: async (input) => pageOf(Object.values(httpApiOf(house, input.ApiId).authorizers), input, toWire),
  };
  const remove: Operation<AuthorizerInput, object> = {
    name: "DeleteAuthorizer",
    honoured: ["ApiId", "AuthorizerId"],
    async run({ ApiId, AuthorizerId = "" }) {
      const api = httpApiOf(house, ApiId);
      const { name } = find(api, AuthorizerId);
      const user = userOf(api, AuthorizerId);
      if (user !== undefined) throw conflict(`Cannot delete authorizer '${name}', is referenced in route: ${user}`);
      const { [AuthorizerId]: _gone, ...authorizers } = api.authorizers;
      await saveHttpApi(house, { ...api, authorizers });
      return {};
    },
  };
  const reset: Operation<{ ApiId: string; StageName: string }, object> = {
    name: "ResetAuthorizersCache",
    honoured: ["ApiId", "StageName"],
    async run({ ApiId, StageName }) {
      stageOf(httpApiOf(house, ApiId), StageName);
      house.flush("authorizers", ApiId, StageName);
      return {};
    },
  };
  return [create, update, get, list, remove, reset];
}

/** The key of a route that uses it. */
function userOf(api: HttpApi, authorizerId: string): string | undefined {
  return Object.values(api.routes).find((route) => route.authorizerId === authorizerId)?.routeKey;
}

/** What is given replaces what was; of another type only name and identity sources stay. */
function merge(known: HttpAuthorizer, { JwtConfiguration, ...given }: AuthorizerSettings): AuthorizerSettings {
  const { AuthorizerId: _id, IdentitySource = [], ...all } = toWire(known);
  const { AuthorizerType = known.type } = given;
  const before: AuthorizerSettings = {
    IdentitySource,
    ...(AuthorizerType === known.type ? all : { Name: known.name }),
  };
  return {
    ...before,
    ...given,
    ...(JwtConfiguration === undefined
      ? {}
      : { JwtConfiguration: { ...before.JwtConfiguration, ...JwtConfiguration } }),
  };
}

function toAuthorizer(api: HttpApi, id: string, settings: AuthorizerSettings): HttpAuthorizer {
  const { Name: name = "", AuthorizerType } = settings;
  if (name === "" || name.length > 128) throw badRequest("Name must be between 1 and 128 characters");
  if (Object.values(api.authorizers).some((other) => other.id !== id && other.name === name))
    throw badRequest(`Authorizer name must be unique. Authorizer ${name} already exists in this RestApi.`);
  if (AuthorizerType === "JWT") return toJwtAuthorizer(id, name, settings);
  if (AuthorizerType === "REQUEST") return toRequestAuthorizer(id, name, settings);
  throw badRequest(
    "Invalid authorizer type. Only JWT and REQUEST authorizer types are supported on HTTP protocol Apis.",
  );
}

function toJwtAuthorizer(id: string, name: string, settings: AuthorizerSettings): JwtAuthorizer {
  const { IdentitySource = [], JwtConfiguration: { Issuer: issuer = "", Audience: audience = [] } = {} } = settings;
  const foreign = requestOnly.find((member) => settings[member] !== undefined);
  if (foreign !== undefined) throw badRequest(`${foreign} is supported only for REQUEST authorizers`);
  const [identitySource = ""] = IdentitySource;
  if (IdentitySource.length !== 1 || !isTokenSource(identitySource))
    throw badRequest("A JWT authorizer has one identity source: $request.header.<name> or $request.querystring.<name>");
  if (!/^https?:$/.test(protocolOf(issuer)))
    throw badRequest(
      `Invalid issuer: ${issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`,
    );
  if (audience.length === 0 || audience.length > audiencesMax || audience.includes(""))
    throw badRequest(`A JWT authorizer has 1 to ${audiencesMax} audiences, none of them empty`);
  return { id, name, type: "JWT", identitySource, issuer, audience };
}

function toRequestAuthorizer(id: string, name: string, settings: AuthorizerSettings): RequestAuthorizer {
  const {
    IdentitySource: identitySources = [],
    AuthorizerUri: uri = "",
    AuthorizerCredentialsArn: credentialsArn = "",
    AuthorizerPayloadFormatVersion: payloadFormatVersion,
    AuthorizerResultTtlInSeconds: ttlSeconds = identitySources.length === 0 ? 0 : defaultTtlSeconds, // 2
    EnableSimpleResponses: hasSimpleResponses = false,
  } = settings;
  if (settings.JwtConfiguration !== undefined)
    throw badRequest("JwtConfiguration is supported only for JWT authorizers");
  if (payloadFormatVersion === undefined)
    throw badRequest("AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer");
  if (payloadFormatVersion !== "1.0" && payloadFormatVersion !== "2.0")
    throw badRequest(`AuthorizerPayloadFormatVersion ${payloadFormatVersion} is not supported`);
  if (hasSimpleResponses && payloadFormatVersion !== "2.0")
    throw badRequest(`EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".`);
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 0 || ttlSeconds > ttlSecondsMax)
    throw badRequest("Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds.");
  if (ttlSeconds > 0 && identitySources.length === 0)
    throw badRequest("Identity source must be set if authorizer caching is enabled (TTL is greater than 0)");
  for (const source of identitySources)
    if (!isIdentitySource(source))
      throw badRequest(
        `Invalid identity source expression: ${source}. The source must be a request header, request querystring, stage variable or context parameter`,
      );
  if (parseIntegrationArn(uri)?.functionArn === undefined)
    throw badRequest(
      `Invalid Authorizer URI: ${uri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    );
  if (credentialsArn !== "" && !/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(credentialsArn))
    throw badRequest("Invalid role ARN");
  return {
    id,
    name,
    type: "REQUEST",
    identitySources,
    uri,
    ...(credentialsArn === "" ? {} : { credentialsArn }),
    payloadFormatVersion,
    hasSimpleResponses,
    ttlSeconds,
  };
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : "";
}

function toWire(authorizer: HttpAuthorizer): AuthorizerSettings & { AuthorizerId: string } {
  const { id, name, type } = authorizer;
  const shared = { AuthorizerId: id, AuthorizerType: type, Name: name };
  if (authorizer.type === "JWT") {
    const { identitySource, issuer, audience } = authorizer;
    return {
      ...shared,
      IdentitySource: [identitySource],
      JwtConfiguration: { Audience: audience, Issuer: issuer },
    };
  }
  const { identitySources, uri, credentialsArn, payloadFormatVersion, hasSimpleResponses, ttlSeconds } = authorizer;
  return {
    ...shared,
    IdentitySource: identitySources,
    AuthorizerUri: uri,
    ...(credentialsArn === undefined ? {} : { AuthorizerCredentialsArn: credentialsArn }),
    AuthorizerPayloadFormatVersion: payloadFormatVersion,
    AuthorizerResultTtlInSeconds: ttlSeconds,
    EnableSimpleResponses: hasSimpleResponses,
  };
}
