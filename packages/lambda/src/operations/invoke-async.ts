import type { AsyncInvocations, Operation } from "@tripline/kernel";
import type { FunctionRegistry } from "../function-registry.ts";
import { limits } from "../limits.ts";
import { checkFunction, toPayload } from "./invocation-input.ts";

/** Input of InvokeAsync. */
export interface InvokeAsyncInput {
  FunctionName: string;
  InvokeArgs: Uint8Array;
}

/** The older form of Invoke with `InvocationType: Event`. https://docs.aws.amazon.com/lambda/latest/api/API_InvokeAsync.html */
export function invokeAsyncOperation(options: {
  registry: FunctionRegistry;
  asyncInvocations: () => AsyncInvocations;
}): Operation<InvokeAsyncInput, { Status: number }> {
  return {
    name: "InvokeAsync",
    honoured: ["FunctionName", "InvokeArgs"],
    async run(input, context) {
      const sourceArn = checkFunction(options.registry, input);
      const payload = toPayload(input.InvokeArgs, limits.asyncPayloadBytesMax);
      const { requestId } = context;
      const functionName = input.FunctionName;
      await options.asyncInvocations().accept({ functionName, payload, source: "lambda", sourceArn, requestId });
      return { Status: 202 };
    },
  };
}
