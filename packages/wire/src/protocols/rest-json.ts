/** AWS restJson1, as Lambda speaks it. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
import { type HttpRequest, type HttpResponse, isServiceError, ServiceError } from "@tripline/kernel";
import { readJsonStructure } from "../codec/json-reader.ts";
import { toJsonStructure } from "../codec/json-writer.ts";
import { writeText } from "../codec/text-values.ts";
import { type EventDocuments, eventStreamType, writeEventStream } from "../event-stream/write-event-stream.ts";
import type { ServiceModel } from "../model/service-model.ts";
import { bodyStructure, outputBodyStructure, readRawPayload, readRestParts } from "../rest/rest-input.ts";
import { toRestOutput } from "../rest/rest-output.ts";
import { createRestRouter } from "../rest/rest-routes.ts";
import { parseJsonBody } from "./aws-json.ts";
import { toErrorDocument } from "./error-document.ts";
import type { Protocol } from "./protocol.ts";

const contentType = "application/json";

/** The protocol for `model`. */
export function createRestJson(model: ServiceModel): Protocol {
  const route = createRestRouter(model);
  const documents: EventDocuments = {
    contentType,
    write: (shape, value) => JSON.stringify(toJsonStructure(shape, value)),
    writeError: (error) => JSON.stringify(toErrorDocument(model, error)),
  };
  return {
    open(request) {
      const query = new URLSearchParams(request.query);
      const { method, path, headers } = request;
      const match = route({ method, path, query, headers, bucket: undefined });
      const operation = match?.operation;
      return {
        operation: operation?.name ?? `${method} ${path}`,
        model: operation,
        async read() {
          const input: Record<string, unknown> = {};
          if (match === undefined || operation?.input === undefined) return input;
          const body = readRestParts(operation.input, { ...match, query, headers }, input);
          if (body.payload === undefined && body.members.length === 0) return input;
          const bytes = await readBody(model, operation.name, request);
          if (body.payload === undefined) {
            return Object.assign(input, readJsonStructure(bodyStructure(operation.input), parseJsonBody(bytes)));
          }
          if (bytes.byteLength > 0) {
            const { name, shape } = body.payload;
            input[name] =
              shape.kind === "structure"
                ? readJsonStructure(shape, parseJsonBody(bytes))
                : readRawPayload(body.payload, bytes);
          }
          return input;
        },
      };
    },
    encode(operation, output, ids): HttpResponse {
      const { status, rawHeaders, payload, hasBodyMembers } = toRestOutput(operation, output);
      rawHeaders.push("x-amzn-requestid", ids.requestId);
      const asJson = (body: HttpResponse["body"]): HttpResponse => {
        if (status !== 204 && !hasHeader(rawHeaders, "content-type")) rawHeaders.push("content-type", contentType);
        return { status, rawHeaders, body };
      };
      if (payload === undefined) {
        const shape = operation.output;
        if (shape === undefined || !hasBodyMembers) return { status, rawHeaders, body: "" };
        return asJson(JSON.stringify(toJsonStructure(outputBodyStructure(shape), output)));
      }
      const { member, value } = payload;
      if (value === undefined || value === null) return { status, rawHeaders, body: "" };
      if (member.isStreaming && member.shape.kind === "structure") {
        const body = writeEventStream(model, member, value as AsyncIterable<object>, documents);
        return { status, rawHeaders: [...without(rawHeaders, "content-type"), "content-type", eventStreamType], body };
      }
      if (member.shape.kind === "structure") return asJson(JSON.stringify(toJsonStructure(member.shape, value)));
      return asJson(value as HttpResponse["body"]); // Lambda calls every payload JSON
    },
    encodeError: (error, ids) => ({
      status: error.status,
      rawHeaders: [
        "content-type",
        contentType,
        "x-amzn-requestid",
        ids.requestId,
        "x-amzn-errortype",
        error.code,
        ...errorHeaders(model, error),
      ],
      body: JSON.stringify(toErrorDocument(model, error)),
    }),
  };
}

function hasHeader(rawHeaders: readonly string[], name: string): boolean {
  return rawHeaders.some((one, at) => at % 2 === 0 && one === name);
}

/** Headers but the one that is set by the stream itself (InvokeWithResponseStream has a member for it). */
function without(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, at) => rawHeaders[at - (at % 2)] !== name);
}

/** The body; one that is too large is refused with the service's own code. */
async function readBody(model: ServiceModel, operation: string, request: HttpRequest): Promise<Uint8Array> {
  const { bodyBytesMax, tooLargeCode } = model;
  try {
    return await request.body(bodyBytesMax);
  } catch (error) {
    if (tooLargeCode === undefined || !isServiceError(error) || error.status !== 413) throw error;
    const text = `Request must be smaller than ${bodyBytesMax} bytes for the ${operation} operation`;
    throw new ServiceError(tooLargeCode, text, { status: 413, members: { Type: "User" } });
  }
}

/** Members of an error that are headers, such as Retry-After. */
function errorHeaders(model: ServiceModel, error: ServiceError): string[] {
  const members = model.errors.get(error.code)?.members ?? [];
  return members.flatMap(({ name, http, shape }) => {
    const value = error.members[name];
    return http.in === "header" && value !== undefined ? [http.name, writeText(shape, value, "http-date")] : [];
  });
}
