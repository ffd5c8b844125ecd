/**
 * Public keys of token issuers.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 *
 * K1. A set is kept for two hours of the clock. A failure is not kept.
 * K2. A set that lacks the key that is asked for is fetched again: an issuer that has changed its keys is trusted at once. AWS does not say
 *     when it does so; a local issuer changes its keys with every start.
 * K3. Whoever asks while a set is fetched waits for that fetch.
 */
import type { Clock } from "@tripline/kernel";
import type { createLocalJWKSet, JSONWebKeySet } from "jose";

/** Keys of one issuer. */
export interface KeySet {
  /** By `kid`. */
  has(keyId: string): boolean;
  /** What jose verifies with. */
  readonly find: ReturnType<typeof createLocalJWKSet>;
}

/** Fetches the keys of a source. Rejects where they cannot be had. */
export type FetchKeys = (source: string) => Promise<JSONWebKeySet>;

const keptMs = 2 * 60 * 60 * 1000;

/** See the module's header. */
export class KeySets {
  readonly #fetch: FetchKeys;
  readonly #clock: Clock;
  readonly #known = new Map<string, { keys: KeySet; untilMs: number }>();
  readonly #underWay = new Map<string, Promise<KeySet>>();

  constructor(fetch: FetchKeys, clock: Clock) {
    this.#fetch = fetch;
    this.#clock = clock;
  }

  /** The keys of `source`, with `keyId` among them if the issuer has it; undefined: any. Rejects as {@link FetchKeys} does. */
  async of(source: string, keyId: string | undefined): Promise<KeySet> {
    const known = this.#known.get(source);
    const isFresh = known !== undefined && known.untilMs > this.#clock.now(); // K1
    if (isFresh && (keyId === undefined || known.keys.has(keyId))) return known.keys; // K2
    const underWay = this.#underWay.get(source);
    if (underWay !== undefined) return underWay; // K3
    const fetched = this.#renew(source).finally(() => this.#underWay.delete(source));
    this.#underWay.set(source, fetched);
    return fetched;
  }

  async #renew(source: string): Promise<KeySet> {
    const [{ createLocalJWKSet }, keySet] = await Promise.all([import("jose"), this.#fetch(source)]); // when the first token comes
    const ids = new Set(keySet.keys.map((key) => key.kid));
    const keys = { has: (keyId: string) => ids.has(keyId), find: createLocalJWKSet(keySet) };
    this.#known.set(source, { keys, untilMs: this.#clock.now() + keptMs });
    return keys;
  }
}
