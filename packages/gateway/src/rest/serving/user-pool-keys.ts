import type { JWK } from "jose";
import type { HttpCaller } from "../../adapters/http-caller.ts";
import type { UserPoolKeys } from "./rest-serving.ts";

/** The keys that a pool's issuer publishes, fetched once: a local application may trust a real user pool. */
export function issuerKeys(http: HttpCaller): UserPoolKeys {
  const known = new Map<string, { keys: JWK[] }>();
  return async ({ region, id }) => {
    const url = `https://cognito-idp.${region}.amazonaws.com/${id}/.well-known/jwks.json`;
    const before = known.get(url);
    if (before !== undefined) return before;
    const answer = await http({ method: "GET", url, headers: [], body: new Uint8Array(), timeoutMs: 1500 });
    if (answer.kind !== "answered" || answer.status !== 200)
      throw new Error(`The keys of ${id} cannot be fetched from ${url}`);
    const keys = JSON.parse(Buffer.from(answer.body).toString()) as { keys: JWK[] };
    known.set(url, keys);
    return keys;
  };
}
