import {
  type FunctionInvoker,
  type InvokeResult,
  isServiceError,
  type RealTime,
  type Scope,
  type ServiceCaller,
  type ServiceError,
  toArn,
} from "@tripline/kernel";

/** What came of a call of the function behind a route. */
export type IntegrationOutcome =
  | { kind: "answered"; result: InvokeResult }
  | { kind: "timeout" }
  /** Lambda refused: throttled, no such function, payload too large. */
  | { kind: "refused"; error: ServiceError };

/** What a client gets of a function's answer. */
export interface FunctionAnswer {
  status: number;
  /** Names and values alternating. */
  headers: string[];
  body: Uint8Array | string;
}

/** Calls the functions behind routes, within an integration's time limit. */
export interface FunctionIntegration {
  call(options: {
    functionArn: string;
    payload: Uint8Array;
    timeoutMs: number;
    traceId: string;
    /** What the function's policy must let in; absent where a role calls. */
    caller?: ServiceCaller;
  }): Promise<IntegrationOutcome>;
}

/** The limit is real time, on a virtual clock too: that is what a handler's process runs in. */
export function createFunctionIntegration(options: {
  invoker: FunctionInvoker;
  realTime: RealTime;
}): FunctionIntegration {
  const { invoker, realTime } = options;
  return {
    call: ({ functionArn, payload, timeoutMs, traceId, caller }) =>
      new Promise((resolve, reject) => {
        const cancel = realTime.after(timeoutMs, () => {
          resolve({ kind: "timeout" });
        });
        const request = { functionName: functionArn, payload, source: "apigateway", traceId };
        invoker.invoke(caller === undefined ? request : { ...request, caller }).then(
          (result) => {
            cancel();
            resolve({ kind: "answered", result });
          },
          (error: unknown) => {
            cancel();
            if (isServiceError(error)) resolve({ kind: "refused", error });
            else reject(error);
          },
        );
      }),
  };
}

/** API Gateway as a function's policy sees it. `route`: `GET/orders/{id}`, `$default`. */
export function toGatewayCaller(scope: Scope, apiId: string, stage: string, route: string): ServiceCaller {
  return {
    service: "apigateway.amazonaws.com",
    sourceArn: toArn(scope, "execute-api", `${apiId}/${stage}/${route}`),
    sourceAccount: scope.accountId,
  };
}
