/**
 * API Gateway's front: finds the API and stage of a request, and lets the stage serve it.
 * Everything that arrives is in flight until it is answered, so that virtual time waits for it.
 */
import type {
  Activity,
  Clock,
  DocumentStore,
  EventBus,
  FunctionInvoker,
  HttpRequest,
  HttpResponse,
  Operation,
  RealTime,
  Rng,
  Scope,
  Service,
} from "@tripline/kernel";
import { type ApiAddress, isForGateway, parseApiAddress } from "./api-address.ts";
import { type ApiDefinition, ApiStore, type ServedRoute, type ServedStage } from "./api-store.ts";
import { createFunctionIntegration } from "./function-integration.ts";
import { headerOf } from "./gateway-request.ts";
import type { GatewayHouse } from "./house.ts";
import type { HttpApi } from "./http/http-api.ts";
import { createHttpApiOperations } from "./http/operations/index.ts";
import { compileHttpStages } from "./http/operations/save-http-api.ts";
import type { HttpServing } from "./http/serve-http-api.ts";
import { gatewayLimits } from "./limits.ts";
import { compileRestStages } from "./rest/compile-rest-stages.ts";
import { createRestApiOperations } from "./rest/operations/index.ts";
import type { RestApi } from "./rest/rest-api.ts";

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
  const serving: HttpServing = { scope, rng, integration: createFunctionIntegration(options) };
  const house: GatewayHouse = { clock, rng, scope, apis, serving };

  const serve = async (request: HttpRequest): Promise<HttpResponse> => {
    const address = parseApiAddress(apis, request);
    if (headerBytes(request) > gatewayLimits.headerBytesMax)
      return plain(431, { message: "Request Header Fields Too Large" });
    if (address.api === undefined) return noSuchApi(address, request);
    if (address.served === undefined) return noSuchStage(address);
    const atMs = clock.now();
    const traceId =
      headerOf(request, "x-amzn-trace-id") ??
      `Root=1-${Math.floor(atMs / 1000)
        .toString(16)
        .padStart(8, "0")}-${rng.hex(12)}`;
    const { stage, path, query } = address;
    return address.served.serve({ request, method: request.method, path, query, stage, atMs, traceId });
  };
  const noSuchApi = (address: ApiAddress, request: HttpRequest): HttpResponse => {
    const names = apis.list().map((api) => api.definition.name);
    const there = names.length === 0 ? "This application has no API." : `There are: ${names.join(", ")}.`;
    return request.target.startsWith("/_api/")
      ? plain(404, { message: `There is no API "${address.apiName}". ${there}` })
      : plain(403, { message: "Forbidden" });
  };

  return {
    services: [
      toService("apigateway", createRestApiOperations(house)),
      toService("apigatewayv2", createHttpApiOperations(house)),
    ],
    matches: isForGateway,
    async handle(request) {
      const end = activity.begin("API request");
      try {
        return await serve(request);
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
    start: () => apis.load((definition) => compileStages(serving, definition)),
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

function compileStages(serving: HttpServing, definition: ApiDefinition): Map<string, ServedStage> {
  return definition.type === "HTTP"
    ? compileHttpStages(serving, definition.id, Object.entries((definition as HttpApi).stages))
    : compileRestStages(serving, definition as RestApi);
}

function noSuchStage({ api }: ApiAddress): HttpResponse {
  return api?.definition.type === "REST" ? plain(403, { message: "Forbidden" }) : plain(404, { message: "Not Found" });
}

function plain(status: number, body: object): HttpResponse {
  return { status, rawHeaders: ["content-type", "application/json"], body: JSON.stringify(body) };
}

/** The request line and all headers, as AWS counts them. */
function headerBytes({ method, target, rawHeaders }: HttpRequest): number {
  let bytes = method.length + target.length;
  for (const text of rawHeaders) bytes += text.length + 2;
  return bytes;
}

function toService(id: string, operations: readonly Operation[]): Service {
  return { id, operations: new Map(operations.map((operation) => [operation.name, operation])) };
}
