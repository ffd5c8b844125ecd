/** One request on its way through the chain: what the links find out is kept here for those that follow. */
import type { GatewayRequest } from "../../gateway-request.ts";
import type { IntegrationFacts } from "../../integration-facts.ts";
import type { RestMethod, RestStage } from "../definition/rest-api.ts";
import type { Overrides } from "../mapping/template-objects.ts";
import type { ExecutionLog } from "../logs/execution-log.ts";
import type { CompiledDeployment, CompiledMethod, CompiledResource } from "./compile-deployment.ts";
import type { ValueMap } from "./request-maps.ts";
import type { RestServing } from "./rest-serving.ts";

/** What a client gets. */
export interface RestAnswer {
  status: number;
  /** Names and values alternating. */
  headers: string[];
  body: Uint8Array | string;
  /** `X-Amzn-Trace-Id` goes with it. */
  isTraced: boolean;
  /** Sent as it is, without ids. */
  isBare?: true;
}

/** What an authorizer said of the caller. */
export interface AuthorizerResult {
  principalId?: string;
  /** Values as texts. */
  context?: Readonly<Record<string, string>>;
  /** Of a user pool's token. */
  claims?: Readonly<Record<string, string>>;
  scopes?: readonly string[];
  usageIdentifierKey?: string;
  policy?: unknown;
}

/** See the module's header. */
export interface RestExchange {
  readonly serving: RestServing;
  readonly deployment: CompiledDeployment;
  readonly stage: RestStage;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** Undefined where the stage has no canary. */
  readonly isCanary: boolean | undefined;
  readonly request: GatewayRequest;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly startedMs: number;
  readonly headers: ValueMap;
  readonly query: ValueMap;
  readonly log: ExecutionLog;
  readonly overrides: Overrides;
  /** TestInvokeMethod: no authorizer, key, throttle or cache. */
  readonly isTest: boolean;
  resource?: CompiledResource;
  method?: CompiledMethod;
  /** Raw. */
  pathParameters: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** The API's own policy allows the request. */
  isAllowedByPolicy?: true;
  authorizer?: AuthorizerResult;
  /** What came of asking the authorizer, for logs; `integration…` where its function was called. */
  authorizerFacts?: {
    status?: number;
    latencyMs?: number;
    integrationStatus?: number;
    integrationLatencyMs?: number;
    error?: string;
    requestId?: string;
  };
  /** What came of applying the authorizer's policy, for logs. */
  authorizeFacts?: { status: number; latencyMs: number; error?: string };
  /** Variables that a test invocation sets, by dotted name. */
  readonly additionalContext?: Readonly<Record<string, string>>;
  apiKey?: { id: string; value: string };
  error?: { message: string | null; responseType: string; validationErrorString?: string };
  integration: IntegrationFacts;
  /** Where the answer is to be cached, and for how long. */
  cacheAs?: { key: string; ttlMs: number };
  /** Headers that a link adds to whatever is answered. */
  addedHeaders: string[];
}

/** A link of the chain: an answer ends it, and so does a thrown GatewayFailure. */
export type Link = (exchange: RestExchange) => RestAnswer | undefined | Promise<RestAnswer | undefined>;

/** The method that was found. */
export function methodOfExchange({ method }: RestExchange): CompiledMethod {
  if (method === undefined) throw new Error("no method was routed");
  return method;
}

/** Its definition. */
export function definitionOf(exchange: RestExchange): RestMethod {
  return methodOfExchange(exchange).definition;
}
