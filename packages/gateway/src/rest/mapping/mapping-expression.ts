/** Names of parameters, and what may be mapped to them. https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html */
import { invalidMapping } from "../../errors.ts";

/** Kinds of expressions. */
type Kind = "methodRequest" | "integrationRequest" | "requestSource" | "methodResponse" | "responseSource" | "cacheKey";

const requestPart = "(?:header|path|querystring|multivalueheader|multivaluequerystring)";
const name = String.raw`[A-Za-z0-9._$\-\[\]:~*+]+`;
const expressions: Readonly<Record<Kind, RegExp>> = {
  methodRequest: new RegExp(`^method\\.request\\.(?:header|path|querystring)\\.${name}$`),
  integrationRequest: new RegExp(`^integration\\.request\\.(?:header|path|querystring)\\.${name}$`),
  requestSource: new RegExp(
    `^(?:method\\.request\\.${requestPart}\\.${name}|method\\.request\\.body(?:[.[].*)?|context\\..+|stageVariables\\.[\\w]+|'[^]*')$`,
  ),
  methodResponse: new RegExp(`^method\\.response\\.header\\.${name}$`),
  responseSource: new RegExp(
    `^(?:integration\\.response\\.(?:multivalue)?header\\.${name}|integration\\.response\\.body(?:[.[].*)?|context\\..+|stageVariables\\.[\\w]+|'[^]*')$`,
  ),
  cacheKey: new RegExp(`^(?:method|integration)\\.request\\.${requestPart}\\.${name}$`),
};

/** Throws BadRequestException where `expression` is not of that kind. */
export function checkExpression(kind: Kind, expression: string): void {
  if (!expressions[kind].test(expression)) throw invalidMapping(`Invalid mapping expression specified: ${expression}`);
}

/** Throws where what a mapping reads from the request, or writes to the response, is not declared by the method. */
export function checkDeclared(expression: string, declared: Readonly<Record<string, boolean>> | undefined): void {
  if (!/^method\.(?:request\.(?:header|path|querystring)|response\.header)\./.test(expression)) return;
  if (declared?.[expression] === undefined)
    throw invalidMapping(`Invalid mapping expression parameter specified: ${expression}`);
}
