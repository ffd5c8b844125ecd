/**
 * Tokens of Cognito user pools. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
 *
 * 1. The token's issuer is one of the authorizer's pools, its signature one of that pool's keys, and it has not expired: on the simulator's clock.
 * 2. A method without scopes takes an identity token; one with scopes an access token that has at least one of them.
 * 3. Whatever is wrong is 401: with a text of its own for a token that has expired.
 */
import type { JWTPayload } from "jose";
import type { RestAuthorizer } from "../../definition/rest-api.ts";
import { type AuthorizerResult, definitionOf, type RestExchange } from "../exchange.ts";
import { toScalarText } from "../../../access-log.ts";
import { failures } from "../gateway-failure.ts";
import { sourceValue } from "../identity-source.ts";

/** See the module's header. */
export async function authorizeUserPool(exchange: RestExchange, authorizer: RestAuthorizer): Promise<AuthorizerResult> {
  const { authorizationScopes = [] } = definitionOf(exchange);
  const { payload, scopes, claims } = await verifyUserPoolToken(exchange, authorizer);
  const isRight =
    authorizationScopes.length === 0
      ? payload["token_use"] !== "access"
      : authorizationScopes.some((one) => scopes.includes(one)); // 2
  if (!isRight) throw failures.unauthorized();
  return { claims, ...(scopes.length === 0 ? {} : { scopes }) };
}

/** What the token says, whose issuer, signature, time and audience are right. Throws what a client sees otherwise. */
export async function verifyUserPoolToken(
  exchange: RestExchange,
  authorizer: RestAuthorizer,
): Promise<{ payload: JWTPayload; scopes: string[]; claims: Record<string, string> }> {
  const given = sourceValue(exchange, authorizer.identitySource ?? "") ?? "";
  const token = given.replace(/^Bearer /i, "");
  const expression = authorizer.identityValidationExpression;
  const payload = await verify(exchange, authorizer, token);
  if (
    expression !== undefined &&
    !new RegExp(expression).test(toClaim("aud", payload.aud ?? payload["client_id"] ?? ""))
  )
    throw failures.unauthorized();
  const scopes = typeof payload["scope"] === "string" ? payload["scope"].split(" ") : [];
  const claims = Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, toClaim(name, value)]));
  return { payload, scopes, claims };
}

/** 1 */
async function verify(exchange: RestExchange, authorizer: RestAuthorizer, token: string): Promise<JWTPayload> {
  const pools = (authorizer.providerARNs ?? []).flatMap((arn) => {
    const [, region = "", id = ""] = /^arn:[^:]+:cognito-idp:([^:]+):\d+:userpool\/(.+)$/.exec(arn) ?? [];
    return id === "" ? [] : [{ region, id }];
  });
  const { serving } = exchange;
  const { decodeJwt, decodeProtectedHeader, errors, jwtVerify } = await import("jose"); // when the first token comes
  try {
    const { iss = "" } = decodeJwt(token);
    const pool = pools.find(
      (one) => iss === `https://cognito-idp.${one.region}.amazonaws.com/${one.id}` || iss.endsWith(`/${one.id}`),
    );
    if (pool === undefined) throw failures.unauthorized();
    const keys = await serving.userPoolKeys.of(`${pool.region}/${pool.id}`, decodeProtectedHeader(token).kid);
    const { payload } = await jwtVerify(token, keys.find, {
      currentDate: new Date(serving.clock.now()),
      algorithms: ["RS256"],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw failures.expiredToken(); // 3
    exchange.log.error(`Unauthorized: ${error instanceof Error ? error.message : String(error)}`);
    throw failures.unauthorized();
  }
}

/** As AWS prints claims: lists joined by commas, times as dates. */
function toClaim(name: string, value: unknown): string {
  if ((name === "exp" || name === "iat") && typeof value === "number") {
    const [, day = "", date = "", month = "", year = "", time = ""] =
      /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(new Date(value * 1000).toUTCString()) ?? [];
    return `${day} ${month} ${date} ${time} UTC ${year}`;
  }
  if (Array.isArray(value)) return value.join(",");
  return toScalarText(value) ?? JSON.stringify(value);
}
