/**
 * Lambda's asynchronous queue. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 *
 * A1. An event is accepted when it is durable; nothing runs before.
 * A2. What is accepted keeps its request id through every attempt.
 * A3. After a crash what was accepted and not settled goes on at `start`.
 * A4. A service is let in by the function's policy when its event is accepted, not when the function runs.
 */
import {
  type AsyncInvocationRequest,
  type AsyncInvocations,
  type Delivery,
  type DeliveryTarget,
  type FunctionFacts,
  type NewAsyncEvent,
  type Scope,
  toArn,
} from "@tripline/kernel";
import type { RampBounds } from "../concurrency-ramp.ts";
import { parseFunctionName } from "../function-name.ts";
import { requestTooLarge, resourceNotFound } from "../lambda-errors.ts";
import type { AsyncHouse } from "./async-house.ts";
import { toEventRecord } from "./event-record.ts";
import { FunctionLane } from "./function-lane.ts";
import { asyncPayloadBytesMax } from "./limits.ts";

/** The queue: see the module's header. */
export interface AsyncQueue extends AsyncInvocations {
  /** Takes deliveries for functions. */
  readonly target: DeliveryTarget;
  start(): Promise<void>;
  /** Begins no more events, and waits for those in hand. What waits stays durable. */
  stop(): Promise<void>;
}

interface Accepted {
  event: NewAsyncEvent;
  facts: FunctionFacts;
}

/** Builds the queue. */
export function createAsyncQueue(house: AsyncHouse, options: { scope: Scope; bounds: RampBounds }): AsyncQueue {
  const { rng, bus, functions, access, store, nowMs } = house;
  const lanes = new Map<string, FunctionLane>();
  let isRunning = false;

  const wake = (functionName: string): void => {
    if (!isRunning) return;
    let lane = lanes.get(functionName);
    if (lane === undefined) {
      lane = new FunctionLane(house, functionName, options.bounds);
      lanes.set(functionName, lane);
    }
    lane.wake();
  };

  const check = (request: AsyncInvocationRequest): Accepted => {
    const { functionName, qualifier } = parseFunctionName(request.functionName, request.qualifier);
    const facts = functions.find(request.functionName, request.qualifier);
    if (facts === undefined) {
      const arn = toArn(options.scope, "lambda", `function:${functionName}`);
      throw resourceNotFound(`Function not found: ${qualifier === undefined ? arn : `${arn}:${qualifier}`}`);
    }
    if (request.caller !== undefined) access.authorize(request.functionName, request.qualifier, request.caller); // A4
    if (request.payload.byteLength > asyncPayloadBytesMax) throw requestTooLarge(asyncPayloadBytesMax);
    const requestId = request.requestId ?? rng.uuid();
    const acceptedAtMs = nowMs();
    const event: NewAsyncEvent = {
      functionName: facts.functionName,
      ...(qualifier === undefined ? {} : { qualifier }),
      requestId,
      deliveryId: request.deliveryId ?? requestId,
      ...(request.parentId === undefined ? {} : { parentId: request.parentId }),
      source: request.source,
      ...(request.sourceArn === undefined ? {} : { sourceArn: request.sourceArn }),
      ...(request.traceId === undefined ? {} : { traceId: request.traceId }),
      payload: request.payload,
      acceptedAtMs,
      dueMs: acceptedAtMs,
    };
    return { event, facts };
  };

  const acceptAll = async (
    requests: readonly AsyncInvocationRequest[],
  ): Promise<PromiseSettledResult<{ requestId: string }>[]> => {
    const accepted: Accepted[] = [];
    const results = requests.map((request): PromiseSettledResult<{ requestId: string }> => {
      try {
        const one = check(request);
        accepted.push(one);
        return { status: "fulfilled", value: { requestId: one.event.requestId } };
      } catch (reason) {
        return { status: "rejected", reason };
      }
    });
    if (accepted.length === 0) return results;
    try {
      await store.add(accepted.map(({ event }) => event)); // A1
    } catch (reason) {
      return results.map((result) => (result.status === "rejected" ? result : { status: "rejected", reason }));
    }
    const isHeard = bus.hasListeners("delivery");
    const names = new Set<string>();
    for (const { event, facts } of accepted) {
      names.add(event.functionName);
      if (!isHeard) continue;
      const record = { targetArn: facts.functionArn, attempts: 0, nowMs: event.acceptedAtMs };
      bus.emit("delivery", toEventRecord(event, "accepted", record));
    }
    for (const name of names) wake(name);
    return results;
  };

  const deliverAll = async (deliveries: readonly Delivery[]): Promise<PromiseSettledResult<void>[]> => {
    const results = await acceptAll(deliveries.map(toRequest));
    return results.map((result) => (result.status === "rejected" ? result : { status: "fulfilled", value: undefined }));
  };

  return {
    acceptAll,
    async accept(request) {
      return unwrap(await acceptAll([request]));
    },
    target: {
      service: "lambda",
      deliverAll,
      async deliver(delivery) {
        unwrap(await deliverAll([delivery]));
      },
    },
    async start() {
      isRunning = true;
      for (const name of await store.functionNames()) wake(name); // A3
    },
    async stop() {
      isRunning = false;
      await Promise.all(Array.from(lanes.values(), (lane) => lane.stop()));
      lanes.clear();
    },
  };
}

function toRequest(delivery: Delivery): AsyncInvocationRequest {
  return {
    functionName: delivery.targetArn,
    payload: delivery.body,
    source: delivery.source,
    deliveryId: delivery.id,
    ...(delivery.sourceArn === undefined ? {} : { sourceArn: delivery.sourceArn }),
    ...(delivery.caller === undefined ? {} : { caller: delivery.caller }),
    ...(delivery.parentId === undefined ? {} : { parentId: delivery.parentId }),
  };
}

/** The only result of a list of one. */
function unwrap<T>(results: readonly PromiseSettledResult<T>[]): T {
  const [result] = results;
  if (result === undefined) throw new RangeError("no result");
  if (result.status === "rejected") throw result.reason;
  return result.value;
}
