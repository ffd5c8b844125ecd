/**
 * API Gateway's front: finds the API and stage of a request, and lets the stage serve it.
 * Everything that arrives is in flight until it is answered, so that virtual time waits for it.
 */
import {
  type Activity,
  type AsyncInvocations,
  type Clock,
  createService,
  type DocumentStore,
  type EventBus,
  type FunctionInvoker,
  type HttpRequest,
  type HttpResponse,
  type RealTime,
  type Rng,
  type Scope,
  type Service,
} from "@tripline/kernel";
import { type ApiAddress, isForGateway, parseApiAddress } from "./api-address.ts";
import { type ApiDefinition, ApiStore, type ServedRoute, type StoredApi } from "./api-store.ts";
import { createFunctionIntegration } from "./function-integration.ts";
import { headerOf } from "./gateway-request.ts";
import type { GatewayHouse } from "./house.ts";
import { renewHttpApi } from "./http/http-api.ts";
import { compileHttpStages } from "./http/operations/save-http-api.ts";
import type { HttpServing } from "./http/serve-http-api.ts";
import { newGatewayId } from "./gateway-id.ts";
import { toLegalHeaders } from "./legal-headers.ts";
import { createHttpCaller } from "./adapters/http-caller.ts";
import { AccountStore } from "./rest/definition/account-store.ts";
import { RestApiStore } from "./rest/definition/rest-api-store.ts";
import { keysOfPools, userPoolKeySets } from "./rest/serving/user-pool-keys.ts";
import { ResultCache } from "./result-cache.ts";
import type { LogSink } from "./access-log.ts";
import type { RestServing, GivenUserPoolKeys } from "./rest/serving/rest-serving.ts";
import type { CallService } from "./service-calls.ts";
import { forbiddenResponse } from "./rest/serving/forbidden-response.ts";
import { lazyRestStage } from "./rest/serving/lazy-rest-stage.ts";
import { TokenBuckets } from "./throttle/token-bucket.ts";
import { discoverKeys } from "./tokens/fetch-keys.ts";
import { KeySets } from "./tokens/key-sets.ts";

/** Options of {@link createGateway}. */
export interface GatewayOptions {
  clock: Clock;
  realTime: RealTime;
  rng: Rng;
  bus: EventBus;
  activity: Activity;
  scope: Scope;
  invoker: FunctionInvoker;
  documents: DocumentStore;
  /** Lambda's asynchronous queue. Default: integrations with the invocation type `Event` fail. */
  asyncInvocations?: () => AsyncInvocations;
  /** Calls simulated services for integrations. Default: such integrations fail. */
  callService?: CallService;
  /** Keys of user pools. Default: those that the pool's issuer publishes. */
  userPoolKeys?: GivenUserPoolKeys;
  /** Takes access and execution logs. Default: a stage that wants logs is refused. */
  logSink?: LogSink;
}

/** An API, for lists. */
export interface ApiSummary {
  id: string;
  name: string;
  type: "HTTP" | "REST";
  stages: string[];
  /** Of its first stage. */
  routes: readonly ServedRoute[];
}

/** API Gateway. */
export interface Gateway {
  /** Ids `apigateway` and `apigatewayv2`. */
  readonly services: Service[];
  /** Whether a request is for an API: by its path `/_api/…`, or by its host. */
  matches(request: HttpRequest): boolean;
  /** Answers it; never rejects. */
  handle(request: HttpRequest): Promise<HttpResponse>;
  /** Loads the APIs that were kept. */
  start(): Promise<void>;
  /** Ordered by name. */
  apis(): ApiSummary[];
  /** Where the first stage of an API answers: `<endpoint>/_api/<name>/<stage>/`, the id in place of a name that is not the only one, `%24default` for a shell. */
  url(apiId: string, endpoint: string): string;
}

/** Builds the gateway. */
export function createGateway(options: GatewayOptions): Gateway {
  const { clock, rng, scope, activity, bus } = options;
  const apis = new ApiStore(options.documents);
  const buckets = new TokenBuckets();
  const http = createHttpCaller(options.realTime);
  const serving: HttpServing = {
    scope,
    clock,
    realTime: options.realTime,
    rng,
    integration: createFunctionIntegration(options),
    http,
    callService: options.callService ?? (() => undefined),
    bus,
    buckets,
    logSink: options.logSink,
    issuerKeys: new KeySets(discoverKeys(http), clock),
    authorizations: new ResultCache(),
  };
  const account = new AccountStore(options.documents);
  const restServing = createRestServing(options, serving, account);
  const rest = new RestApiStore(options.documents, (id, api) => {
    const known = apis.get(id)?.stages;
    if (api === undefined) {
      apis.show(id, undefined);
      return;
    }
    const { name, createdAtMs, tags } = api.settings;
    apis.show(id, {
      definition: { id, name, type: "REST", createdAtMs, tags },
      stages: new Map(
        Array.from(api.stages.keys(), (stage) => [stage, known?.get(stage) ?? lazyRestStage(restServing, api, stage)]),
      ),
    });
  });
  const house: GatewayHouse = {
    clock,
    rng,
    scope,
    apis,
    serving,
    rest,
    account,
    restServing,
    flush(which, restApiId, stageName) {
      restServing[which === "responses" ? "responses" : "authorizations"].flush(`${restApiId}/${stageName}`);
    },
  };

  const serve = async (request: HttpRequest): Promise<HttpResponse> => {
    const address = parseApiAddress(apis, request);
    if (address.api === undefined) return noSuchApi(address, request);
    if (address.served === undefined) return noSuchStage(address.api.definition.type);
    const atMs = clock.now();
    const traceId =
      headerOf(request, "x-amzn-trace-id") ??
      `Root=1-${Math.floor(atMs / 1000)
        .toString(16)
        .padStart(8, "0")}-${rng.hex(12)}`;
    const { stage, path, query } = address;
    return address.served.serve({ request, method: request.method, path, query, stage, atMs, traceId });
  };
  const noSuchApi = ({ apiName }: ApiAddress, request: HttpRequest): HttpResponse => {
    if (!request.target.startsWith("/_api/")) return forbiddenResponse(rng);
    const all = apis.list().map(({ definition }) => definition);
    const sameName = all.filter(({ name }) => name === apiName);
    const message =
      sameName.length > 1
        ? `${sameName.length} APIs are named "${apiName}". Name one by its id: ${sameName.map(({ id }) => id).join(", ")}.`
        : `There is no API "${apiName}". ${all.length === 0 ? "This application has no API." : `There are: ${all.map(({ name }) => name).join(", ")}.`}`;
    return plain(404, { message });
  };
  const noSuchStage = (type: ApiDefinition["type"]): HttpResponse =>
    type === "REST"
      ? forbiddenResponse(rng)
      : plain(404, { message: "Not Found" }, ["apigw-requestid", newGatewayId(rng)]);

  return {
    services: [
      createService({
        id: "apigateway",
        activity,
        operations: async () => (await import("./rest/operations/index.ts")).createRestApiOperations(house),
      }),
      createService({
        id: "apigatewayv2",
        activity,
        operations: async () => (await import("./http/operations/index.ts")).createHttpApiOperations(house),
        refusedOperations: async () => (await import("./http/operations/refused-operations.ts")).refusedOperations,
      }),
    ],
    matches: isForGateway,
    async handle(request) {
      const end = activity.begin("API request");
      try {
        const response = await serve(request);
        response.rawHeaders = toLegalHeaders(response.rawHeaders);
        return response;
      } catch (error) {
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        bus.emit("notice", {
          level: "warning",
          subject: request.target,
          message: `A request failed within Tripline. ${message}`,
        });
        return plain(500, { message: "Internal Server Error" });
      } finally {
        end();
      }
    },
    async start() {
      await apis.load((definition) => compileKept(serving, definition));
      await Promise.all([rest.load(), account.load()]);
    },
    apis: () =>
      apis.list().map(({ definition: { id, name, type }, stages }) => ({
        id,
        name,
        type,
        stages: [...stages.keys()],
        routes: [...stages.values()][0]?.routes ?? [],
      })),
    url(apiId, endpoint) {
      const api = apis.get(apiId);
      const name = api === undefined || apis.find(api.definition.name) !== api ? apiId : api.definition.name;
      const [stage = ""] = api?.stages.keys() ?? [];
      return `${endpoint}/_api/${encodeURIComponent(name)}/${encodeURIComponent(stage)}/`;
    },
  };
}

function createRestServing(
  options: GatewayOptions,
  { integration, buckets, http, callService, authorizations }: HttpServing,
  account: AccountStore,
): RestServing {
  const { scope, clock, realTime, rng, bus } = options;
  return {
    scope,
    clock,
    realTime,
    rng,
    bus,
    integration,
    account,
    http,
    asyncInvocations: () => options.asyncInvocations?.(),
    callService,
    userPoolKeys: userPoolKeySets(keysOfPools(http, options.userPoolKeys ?? (() => undefined)), clock),
    logSink: options.logSink,
    buckets,
    responses: new ResultCache(),
    authorizations,
  };
}

function compileKept(serving: HttpServing, kept: ApiDefinition): StoredApi {
  const definition = renewHttpApi(kept);
  return { definition, stages: compileHttpStages(serving, definition.id, Object.entries(definition.stages)) };
}

function plain(status: number, body: object, headers: readonly string[] = []): HttpResponse {
  return { status, rawHeaders: ["content-type", "application/json", ...headers], body: JSON.stringify(body) };
}
