import { Buffer } from "node:buffer";
import type { AsyncInvocations, FunctionInvoker, Operation } from "@tripline/kernel";
import type { FunctionRegistry } from "../function-registry.ts";
import { limits } from "../limits.ts";
import { checkFunction, toClientContext, toPayload } from "./invocation-input.ts";

/** Input of Invoke. */
export interface InvokeInput {
  FunctionName: string;
  Qualifier?: string;
  InvocationType?: "RequestResponse" | "Event" | "DryRun";
  LogType?: "None" | "Tail";
  /** Base64 of JSON, at most 3,583 bytes. */
  ClientContext?: string;
  Payload?: Uint8Array;
}

/** Output of Invoke. */
export interface InvokeOutput {
  StatusCode: number;
  FunctionError?: string;
  LogResult?: string;
  Payload?: Uint8Array;
  ExecutedVersion?: string;
}

/** What the operation needs. */
export interface InvokeOperationOptions {
  registry: FunctionRegistry;
  invoker: FunctionInvoker;
  asyncInvocations: () => AsyncInvocations;
}

/**
 * Runs a function and waits (`RequestResponse`), queues an event (`Event`), or checks the request only (`DryRun`).
 * An empty payload reaches the function as `{}`. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function invokeOperation(options: InvokeOperationOptions): Operation<InvokeInput, InvokeOutput> {
  return {
    name: "Invoke",
    honoured: ["FunctionName", "Qualifier", "InvocationType", "LogType", "ClientContext", "Payload"],
    refused: {
      TenantId: "tenant isolation is not simulated",
      DurableExecutionName: "durable functions are not simulated",
    },
    async run(input, context) {
      const type = input.InvocationType ?? "RequestResponse";
      const functionArn = checkFunction(options.registry, input);
      const payload = toPayload(
        input.Payload,
        type === "Event" ? limits.asyncPayloadBytesMax : limits.syncPayloadBytesMax,
      );
      const clientContext = type === "Event" ? undefined : toClientContext(input.ClientContext); // Lambda drops it
      if (type === "DryRun") return { StatusCode: 204 };
      const traceId = context.headers["x-amzn-trace-id"];
      const request = {
        functionName: input.FunctionName,
        ...(input.Qualifier === undefined ? {} : { qualifier: input.Qualifier }),
        payload,
        source: "lambda",
        requestId: context.requestId,
        ...(traceId === undefined ? {} : { traceId }),
      };
      if (type === "Event") {
        await options.asyncInvocations().accept({ ...request, sourceArn: functionArn });
        return { StatusCode: 202 };
      }
      const result = await options.invoker.invoke({
        ...request,
        ...(clientContext === undefined ? {} : { clientContext }),
      });
      return {
        StatusCode: 200,
        Payload: result.payload,
        ExecutedVersion: result.executedVersion,
        ...(result.functionError === undefined ? {} : { FunctionError: result.functionError }),
        ...(input.LogType === "Tail" ? { LogResult: Buffer.from(result.logTail()).toString("base64") } : {}),
      };
    },
  };
}
