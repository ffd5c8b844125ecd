/**
 * The AWS endpoint: one port for every service. Requests are decoded and answers encoded by the service models; operations do the rest.
 *
 * E1. Handlers are asked first, and own whatever they match: what they hold in flight they say themselves.
 * E2. A request is in flight (see Activity) while it is decoded and answered, and while bytes of it are streamed. While its operation
 *     runs, or an event stream waits for its next event, it is the operation that says so: one that waits for simulated time (a long
 *     poll, a live tail) must let time pass.
 * E3. An operation sees only members that it honours; the rest is an error that names them (501 NotImplemented).
 * E4. Input that breaks the model (what must be set, lengths, ranges, patterns, enums) is refused in AWS's words before that.
 * E5. Signatures are not verified yet: that comes with identity. Any credentials will do, and none as well.
 * E6. Pages of other origins are told what the service's CORS rules say, with errors too.
 */
import {
  type Activity,
  type CallContext,
  type Clock,
  type HttpRequest,
  type HttpResponse,
  isServiceError,
  isSimulatorError,
  type Operation,
  type Rng,
  type Service,
  ServiceError,
} from "@tripline/kernel";
import { createHttpServer } from "./adapters/http-server.ts";
import { CallerGone, NodeRequest } from "./adapters/node-request.ts";
import { sendResponse } from "./adapters/send-response.ts";
import { createInputGuard, type InputGuard } from "./constraints/input-guard.ts";
import { eventStreamMember } from "./event-stream/write-event-stream.ts";
import { createMemberCheck, type MemberCheck } from "./member-support.ts";
import { loadModel, serviceFacts } from "./model/models.ts";
import type { OperationModel } from "./model/service-model.ts";
import { createProtocols, type Protocols } from "./protocols/protocols.ts";
import type { Protocol, ResponseIds } from "./protocols/protocol.ts";
import { createRequestRouter, type RequestRouter, type RequestTarget } from "./route-request.ts";
import { answerPreflight, crossOriginHeaders } from "./s3/cross-origin.ts";
import { checkPresignedExpiry } from "./s3/presigned-expiry.ts";
import { noSuchHost, notImplemented, operationNotImplemented } from "./wire-errors.ts";

/** Takes requests that are no AWS API: `/_tripline`, `/_api`, hosts of APIs. */
export interface EndpointHandler {
  matches(request: HttpRequest): boolean;
  handle(request: HttpRequest): Promise<HttpResponse>;
}

/** What the endpoint is built on. */
export interface EndpointOptions {
  /** By signing name. */
  services: ReadonlyMap<string, Service>;
  clock: Clock;
  rng: Rng;
  activity: Activity;
  handlers?: readonly EndpointHandler[];
  /** Whether input that breaks the model's constraints is refused before its operation sees it. Default true. */
  checksConstraints?: boolean;
  /** Told of errors that are neither AWS's nor the user's: bugs. Default: standard error. */
  onInternalError?: (error: unknown, request: HttpRequest) => void;
}

/** A server that is to be started once. */
export interface Endpoint {
  /** Rejects with SIM_PORT_IN_USE or SIM_ADDRESS_UNUSABLE. Port 0 takes a free one. */
  listen(address: { host: string; port: number }): Promise<{ host: string; port: number }>;
  /** Ends intake, lets requests in hand end for up to `graceMs` of real time (default 2000), then cuts every connection. */
  close(graceMs?: number): Promise<void>;
}

const graceMsDefault = 2000;

/** Builds the endpoint: see the module's header. */
export function createEndpoint(options: EndpointOptions): Endpoint {
  const front: Front = {
    route: createRequestRouter(serviceFacts),
    protocols: createProtocols(loadModel),
    plans: new WeakMap(),
  };
  const server = createHttpServer(async (incoming, outgoing) => {
    const request = new NodeRequest(incoming, outgoing);
    const done = new InFlight(options.activity);
    try {
      const response = await respond(options, front, request, done);
      const sending = sendResponse(outgoing, response, request.method);
      if (sending !== undefined) await sending;
    } catch (error) {
      if (!(error instanceof CallerGone) && !isServiceError(error)) report(options, error, request);
      outgoing.destroy();
    } finally {
      done.end();
    }
  });
  return {
    listen: (address) => server.listen(address),
    close: (graceMs = graceMsDefault) => server.close(graceMs),
  };
}

/** What every request needs, built once. */
interface Front {
  route: RequestRouter;
  protocols: Protocols;
  plans: WeakMap<Operation, CallPlan>;
}

/** E2: begun and ended as often as need be. */
class InFlight {
  readonly #activity: Activity;
  #end: (() => void) | undefined;

  constructor(activity: Activity) {
    this.#activity = activity;
  }

  begin(label: string): void {
    this.#end ??= this.#activity.begin(label);
  }

  end(): void {
    this.#end?.();
    this.#end = undefined;
  }
}

async function respond(
  options: EndpointOptions,
  front: Front,
  request: NodeRequest,
  inFlight: InFlight,
): Promise<HttpResponse> {
  for (const handler of options.handlers ?? []) {
    if (handler.matches(request)) return handle(options, handler, request); // E1
  }
  inFlight.begin("a request to the endpoint");
  const routed = front.route(request);
  const target = routed instanceof Promise ? await routed : routed;
  const known = front.protocols(target);
  const protocol = known instanceof Promise ? await known : known;
  const ids = toIds(target, options.rng);
  const crossOrigin = mayBeCrossOrigin(request) ? options.services.get(target.service)?.crossOrigin : undefined;
  let response: HttpResponse;
  try {
    if (crossOrigin !== undefined && request.method === "OPTIONS")
      return answerPreflight(request, target.hostBucket, crossOrigin);
    response = await call(options, front, { request, target, protocol, ids, inFlight });
  } catch (error) {
    if (error instanceof CallerGone) throw error;
    inFlight.begin("an answer of the endpoint");
    response = protocol.encodeError(toServiceError(options, error, target, request), ids, request);
  }
  if (crossOrigin !== undefined && request.method !== "OPTIONS")
    response.rawHeaders.push(...crossOriginHeaders(request, target.hostBucket, crossOrigin)); // E6
  return response;
}

function mayBeCrossOrigin(request: NodeRequest): boolean {
  return request.method === "OPTIONS" || request.headers["origin"] !== undefined;
}

interface Exchange {
  request: NodeRequest;
  target: RequestTarget;
  protocol: Protocol;
  ids: ResponseIds;
  inFlight: InFlight;
}

async function call(options: EndpointOptions, front: Front, exchange: Exchange): Promise<HttpResponse> {
  const { request, target, protocol, ids, inFlight } = exchange;
  if (target.service === "execute-api" || target.service === "lambda-url") {
    throw noSuchHost(request.headers["host"] ?? "");
  }
  if (target.service === "s3") checkPresignedExpiry(request.query, options.clock.now());
  const spoken = request.headers["smithy-protocol"];
  if (spoken !== undefined && spoken !== "rpc-v2-cbor")
    throw notImplemented(`Tripline does not speak the protocol ${spoken}.`);
  const opened = await protocol.open(request);
  const service = options.services.get(target.service);
  const operation = (service?.operations ?? (await service?.load()))?.get(opened.operation);
  const { model } = opened;
  if (operation === undefined || model === undefined) {
    const reason = (await service?.refusedOperations?.())?.get(opened.operation);
    throw operationNotImplemented(target.service, opened.operation, reason);
  }
  const input = await opened.read();
  const plan = planOf(front, target.service, operation, model);
  if (options.checksConstraints !== false) plan.guard(input); // E4
  plan.check(input); // E3
  const running = operation.run(input as never, new RequestContext(request, ids));
  if (!plan.isStreamed) inFlight.end(); // E2
  const output = await running;
  inFlight.begin("an answer of the endpoint");
  const { eventStream } = plan;
  if (eventStream === undefined) return protocol.encode(model, output ?? {}, ids);
  const members = output as Readonly<Record<string, unknown>>;
  const events = outOfFlight(members[eventStream] as AsyncIterable<object>, inFlight);
  return protocol.encode(model, { ...members, [eventStream]: events }, ids);
}

/** E2: `events`, in flight only from one's arrival until the next is asked for. */
function outOfFlight(events: AsyncIterable<object>, inFlight: InFlight): AsyncIterable<object> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = events[Symbol.asyncIterator]();
      return {
        async next() {
          const next = iterator.next();
          inFlight.end();
          try {
            return await next;
          } finally {
            inFlight.begin("an event of a stream");
          }
        },
        async return() {
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** What is worked out once for an operation. */
interface CallPlan {
  guard: InputGuard;
  check: MemberCheck;
  /** Its input holds bytes that are still to come. */
  isStreamed: boolean;
  /** The member of its output that is a stream of events. */
  eventStream: string | undefined;
}

function planOf(front: Front, service: string, operation: Operation, model: OperationModel): CallPlan {
  const known = front.plans.get(operation);
  if (known !== undefined) return known;
  const plan = {
    guard: createInputGuard(model),
    check: createMemberCheck(service, operation),
    isStreamed: model.input?.members.some((member) => member.isStreaming) === true,
    eventStream: eventStreamMember(model.output)?.name,
  };
  front.plans.set(operation, plan);
  return plan;
}

/**
 * A class, since the signal is made when it is asked for, which most operations never do, and an object with a getter of its own costs
 * more than all the decoding. A spread (`{ ...context }`) would not have the signal.
 */
class RequestContext implements CallContext {
  readonly requestId: string;
  readonly endpoint: string;
  readonly sourceIp: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly #request: NodeRequest;

  constructor(request: NodeRequest, { requestId }: ResponseIds) {
    this.requestId = requestId;
    this.endpoint = request.endpoint;
    this.sourceIp = request.sourceIp;
    this.headers = request.headers;
    this.#request = request;
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }
}

function toIds({ service }: RequestTarget, rng: Rng): ResponseIds {
  if (service !== "s3") return { requestId: rng.uuid(), hostId: "" };
  return { requestId: rng.hex(8).toUpperCase(), hostId: btoa(rng.hex(28)) };
}

function toServiceError(
  options: EndpointOptions,
  error: unknown,
  { service }: RequestTarget,
  request: HttpRequest,
): ServiceError {
  if (isServiceError(error)) return error;
  if (!isSimulatorError(error)) report(options, error, request);
  const text = error instanceof Error ? error.message : String(error);
  const code = internalErrorCodes[service] ?? "InternalFailure";
  return new ServiceError(code, text, { status: 500, members: service === "lambda" ? { Type: "Service" } : {} });
}

const internalErrorCodes: Readonly<Record<string, string>> = { lambda: "ServiceException", s3: "InternalError" };

async function handle(options: EndpointOptions, handler: EndpointHandler, request: NodeRequest): Promise<HttpResponse> {
  try {
    return await handler.handle(request);
  } catch (error) {
    if (error instanceof CallerGone) throw error;
    const status = isServiceError(error) ? error.status : 500;
    if (!isServiceError(error) && !isSimulatorError(error)) report(options, error, request);
    const message = error instanceof Error ? error.message : String(error);
    return { status, rawHeaders: ["content-type", "application/json"], body: `${JSON.stringify({ message })}\n` };
  }
}

function report({ onInternalError }: EndpointOptions, error: unknown, request: HttpRequest): void {
  if (onInternalError !== undefined) onInternalError(error, request);
  else console.error(`tripline: ${request.method} ${request.target} failed:`, error);
}
