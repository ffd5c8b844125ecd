/** Keys of Cognito user pools. A local application may trust a real pool. */
import type { Clock } from "@tripline/kernel";
import type { HttpCaller } from "../../adapters/http-caller.ts";
import { fetchKeySet } from "../../tokens/fetch-keys.ts";
import { KeySets } from "../../tokens/key-sets.ts";
import type { GivenUserPoolKeys, UserPoolKeys } from "./rest-serving.ts";

/** The keys that were given for a pool, or that it publishes. */
export function keysOfPools(http: HttpCaller, given: GivenUserPoolKeys): UserPoolKeys {
  return ({ region, id }) => {
    const own = given(id);
    if (typeof own === "object") return own;
    const url = own ?? `https://cognito-idp.${region}.amazonaws.com/${id}/.well-known/jwks.json`;
    return fetchKeySet(http, url, `The keys of ${id} cannot be fetched from ${url}`);
  };
}

/** Keeps them, by `<region>/<id>`. */
export function userPoolKeySets(keysOf: UserPoolKeys, clock: Clock): KeySets {
  return new KeySets((source) => {
    const [region = "", id = ""] = source.split("/");
    return keysOf({ region, id });
  }, clock);
}
