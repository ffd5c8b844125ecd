/**
 * Where issuers publish their keys.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
import type { JSONWebKeySet } from "jose";
import type { HttpCaller } from "../adapters/http-caller.ts";
import type { FetchKeys } from "./key-sets.ts";

const timeoutMs = 1500;
const keySetBytesMax = 150_000;

/** Finds the key set of an issuer, a URL, as OpenID Connect says. Its errors have AWS's texts. */
export function discoverKeys(http: HttpCaller): FetchKeys {
  return async (issuer) => {
    const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const about = await fetchJson(http, url, "OIDC discovery endpoint communication error");
    return fetchKeySet(http, String(about["jwks_uri"]), "JWKS communication error");
  };
}

/** Fetches a key set by its URL; `failure` is the error's text. */
export async function fetchKeySet(http: HttpCaller, url: string, failure: string): Promise<JSONWebKeySet> {
  const found = await fetchJson(http, url, failure);
  if (!Array.isArray(found["keys"])) throw new Error(failure);
  return found as unknown as JSONWebKeySet;
}

async function fetchJson(http: HttpCaller, url: string, failure: string): Promise<Record<string, unknown>> {
  const answer = await http({ method: "GET", url, headers: [], body: new Uint8Array(), timeoutMs });
  if (answer.kind !== "answered" || answer.status !== 200 || answer.body.length > keySetBytesMax)
    throw new Error(failure);
  try {
    const value: unknown = JSON.parse(Buffer.from(answer.body).toString());
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // No JSON: as if it had not answered.
  }
  throw new Error(failure);
}
