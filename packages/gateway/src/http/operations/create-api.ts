import type { Operation } from "@tripline/kernel";
import { badRequest, conflict } from "../../errors.ts";
import { type GatewayHouse, newId, refuse, toApiId } from "../../house.ts";
import { type CorsConfiguration, defaultStage, type HttpApi } from "../http-api.ts";
import { checkCors } from "./check-cors.ts";
import { toRoute } from "./routes.ts";
import { saveHttpApi } from "./save-http-api.ts";
import { type IntegrationMembers, toIntegration } from "./to-integration.ts";
import { toWireApi } from "./to-wire-api.ts";

/** Input of CreateApi. */
export interface CreateApiInput {
  Name: string;
  ProtocolType: string;
  CorsConfiguration?: CorsConfiguration;
  Description?: string;
  DisableExecuteApiEndpoint?: boolean;
  Tags?: Record<string, string>;
  Version?: string;
  /** Quick create: the function, or the URL, behind `RouteKey`. */
  Target?: string;
  /** Quick create: the role that calls the function. */
  CredentialsArn?: string;
  /** Default: `$default`. */
  RouteKey?: string;
}

/** What is refused of an API, made or changed. */
export const refusedOfApis: Readonly<Record<string, string>> = {
  ...refuse(["ApiKeySelectionExpression", "DisableSchemaValidation"], "WebSocket APIs are not simulated yet"),
  ...refuse(["RouteSelectionExpression"], "an HTTP API has but one: ${request.method} ${request.path}"),
  IpAddressType: "the gateway listens where it is told to",
};

/**
 * An API made anew by a template begins without routes and stages; what it served is served until its stage is made again.
 * https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html
 */
export function createApiOperation(house: GatewayHouse): Operation<CreateApiInput, object> {
  const { rng, apis, clock } = house;
  return {
    name: "CreateApi",
    honoured: [
      "Name",
      "ProtocolType",
      "CorsConfiguration",
      "CredentialsArn",
      "Description",
      "DisableExecuteApiEndpoint",
      "RouteKey",
      "Tags",
      "Target",
      "Version",
    ],
    refused: refusedOfApis,
    async run(input, context) {
      if (typeof input.Name !== "string" || input.Name === "" || input.Name.length > 128)
        throw badRequest("Name must be between 1 and 128 characters");
      if (input.ProtocolType !== "HTTP")
        throw badRequest(`Protocol type ${input.ProtocolType} is not supported: Tripline simulates HTTP APIs here`);
      const { CorsConfiguration: cors, CredentialsArn } = input;
      checkCors(cors);
      if ((input.RouteKey ?? CredentialsArn) !== undefined && input.Target === undefined)
        throw badRequest("A route key and credentials need a target: quick create makes all of them");
      const id = toApiId(rng, input.Tags);
      const known = apis.get(id);
      if (known !== undefined && context.upsert !== true) throw conflict(`API ${id} exists already`);
      const api: HttpApi = {
        id,
        name: input.Name,
        type: "HTTP",
        createdAtMs: known?.definition.createdAtMs ?? clock.now(),
        ...(input.Description === undefined ? {} : { description: input.Description }),
        ...(input.Version === undefined ? {} : { version: input.Version }),
        ...(input.DisableExecuteApiEndpoint === true ? { disableExecuteApiEndpoint: true } : {}),
        tags: input.Tags ?? {},
        ...(cors === undefined ? {} : { cors }),
        integrations: {},
        routes: {},
        authorizers: {},
        stages: {},
        deployments: {},
      };
      await saveHttpApi(
        house,
        input.Target === undefined
          ? api
          : quickCreated(
              house,
              api,
              { ...toTargetMembers(input.Target), ...(CredentialsArn === undefined ? {} : { CredentialsArn }) },
              input.RouteKey,
            ),
      );
      return toWireApi(api, context.endpoint);
    },
  };
}

/** What quick create makes of its target: a URL is called by the client's method, a function with format 2.0. */
export function toTargetMembers(target: string): IntegrationMembers {
  return target.startsWith("arn:")
    ? { IntegrationUri: target, IntegrationType: "AWS_PROXY", PayloadFormatVersion: "2.0" }
    : {
        IntegrationUri: target,
        IntegrationType: "HTTP_PROXY",
        IntegrationMethod: "ANY",
        PayloadFormatVersion: "1.0",
      };
}

/** The API with an integration, a route and a stage that deploys by itself: quick create. */
function quickCreated(
  { rng, clock }: GatewayHouse,
  api: HttpApi,
  target: IntegrationMembers,
  routeKey = "$default",
): HttpApi {
  const integrationId = newId(rng, 7);
  const integrations = { [integrationId]: { ...toIntegration(target), isManaged: true } };
  const id = newId(rng, 7);
  const blank = { id, routeKey, integrationId, isManaged: true };
  const route = toRoute({ ...api, integrations }, { ApiId: api.id, RouteId: id, RouteKey: routeKey }, blank);
  const nowMs = clock.now();
  const stage = { variables: {}, autoDeploy: true, routes: [], routeSettings: {}, tags: {}, isManaged: true };
  return {
    ...api,
    integrations,
    routes: { [id]: route },
    stages: { [defaultStage]: { ...stage, createdAtMs: nowMs, updatedAtMs: nowMs } },
  };
}
