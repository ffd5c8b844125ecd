/**
 * Serves a function URL: preflight, who is let in, the function, its answer.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 *
 * U1. With CORS configured, preflights are answered here, and what the function says of CORS is dropped.
 * U2. `NONE`: the function's policy must let everyone in. `AWS_IAM`: a request must be signed; whose key it carries is the caller.
 *     Differs from AWS: the signature itself is not verified until identities are.
 * U3. The answer carries the request id that the function's log has.
 * U4. A streamed response is passed on as it comes. One that fails amid is cut: it must not look whole.
 */
import {
  type EventBus,
  type FunctionAccess,
  type FunctionInvoker,
  type FunctionUrl,
  type HttpResponse,
  isServiceError,
  type ResponseStream,
  type Rng,
  type Scope,
  ServiceError,
} from "@tripline/kernel";
import { type GatewayRequest, headerOf } from "../gateway-request.ts";
import { corsHeaders, isPreflight, preflightHeaders } from "../http/cors.ts";
import { toEventV2 } from "../http/event-v2.ts";
import type { FunctionAnswer } from "../function-integration.ts";
import { signerOf, toIamAuthorizer } from "./request-signer.ts";
import { preludeType, readPrelude } from "./response-prelude.ts";
import { toUrlName } from "./url-address.ts";
import { toUrlAnswer, toUrlHead } from "./url-response.ts";

/** What serving needs. */
export interface FunctionUrlServing {
  scope: Scope;
  rng: Rng;
  bus: EventBus;
  invoker: FunctionInvoker;
  access: FunctionAccess;
}

/** Bytes of a request's body, as it stands in the event. */
const bodyBytesMax = 6_291_556;
const encoder = new TextEncoder();
const forbidden =
  "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";

/** See the module's header. */
export async function serveFunctionUrl(
  serving: FunctionUrlServing,
  url: FunctionUrl,
  request: GatewayRequest,
): Promise<HttpResponse> {
  const requestId = serving.rng.uuid();
  const reply = toReply(url, request, requestId);
  const origin = headerOf(request.request, "origin");
  if (url.cors !== undefined && origin !== undefined) {
    const requested = headerOf(request.request, "access-control-request-method");
    if (isPreflight(request.method, origin, requested))
      return { status: 200, rawHeaders: [...preflightHeaders(url.cors, origin), ...reply.ids], body: "" }; // U1
  }
  if (!isLetIn(serving, url, request)) return reply.error(403, "AccessDeniedException", { Message: forbidden });
  let body: Uint8Array;
  try {
    body = await request.request.body(bodyBytesMax);
  } catch (error) {
    if (isServiceError(error) && error.status === 413) return reply.error(413, ...tooLarge);
    throw error;
  }
  const payload = encoder.encode(toUrlEvent(serving, url, request, requestId, body));
  try {
    return await invoke(serving, url, payload, request.traceId, requestId, reply);
  } catch (error) {
    if (!isServiceError(error)) throw error;
    return toRefusal(error, reply);
  }
}

const tooLarge = [
  "RequestEntityTooLargeException",
  { Message: `Exceeded maximum allowed payload size (${bodyBytesMax} bytes).` },
] as const;

/** U2. */
function isLetIn({ access, bus }: FunctionUrlServing, url: FunctionUrl, { request }: GatewayRequest): boolean {
  if (url.authType === "AWS_IAM") return signerOf(request) !== undefined;
  const missing = access.missingForUrl(url.functionName, url.qualifier);
  if (missing.length > 0) {
    const message = `A request to the URL of ${toUrlName(url)} was refused: its policy does not allow everyone ${missing.join(" and ")}. Both are needed: lambda:InvokeFunctionUrl with FunctionUrlAuthType NONE, and lambda:InvokeFunction with InvokedViaFunctionUrl.`;
    bus.emit("notice", { level: "warning", subject: url.functionName, message });
  }
  return missing.length === 0;
}

function toUrlEvent(
  { scope }: FunctionUrlServing,
  url: FunctionUrl,
  request: GatewayRequest,
  requestId: string,
  body: Uint8Array,
): string {
  const signer = url.authType === "AWS_IAM" ? signerOf(request.request) : undefined;
  return toEventV2({
    request,
    scope,
    apiId: url.urlId,
    routeKey: "$default",
    requestId,
    pathParameters: {},
    stageVariables: {},
    body,
    functionUrl: {
      domainName: `${url.urlId}.lambda-url.${scope.region}.on.aws`,
      accountId: signer === undefined ? "anonymous" : scope.accountId,
      ...(signer === undefined ? {} : { authorizer: toIamAuthorizer(signer, scope) }),
    },
  });
}

async function invoke(
  { invoker }: FunctionUrlServing,
  url: FunctionUrl,
  payload: Uint8Array,
  traceId: string,
  requestId: string,
  reply: Reply,
): Promise<HttpResponse> {
  let begin: (stream: ResponseStream) => void = () => undefined;
  const begun = new Promise<ResponseStream>((resolve) => {
    begin = resolve;
  });
  const result = invoker.invoke({
    functionName: url.functionName,
    ...(url.qualifier === undefined ? {} : { qualifier: url.qualifier }),
    payload,
    source: "lambda-url",
    requestId,
    traceId,
    ...(url.invokeMode === "RESPONSE_STREAM" ? { onResponseStream: begin } : {}),
  });
  result.catch(() => undefined); // told by whoever awaits it
  const first = await Promise.race([begun, result]);
  if ("chunks" in first) return toStreamedResponse(first, reply);
  const answer = first.functionError === undefined ? toUrlAnswer(first.payload) : undefined;
  return answer === undefined ? reply.failed() : reply.answer(answer, answer.body);
}

/** U4. */
async function toStreamedResponse({ contentType, chunks }: ResponseStream, reply: Reply): Promise<HttpResponse> {
  const pieces = chunks[Symbol.asyncIterator]();
  try {
    if (contentType !== preludeType) {
      const head: FunctionAnswer = { status: 200, headers: ["content-type", contentType], body: "" };
      const first = await pieces.next(); // a function that fails before it has written anything is answered 502
      return reply.answer(head, first.done === true ? "" : toBody(first.value, pieces));
    }
    const whole = await readPrelude(pieces);
    const head = whole === undefined ? undefined : toUrlHead(whole.prelude);
    if (head === undefined) {
      void drain(pieces);
      return reply.failed();
    }
    return reply.answer(head, toBody(whole?.first, pieces));
  } catch {
    return reply.failed(); // the function failed before its prelude was whole; its log says how
  }
}

async function* toBody(
  first: Uint8Array | undefined,
  pieces: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let isRead = false;
  try {
    if (first !== undefined && first.length > 0) yield first;
    for (;;) {
      const next = await pieces.next();
      if (next.done === true) break;
      yield next.value;
    }
    isRead = true;
  } catch (error) {
    isRead = true;
    throw new ServiceError("Unhandled", error instanceof Error ? error.message : String(error), { status: 502 });
  } finally {
    if (!isRead) void drain(pieces); // nobody reads on; the function goes on
  }
}

async function drain(pieces: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    while ((await pieces.next()).done !== true);
  } catch {
    // The function failed: its log says how, and nobody is there to be told.
  }
}

function toRefusal(error: ServiceError, reply: Reply): HttpResponse {
  if (error.status === 413) return reply.error(413, ...tooLarge);
  if (error.status === 404 || error.status === 403) {
    return reply.error(403, "AccessDeniedException", { Message: forbidden });
  }
  if (error.status === 429) return reply.error(429, error.code, { ...error.members, message: error.message });
  return reply.failed();
}

interface Reply {
  /** U3. */
  ids: readonly string[];
  answer(answer: FunctionAnswer, body: HttpResponse["body"]): HttpResponse;
  error(status: number, type: string, body: object): HttpResponse;
  /** The function failed, or its answer is no response. */
  failed(): HttpResponse;
}

function toReply({ cors }: FunctionUrl, { request, traceId }: GatewayRequest, requestId: string): Reply {
  const ids = ["x-amzn-RequestId", requestId, "X-Amzn-Trace-Id", traceId];
  const own = [...(cors === undefined ? [] : corsHeaders(cors, headerOf(request, "origin"))), ...ids];
  const answer: Reply["answer"] = ({ status, headers }, body) => ({
    status,
    rawHeaders: [...(cors === undefined ? headers : withoutCors(headers)), ...own],
    body,
  });
  return {
    ids,
    answer,
    error: (status, type, body) => ({
      status,
      rawHeaders: ["content-type", "application/json", "x-amzn-ErrorType", type, ...own],
      body: JSON.stringify(body),
    }),
    failed: () => ({
      status: 502,
      rawHeaders: ["content-type", "text/plain; charset=utf-8", ...own],
      body: "Internal Server Error",
    }),
  };
}

/** U1. */
function withoutCors(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (!name.startsWith("access-control-")) kept.push(name, headers[index + 1] ?? "");
  }
  return kept;
}
