/**
 * Finds the function behind a request, has it run, and tells the bus what came of it.
 *
 * I1. Every attempt is recorded once on the bus, throttled ones too.
 * I2. A service that acts for a resource of its own is let in by the function's policy, or not at all.
 * I3. Nothing is parsed or copied on the way.
 */
import type {
  Clock,
  EventBus,
  FunctionAccess,
  FunctionInvoker,
  InvocationRecord,
  InvokeRequest,
  InvokeResult,
  Rng,
} from "@tripline/kernel";
import { isServiceError } from "@tripline/kernel";
import type { ExecutionManager } from "@tripline/execution";
import { invalidRuntime, requestTooLarge } from "./errors.ts";
import { requireInvocable } from "./function-access.ts";
import { type FunctionDefinition, toFunctionSpec } from "./function-definition.ts";
import { parseFunctionReference } from "./function-reference.ts";
import type { FunctionRegistry } from "./function-registry.ts";
import { limits } from "./limits.ts";
import { missingSdkNotice } from "./missing-sdk.ts";

/** What {@link createInvoker} needs. */
export interface InvokerOptions {
  clock: Clock;
  rng: Rng;
  bus: EventBus;
  registry: FunctionRegistry;
  access: FunctionAccess;
  execution: Pick<ExecutionManager, "invoke" | "describeRuntime">;
}

/** A {@link FunctionInvoker} over the registry and the execution manager. */
export function createInvoker(options: InvokerOptions): FunctionInvoker {
  const { clock, rng, bus, registry, access, execution } = options;
  /** Each function once, for each text. */
  const told = new Set<string>();
  const tellOfMissingSdk = (functionName: string, result: InvokeResult): void => {
    const message = missingSdkNotice(result);
    if (message === undefined || told.has(`${functionName} ${message}`)) return;
    told.add(`${functionName} ${message}`);
    bus.emit("notice", { level: "warning", subject: functionName, message });
  };
  const specs = new WeakMap<FunctionDefinition, ReturnType<typeof toFunctionSpec>>();
  const toSpec = (definition: FunctionDefinition): ReturnType<typeof toFunctionSpec> => {
    let spec = specs.get(definition);
    if (spec === undefined) {
      const runtime = execution.describeRuntime(definition.runtime);
      if (!runtime.supported) throw invalidRuntime(runtime.reason);
      spec = toFunctionSpec(definition);
      specs.set(definition, spec);
    }
    return spec;
  };

  return {
    async invoke(request) {
      const definition = registry.resolve(request.functionName, request.qualifier);
      if (request.caller !== undefined) access.authorize(request.functionName, request.qualifier, request.caller); // I2
      requireInvocable(definition);
      if (request.payload.byteLength > limits.syncPayloadBytesMax) throw requestTooLarge(limits.syncPayloadBytesMax);
      const qualifier = request.qualifier ?? qualifierIn(request.functionName);
      const identified = {
        ...request,
        ...(qualifier === undefined ? {} : { qualifier }), // the invoked ARN has it, wherever it was given
        requestId: request.requestId ?? rng.uuid(),
      };
      const startedAtMs = clock.now();
      try {
        const result = await execution.invoke(toSpec(definition), identified);
        if (result.functionError !== undefined) tellOfMissingSdk(definition.functionName, result);
        if (bus.hasListeners("invocation"))
          bus.emit("invocation", toRecord(definition, identified, startedAtMs, result)); // I1
        return result;
      } catch (error) {
        if (isServiceError(error) && error.status === 429 && bus.hasListeners("invocation")) {
          bus.emit("invocation", toThrottledRecord(definition, identified, startedAtMs, error.message));
        }
        throw error;
      }
    },
  };
}

/** A plain name has none, and is not taken apart. */
function qualifierIn(functionName: string): string | undefined {
  return functionName.includes(":") ? parseFunctionReference(functionName).qualifier : undefined;
}

type IdentifiedRequest = InvokeRequest & { requestId: string };

function toRecord(
  definition: FunctionDefinition,
  request: IdentifiedRequest,
  startedAtMs: number,
  result: InvokeResult,
): InvocationRecord {
  return {
    requestId: request.requestId,
    functionName: definition.functionName,
    executedVersion: result.executedVersion,
    source: request.source,
    deliveryIds: request.deliveryIds ?? [],
    status: result.status,
    startedAtMs,
    durationMs: result.durationMs,
    billedDurationMs: result.billedDurationMs,
    coldStart: result.coldStart,
    attempt: request.attempt ?? 1,
    environmentId: result.environmentId,
    payload: request.payload,
    response: result.payload,
    ...(result.initDurationMs === undefined ? {} : { initDurationMs: result.initDurationMs }),
    ...(result.memoryUsedBytes === undefined ? {} : { memoryUsedBytes: result.memoryUsedBytes }),
    ...(result.errorType === undefined ? {} : { errorType: result.errorType }),
    ...(result.errorMessage === undefined ? {} : { errorMessage: result.errorMessage }),
  };
}

function toThrottledRecord(
  definition: FunctionDefinition,
  request: IdentifiedRequest,
  startedAtMs: number,
  message: string,
): InvocationRecord {
  return {
    requestId: request.requestId,
    functionName: definition.functionName,
    executedVersion: definition.version,
    source: request.source,
    deliveryIds: request.deliveryIds ?? [],
    status: "throttled",
    startedAtMs,
    durationMs: 0,
    billedDurationMs: 0,
    coldStart: false,
    attempt: request.attempt ?? 1,
    errorType: "TooManyRequestsException",
    errorMessage: message,
    payload: request.payload,
  };
}
