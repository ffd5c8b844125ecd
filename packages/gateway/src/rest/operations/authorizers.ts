/** CreateAuthorizer, GetAuthorizer(s), UpdateAuthorizer, DeleteAuthorizer. https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html */
import type { Operation } from "@tripline/kernel";
import { badRequest, conflict, enumConstraint, notFound, validationError } from "../../errors.ts";
import { type GatewayHouse, newId } from "../../house.ts";
import type { RestApi, RestAuthorizer } from "../definition/rest-api.ts";
import { parseIntegrationArn } from "../../integration-arn.ts";
import { applyPatch, type PatchOperation, setMember } from "../patch/patch-operations.ts";
import { sourcesOf } from "../serving/identity-source.ts";
import { restApiOf } from "./find.ts";
import { page, type PageInput, pageMembers } from "../../page.ts";
import { restOperation } from "./rest-operation.ts";

/** Input of CreateAuthorizer. `authorizerId` is for templates. */
export interface CreateAuthorizerInput {
  restApiId: string;
  name: string;
  type: string;
  providerARNs?: string[];
  authType?: string;
  authorizerUri?: string;
  authorizerCredentials?: string;
  identitySource?: string;
  identityValidationExpression?: string;
  authorizerResultTtlInSeconds?: number;
  authorizerId?: string;
}

interface AuthorizerInput {
  restApiId: string;
  authorizerId: string;
}

const members = ["restApiId", "authorizerId"];
const settings = [
  "name",
  "type",
  "providerARNs",
  "authType",
  "authorizerUri",
  "authorizerCredentials",
  "identitySource",
  "identityValidationExpression",
  "authorizerResultTtlInSeconds",
] as const;

/** The operations of authorizers. */
export function authorizerOperations(house: GatewayHouse): Operation[] {
  const { rest, rng } = house;
  return [
    restOperation<CreateAuthorizerInput>(
      "CreateAuthorizer",
      ["restApiId", ...settings, "authorizerId"],
      async (input, context) => {
        const api = rest.get(input.restApiId);
        if (api === undefined)
          throw conflict("Unable to complete operation due to concurrent modification. Please try again later.");
        if (input.authorizerId !== undefined && context.upsert !== true)
          throw badRequest("authorizerId cannot be chosen");
        const authorizer = toAuthorizer(api, input.authorizerId ?? newId(rng, 6), input);
        await rest.put(api, "authorizers", authorizer.id, authorizer);
        return authorizer;
      },
    ),
    restOperation<AuthorizerInput>("GetAuthorizer", members, async (input) => authorizerOf(house, input).authorizer),
    restOperation<{ restApiId: string } & PageInput>(
      "GetAuthorizers",
      ["restApiId", ...pageMembers],
      async ({ restApiId, ...which }) => page([...restApiOf(house, restApiId).authorizers.values()], which),
    ),
    restOperation<AuthorizerInput & { patchOperations?: PatchOperation[] }>(
      "UpdateAuthorizer",
      [...members, "patchOperations"],
      async ({ patchOperations, ...input }) => {
        const { api, authorizer } = authorizerOf(house, input);
        const next = patchAuthorizer(authorizer, patchOperations);
        await rest.put(api, "authorizers", authorizer.id, checkAuthorizer(api, next));
        return next;
      },
    ),
    restOperation<AuthorizerInput>("DeleteAuthorizer", members, async (input) => {
      const { api, authorizer } = authorizerOf(house, input);
      for (const { methods } of api.resources.values())
        if (Object.values(methods).some((method) => method.authorizerId === authorizer.id))
          throw conflict("Cannot delete the authorizer: it is referenced in a method");
      await rest.remove(api, "authorizers", authorizer.id);
      return {};
    }),
  ];
}

/** `Invalid Authorizer identifier specified` */
export function authorizerOf(
  house: GatewayHouse,
  { restApiId, authorizerId }: AuthorizerInput,
): { api: RestApi; authorizer: RestAuthorizer } {
  const api = restApiOf(house, restApiId);
  const authorizer = api.authorizers.get(authorizerId);
  if (authorizer === undefined) throw notFound("Invalid Authorizer identifier specified");
  return { api, authorizer };
}

/** Checks and makes an authorizer. */
export function toAuthorizer(
  api: RestApi,
  id: string,
  input: Omit<CreateAuthorizerInput, "restApiId">,
): RestAuthorizer {
  if (!["REQUEST", "TOKEN", "COGNITO_USER_POOLS"].includes(input.type))
    throw validationError([
      {
        value: input.type,
        at: "createAuthorizerInput.type",
        constraint: enumConstraint(["REQUEST", "TOKEN", "COGNITO_USER_POOLS"]),
      },
    ]);
  const type = input.type as RestAuthorizer["type"];
  const authorizer: RestAuthorizer = { id, name: input.name, type };
  setMember(authorizer, "providerARNs", input.providerARNs);
  setMember(
    authorizer,
    "authType",
    input.authType ?? (type === "COGNITO_USER_POOLS" ? "cognito_user_pools" : "custom"),
  );
  setMember(authorizer, "authorizerUri", input.authorizerUri);
  setMember(authorizer, "authorizerCredentials", input.authorizerCredentials);
  setMember(authorizer, "identitySource", input.identitySource);
  setMember(authorizer, "identityValidationExpression", input.identityValidationExpression);
  setMember(
    authorizer,
    "authorizerResultTtlInSeconds",
    input.authorizerResultTtlInSeconds ?? (type === "COGNITO_USER_POOLS" ? undefined : 300),
  );
  return checkAuthorizer(api, authorizer);
}

const sources =
  /^(?:method\.request\.(?:header|querystring|multivalueheader|multivaluequerystring)\.[^\s,]+|stageVariables\.\w+|context\.[\w.]+)$/;

function checkAuthorizer(api: RestApi, authorizer: RestAuthorizer): RestAuthorizer {
  const {
    id,
    name,
    type,
    identitySource = "",
    authorizerUri = "",
    authorizerResultTtlInSeconds: ttlSeconds = 300,
  } = authorizer;
  if (name === undefined || name === "") throw badRequest("Authorizer name must be non-empty");
  for (const other of api.authorizers.values())
    if (other.id !== id && other.name === name)
      throw badRequest("Authorizer name must be unique. Authorizer with this name already exists in this RestApi.");
  if (ttlSeconds < 0 || ttlSeconds > 3600)
    throw badRequest("Invalid authorizer result TTL specified: must be between 0 and 3600 seconds");
  const named = sourcesOf(identitySource);
  if (!(type === "REQUEST" && ttlSeconds === 0) && named.length === 0)
    throw badRequest("Identity source is required when caching is enabled");
  if (
    named.some((one) => !sources.test(one)) ||
    (type !== "REQUEST" && !identitySource.startsWith("method.request.header."))
  )
    throw badRequest(`Invalid identity source specified: ${identitySource}`);
  if (type === "COGNITO_USER_POOLS") {
    if (authorizer.providerARNs === undefined || authorizer.providerARNs.length === 0)
      throw badRequest("Cognito User Pool ARNs must be provided for authorizers of type COGNITO_USER_POOLS");
    for (const arn of authorizer.providerARNs)
      if (!/^arn:[^:]+:cognito-idp:[^:]+:\d+:userpool\/.+$/.test(arn))
        throw badRequest(`Invalid provider ARN specified: ${arn}`);
  } else if (parseIntegrationArn(authorizerUri)?.functionArn === undefined)
    throw badRequest(
      "Invalid Authorizer URI: " +
        authorizerUri +
        ". Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.",
    );
  return authorizer;
}

function patchAuthorizer(authorizer: RestAuthorizer, operations: PatchOperation[] | undefined): RestAuthorizer {
  const next = { ...authorizer };
  const text = (
    member:
      | "name"
      | "authType"
      | "authorizerUri"
      | "authorizerCredentials"
      | "identitySource"
      | "identityValidationExpression",
  ) => ({
    path: `/${member}`,
    ops: {
      replace: ({ value }: PatchOperation): void => {
        setMember(next, member, value as never);
      },
    },
  });
  const arns = (): readonly string[] => next.providerARNs ?? [];
  const setSources = (named: readonly string[]): void => {
    setMember(next, "identitySource", named.length === 0 ? undefined : named.join(","));
  };
  const addSource = ({ value = "" }: PatchOperation): void => {
    setSources([...sourcesOf(next.identitySource), value]);
  };
  const removeSource = ({ value }: PatchOperation): void => {
    setSources(value === undefined ? [] : sourcesOf(next.identitySource).filter((one) => one !== value));
  };
  applyPatch("updateAuthorizerInput", operations, [
    text("name"),
    text("authType"),
    text("authorizerUri"),
    text("authorizerCredentials"),
    { path: "/identitySource", ops: { ...text("identitySource").ops, add: addSource, remove: removeSource } },
    text("identityValidationExpression"),
    {
      path: "/authorizerResultTtlInSeconds",
      ops: {
        replace: ({ value }) => {
          next.authorizerResultTtlInSeconds = Number(value);
        },
      },
    },
    {
      path: "/type",
      ops: {
        replace: ({ value = "" }) => {
          next.type = value as RestAuthorizer["type"];
        },
      },
    },
    {
      path: "/providerARNs",
      ops: {
        add: ({ value = "" }) => {
          next.providerARNs = [...arns(), value];
        },
        remove: ({ value }) => {
          next.providerARNs = arns().filter((one) => one !== value);
        },
      },
    },
  ]);
  return next;
}
