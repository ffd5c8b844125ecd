import type { AsyncInvocations, Clock, EventBus, RealTime, Rng, Scope } from "@tripline/kernel";
import type { JWK } from "jose";
import type { HttpCaller } from "../../adapters/http-caller.ts";
import type { LogSink } from "../../access-log.ts";
import type { CallService } from "../../service-calls.ts";
import type { FunctionIntegration } from "../../function-integration.ts";
import type { TokenBuckets } from "../../throttle/token-bucket.ts";
import type { KeySets } from "../../tokens/key-sets.ts";
import type { AccountStore } from "../definition/account-store.ts";
import type { ResultCache } from "../../result-cache.ts";

/** The public keys of a user pool, as a JSON Web Key Set. Rejects where they cannot be had. */
export type UserPoolKeys = (pool: { region: string; id: string }) => Promise<{ keys: JWK[] }>;

/** The keys of a pool that is not AWS's: themselves, or the URL that a local pool publishes them at; undefined: those that AWS publishes. */
export type GivenUserPoolKeys = (id: string) => Promise<{ keys: JWK[] }> | string | undefined;

/** What serving needs. */
export interface RestServing {
  scope: Scope;
  clock: Clock;
  realTime: RealTime;
  rng: Rng;
  bus: EventBus;
  integration: FunctionIntegration;
  asyncInvocations: () => AsyncInvocations | undefined;
  http: HttpCaller;
  callService: CallService;
  /** By region and id of the pool: `us-east-1/us-east-1_abc`. */
  userPoolKeys: KeySets;
  /** Undefined: nothing keeps logs. */
  logSink: LogSink | undefined;
  account: AccountStore;
  buckets: TokenBuckets;
  responses: ResultCache;
  authorizations: ResultCache;
}
