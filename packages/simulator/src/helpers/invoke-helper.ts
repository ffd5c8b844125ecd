import type { InvokeResult } from "@tripline/kernel";
import type { House } from "../house.ts";
import type { ResourceNames } from "../resource-names.ts";

/** What a function answered. */
export interface InvokeOutcome {
  requestId: string;
  status: InvokeResult["status"];
  /** The answer, parsed; the text itself where it is no JSON. For a failed function: its error. */
  payload: unknown;
  /** Present when the function failed. */
  functionError?: "Unhandled";
  coldStart: boolean;
  durationMs: number;
  /** The last 4 KB of its log. */
  log: string;
}

/** See `Simulator.invoke`. */
export interface InvokeHelper {
  (functionName: string, event?: unknown): Promise<InvokeOutcome>;
  (functionName: string, event: unknown, options: { async: true }): Promise<{ requestId: string }>;
}

/** See `Simulator.invoke`. */
export function createInvokeHelper(options: { house: House; names: ResourceNames }): InvokeHelper {
  const { house, names } = options;
  const encoder = new TextEncoder();
  const invoke = async (
    name: string,
    event: unknown = {},
    how?: { async: true },
  ): Promise<InvokeOutcome | { requestId: string }> => {
    const functionName = names.qualifiedFunctionName(name);
    const payload = encoder.encode(JSON.stringify(event));
    if (how?.async === true)
      return house.dispatcher.asyncInvocations.accept({ functionName, payload, source: "lambda" });
    const result = await house.invoker.invoke({ functionName, payload, source: "lambda" });
    return {
      requestId: result.requestId,
      status: result.status,
      payload: parse(result.payload),
      ...(result.functionError === undefined ? {} : { functionError: result.functionError }),
      coldStart: result.coldStart,
      durationMs: result.durationMs,
      log: result.logTail(),
    };
  };
  return invoke as InvokeHelper;
}

function parse(payload: Uint8Array): unknown {
  const text = new TextDecoder().decode(payload);
  try {
    return JSON.parse(text);
  } catch {
    return text; // a custom runtime may answer anything
  }
}
