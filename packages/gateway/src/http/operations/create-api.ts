import type { Operation } from "@tripline/kernel";
import { badRequest, conflict } from "../../errors.ts";
import { type GatewayHouse, newId, refuse, toApiId } from "../../house.ts";
import { type CorsConfiguration, defaultStage, type HttpApi } from "../http-api.ts";
import { toIntegration } from "./integrations.ts";
import { toRoute } from "./routes.ts";
import { saveHttpApi } from "./save-http-api.ts";
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
  /** Quick create: the function behind `RouteKey`. */
  Target?: string;
  /** Default: `$default`. */
  RouteKey?: string;
}

/** Throws `BadRequestException`. */
export function checkCors(cors: CorsConfiguration | undefined): void {
  if (cors?.AllowCredentials === true && cors.AllowOrigins?.includes("*") === true)
    throw badRequest("allowCredentials is not supported with an allowOrigins of *");
}

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
      "Description",
      "DisableExecuteApiEndpoint",
      "RouteKey",
      "Tags",
      "Target",
      "Version",
    ],
    refused: {
      CredentialsArn: "functions are called without a role here",
      ...refuse(["ApiKeySelectionExpression", "DisableSchemaValidation"], "WebSocket APIs are not simulated yet"),
      ...refuse(["RouteSelectionExpression"], "an HTTP API has but one: ${request.method} ${request.path}"),
      IpAddressType: "the gateway listens where it is told to",
    },
    async run(input, context) {
      if (typeof input.Name !== "string" || input.Name === "" || input.Name.length > 128)
        throw badRequest("Name must be between 1 and 128 characters");
      if (input.ProtocolType !== "HTTP")
        throw badRequest(`Protocol type ${input.ProtocolType} is not supported: Tripline simulates HTTP APIs here`);
      const cors = input.CorsConfiguration;
      checkCors(cors);
      if (input.RouteKey !== undefined && input.Target === undefined)
        throw badRequest("A route key needs a target: quick create makes both");
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
        input.Target === undefined ? api : quickCreated(house, api, input.Target, input.RouteKey),
      );
      return toWireApi(api, context.endpoint);
    },
  };
}

/** The API with an integration, a route and a stage that deploys by itself: quick create. */
function quickCreated({ rng, clock }: GatewayHouse, api: HttpApi, target: string, routeKey = "$default"): HttpApi {
  const integrationId = newId(rng, 7);
  const input = { ApiId: api.id, IntegrationType: "AWS_PROXY", IntegrationUri: target, PayloadFormatVersion: "2.0" };
  const integrations = { [integrationId]: { ...toIntegration(input), isManaged: true } };
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
