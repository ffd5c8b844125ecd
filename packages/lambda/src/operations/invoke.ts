import { Buffer } from "node:buffer";
import type { AsyncInvocations, FunctionInvoker, Operation } from "@tripline/kernel";
import { invalidParameter, invalidRequestContent, requestTooLarge } from "../errors.ts";
import type { FunctionRegistry } from "../function-registry.ts";
import { limits } from "../limits.ts";

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

const emptyEvent = new TextEncoder().encode("{}");

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
      const definition = options.registry.describe(input.FunctionName, input.Qualifier);
      const payload = toPayload(
        input.Payload,
        type === "Event" ? limits.asyncPayloadBytesMax : limits.syncPayloadBytesMax,
      );
      const clientContext = toClientContext(input.ClientContext);
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
        await options.asyncInvocations().accept({ ...request, sourceArn: definition.functionArn });
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

function toPayload(payload: Uint8Array | undefined, limitBytes: number): Uint8Array {
  if (payload === undefined || payload.byteLength === 0) return emptyEvent;
  if (payload.byteLength > limitBytes) throw requestTooLarge(limitBytes);
  try {
    JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8"));
  } catch (error) {
    throw invalidRequestContent(error instanceof Error ? error.message : String(error));
  }
  return payload;
}

function toClientContext(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  if (base64.length > limits.clientContextBase64BytesMax) {
    throw invalidParameter(
      `Client context must be no more than ${limits.clientContextBase64BytesMax} bytes when base64-encoded.`,
    );
  }
  const text = Buffer.from(base64, "base64").toString("utf8");
  try {
    JSON.parse(text);
  } catch {
    throw invalidParameter("Client context must be a valid Base64-encoded JSON object."); // the cause says no more than that
  }
  return text;
}
