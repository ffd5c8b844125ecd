/**
 * JWT authorizers. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 *
 * J1. In this order: there is a token, it can be decoded, its algorithm is RSA, one of the issuer's keys signed it, its claims hold.
 * J2. `iss` is the issuer to the letter; of `aud`, or where there is none of `client_id`, one is an audience of the authorizer's.
 * J3. `exp` is later than now, `nbf` and `iat` are not, on the simulator's clock, without leeway. A token without `exp` has expired.
 * J4. A route with scopes wants one of them in `scope` or `scp`: otherwise 403. Everything else is 401.
 * J5. `www-authenticate` says what is wrong, with the route's scopes; without a token it is `Bearer` alone.
 *
 * AWS publishes the text of a wrong audience alone. Those of a missing or malformed token, of an algorithm, of the issuer and of its endpoints are
 * known from its answers and logs; those of keys, times and scopes are ours in the same manner.
 */
import type { JWTPayload } from "jose";
import type { Clock } from "@tripline/kernel";
import type { KeySet, KeySets } from "../../tokens/key-sets.ts";
import type { HttpAuthorization, JwtAuthorizer, Refusal } from "./http-authorizer.ts";

const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

/** See the module's header. `given`: the value of the identity source. Never rejects. */
export async function authorizeJwt(
  { clock, issuerKeys }: { clock: Clock; issuerKeys: KeySets },
  authorizer: JwtAuthorizer,
  scopes: readonly string[],
  given: string | undefined,
): Promise<HttpAuthorization | Refusal> {
  const token = (given ?? "").replace(/^Bearer /i, "");
  if (token === "") return { status: 401, challenge: "Bearer", error: "missing: token not provided" }; // J5
  const refuse = (status: 401 | 403, error: string, text: string): Refusal => ({
    status,
    challenge: `Bearer scope="${scopes.join(" ")}" error="${error}" error_description="${text}"`,
    error: `${error}: ${text}`,
  });
  const decoded = decodeToken(token);
  if (typeof decoded === "string") return refuse(401, "invalid_token", decoded);
  const { header, claims } = decoded;
  const fault =
    (await faultOfSignature(issuerKeys, authorizer.issuer, token, header)) ??
    faultOfClaims(authorizer, claims, clock.now());
  if (fault !== undefined) return refuse(401, "invalid_token", fault);
  const owned = new Set([...toScopes(claims["scope"]), ...toScopes(claims["scp"])]);
  const granted = scopes.filter((scope) => owned.has(scope));
  if (scopes.length > 0 && granted.length === 0)
    return refuse(403, "insufficient_scope", "the token does not have a valid scope"); // J4
  return {
    jwt: {
      claims: Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, printClaim(value)])),
      scopes: scopes.length === 0 ? null : granted,
    },
  };
}

interface DecodedToken {
  header: Record<string, unknown>;
  claims: JWTPayload;
}

/** The parts of a token, or what is wrong with it. */
function decodeToken(token: string): DecodedToken | string {
  const parts = token.split(".");
  if (parts.length !== 3) return "token contains an invalid number of segments";
  const objects: Record<string, unknown>[] = [];
  for (const part of parts.slice(0, 2)) {
    const at = part.search(/[^\w-]/);
    if (at !== -1) return `illegal base64 data at input byte ${at}`;
    const object = parseObject(Buffer.from(part, "base64url").toString());
    if (object === undefined) return "token contains a segment that is not a JSON object";
    objects.push(object);
  }
  const [header = {}, claims = {}] = objects;
  return { header, claims };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** J1 */
async function faultOfSignature(
  issuerKeys: KeySets,
  issuer: string,
  token: string,
  { alg, kid }: DecodedToken["header"],
): Promise<string | undefined> {
  if (typeof alg !== "string" || !algorithms.includes(alg)) return `signing method ${String(alg)} is invalid`;
  const keyId = typeof kid === "string" ? kid : undefined;
  let keys: KeySet;
  try {
    keys = await issuerKeys.of(issuer, keyId);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (keyId === undefined || !keys.has(keyId)) return "the token does not have a valid key id";
  const { compactVerify } = await import("jose"); // loaded with the keys
  try {
    await compactVerify(token, keys.find, { algorithms });
    return undefined;
  } catch {
    return "the token does not have a valid signature";
  }
}

function faultOfClaims({ issuer, audience }: JwtAuthorizer, claims: JWTPayload, nowMs: number): string | undefined {
  if (claims.iss !== issuer) return "issuer does not match"; // J2
  const named: unknown[] = [claims.aud ?? claims["client_id"]].flat();
  if (!named.some((one) => typeof one === "string" && audience.includes(one)))
    return "the token does not have a valid audience";
  const { exp, nbf, iat } = claims; // J3
  if (typeof exp !== "number" || exp * 1000 <= nowMs) return "the token has expired";
  if (nbf !== undefined && !(nbf * 1000 <= nowMs)) return "the token is not valid yet";
  if (iat !== undefined && !(iat * 1000 <= nowMs)) return "the token was issued in the future";
  return undefined;
}

/** `a b` or `["a", "b"]`. */
function toScopes(claim: unknown): unknown[] {
  if (typeof claim === "string") return claim.split(" ");
  return Array.isArray(claim) ? claim : [];
}

/** As AWS prints claims: text as it is, lists as `[a b]`, objects as `map[a:1 b:2]`, nothing as `<nil>`. */
function printClaim(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(printClaim).join(" ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${members.map(([name, member]) => `${name}:${printClaim(member)}`).join(" ")}]`;
}
