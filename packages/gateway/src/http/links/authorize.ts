/** Asks the route's authorizer who calls. Its refusal ends the request. */
import { authorizeJwt } from "../authorizers/authorize-jwt.ts";
import { authorizeRequest } from "../authorizers/authorize-request.ts";
import type { HttpAuthorization, HttpAuthorizer, Refusal } from "../authorizers/http-authorizer.ts";
import { identityValue } from "../authorizers/identity-source.ts";
import { type HttpExchange, routeOf } from "../http-exchange.ts";
import { httpFailures } from "../http-failure.ts";

/** See the module's header. */
export function authorizeRoute(exchange: HttpExchange): undefined | Promise<undefined> {
  const { authorizer } = routeOf(exchange);
  return authorizer === undefined ? undefined : authorize(exchange, authorizer);
}

async function authorize(exchange: HttpExchange, authorizer: HttpAuthorizer): Promise<undefined> {
  const found = await ask(exchange, authorizer);
  if (!("status" in found)) {
    exchange.authorizer = found;
    return;
  }
  if (found.error !== undefined) exchange.authorizerFacts = { ...exchange.authorizerFacts, error: found.error };
  const challenge = found.challenge === undefined ? [] : ["www-authenticate", found.challenge];
  if (found.status === 401) throw httpFailures.unauthorized(challenge);
  throw found.status === 403 ? httpFailures.denied(challenge) : httpFailures.authorizer();
}

function ask(exchange: HttpExchange, authorizer: HttpAuthorizer): Promise<HttpAuthorization | Refusal> {
  if (authorizer.type === "REQUEST") return authorizeRequest(exchange, authorizer);
  const { scopes = [] } = routeOf(exchange);
  return authorizeJwt(exchange.serving, authorizer, scopes, identityValue(exchange, authorizer.identitySource));
}
