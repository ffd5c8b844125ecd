/**
 * InvokeWithResponseStream: the response as it comes, as events. https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 *
 * W1. The call is answered when the response begins; what Lambda refuses before that is an error of the call.
 * W2. `PayloadChunk` for each piece, then `InvokeComplete`, with the error where the function failed, before or amid its response.
 * W3. A caller that goes away does not stop the function: the rest of its response is dropped.
 * A function that does not stream answers with one piece. Bandwidth is not limited, where Lambda gives 2 MB/s after the first 6 MB.
 */
import { Buffer } from "node:buffer";
import type { FunctionInvoker, InvokeResult, Operation, ResponseStream } from "@tripline/kernel";
import type { FunctionRegistry } from "../function-registry.ts";
import { limits } from "../limits.ts";
import { checkFunction, toClientContext, toPayload } from "./invocation-input.ts";

/** Input of InvokeWithResponseStream. */
export interface InvokeWithResponseStreamInput {
  FunctionName: string;
  Qualifier?: string;
  InvocationType?: "RequestResponse" | "DryRun";
  LogType?: "None" | "Tail";
  ClientContext?: string;
  Payload?: Uint8Array;
}

/** One event of the answer. */
export type InvokeResponseEvent =
  | { PayloadChunk: { Payload: Uint8Array } }
  | { InvokeComplete: { ErrorCode?: string; ErrorDetails?: string; LogResult?: string } };

/** Output of InvokeWithResponseStream. */
export interface InvokeWithResponseStreamOutput {
  StatusCode: number;
  ExecutedVersion?: string;
  ResponseStreamContentType?: string;
  EventStream?: AsyncIterable<InvokeResponseEvent>;
}

/** See the module's header. */
export function invokeWithResponseStreamOperation(options: {
  registry: FunctionRegistry;
  invoker: FunctionInvoker;
}): Operation<InvokeWithResponseStreamInput, InvokeWithResponseStreamOutput> {
  const { registry, invoker } = options;
  return {
    name: "InvokeWithResponseStream",
    honoured: ["FunctionName", "Qualifier", "InvocationType", "LogType", "ClientContext", "Payload"],
    refused: { TenantId: "tenant isolation is not simulated" },
    async run(input, context) {
      checkFunction(registry, input);
      const payload = toPayload(input.Payload, limits.syncPayloadBytesMax);
      const clientContext = toClientContext(input.ClientContext);
      if (input.InvocationType === "DryRun") return { StatusCode: 204 };
      const traceId = context.headers["x-amzn-trace-id"];
      let begin: (stream: ResponseStream) => void = () => undefined;
      const begun = new Promise<ResponseStream>((resolve) => {
        begin = resolve;
      });
      const result = invoker.invoke({
        functionName: input.FunctionName,
        ...(input.Qualifier === undefined ? {} : { qualifier: input.Qualifier }),
        payload,
        source: "lambda",
        requestId: context.requestId,
        ...(traceId === undefined ? {} : { traceId }),
        ...(clientContext === undefined ? {} : { clientContext }),
        onResponseStream: begin,
      });
      result.catch(ignore); // told by whoever awaits it
      const first = await Promise.race([begun, result]); // W1
      const isStreamed = "chunks" in first;
      return {
        StatusCode: 200,
        ExecutedVersion: first.executedVersion,
        ResponseStreamContentType: isStreamed ? first.contentType : "application/json",
        EventStream: toEvents(isStreamed ? first : undefined, result, input.LogType === "Tail"),
      };
    },
  };
}

/** W2. */
async function* toEvents(
  stream: ResponseStream | undefined,
  result: Promise<InvokeResult>,
  withLog: boolean,
): AsyncGenerator<InvokeResponseEvent, void, undefined> {
  const pieces = stream?.chunks[Symbol.asyncIterator]();
  let isRead = pieces === undefined;
  try {
    for (let next = await nextPiece(pieces); next !== undefined; next = await nextPiece(pieces)) {
      yield { PayloadChunk: { Payload: next } };
    }
    isRead = true;
    const done = await result;
    if (stream === undefined && done.functionError === undefined) yield { PayloadChunk: { Payload: done.payload } };
    yield {
      InvokeComplete: {
        ...(done.functionError === undefined
          ? {}
          : { ErrorCode: done.functionError, ErrorDetails: Buffer.from(done.payload).toString("utf8") }),
        ...(withLog ? { LogResult: Buffer.from(done.logTail()).toString("base64") } : {}),
      },
    };
  } finally {
    if (!isRead) void drop(pieces); // W3
  }
}

/** Undefined at the end, and where the function failed amid its response: its result says how. */
async function nextPiece(pieces: AsyncIterator<Uint8Array> | undefined): Promise<Uint8Array | undefined> {
  try {
    const next = await pieces?.next();
    return next?.done === false ? next.value : undefined;
  } catch {
    return undefined; // the result of the invocation has the error
  }
}

async function drop(pieces: AsyncIterator<Uint8Array> | undefined): Promise<void> {
  while ((await nextPiece(pieces)) !== undefined);
}

function ignore(): void {}
