/** AWS JSON 1.0 and 1.1. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import { readJsonStructure } from "../codec/json-reader.ts";
import { toJsonStructure } from "../codec/json-writer.ts";
import type { EndpointRequest } from "../endpoint-request.ts";
import {
  type EventDocuments,
  eventStreamMember,
  eventStreamType,
  writeEventStream,
} from "../event-stream/write-event-stream.ts";
import type { ServiceModel } from "../model/service-model.ts";
import { serializationException } from "../wire-errors.ts";
import { toErrorDocument } from "./error-document.ts";
import type { Protocol, ResponseIds } from "./protocol.ts";
import { queryError } from "./query-error.ts";

/** The protocol for `model`; `version` is that of the content type. */
export function createAwsJson(model: ServiceModel, version: "1.0" | "1.1"): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  const headers = ({ requestId }: ResponseIds): string[] => [
    "content-type",
    contentType,
    "x-amzn-requestid",
    requestId,
  ];
  /** Older clients of DynamoDB check it. */
  const withChecksum = (rawHeaders: string[], body: string): string[] => {
    if (model.id === "dynamodb") rawHeaders.push("x-amz-crc32", String(crc32(body)));
    return rawHeaders;
  };
  const documents: EventDocuments = {
    contentType,
    write: (shape, value) => JSON.stringify(toJsonStructure(shape, value)),
    writeError: (error) => JSON.stringify(toErrorDocument(model, error)),
  };
  return {
    open(request) {
      const target = request.headers["x-amz-target"] ?? "";
      const operation = target.slice(target.lastIndexOf(".") + 1);
      const found = model.operations.get(operation);
      return {
        operation,
        model: found,
        async read() {
          const document = parseJsonBody(await request.body(model.bodyBytesMax));
          return found?.input === undefined ? {} : readJsonStructure(found.input, document);
        },
      };
    },
    encode(operation, output, ids) {
      const shape = operation.output;
      const events = eventStreamMember(shape);
      if (shape !== undefined && events !== undefined) {
        const { [events.name]: stream, ...initial } = output as Readonly<Record<string, unknown>>;
        return {
          status: 200,
          rawHeaders: ["content-type", eventStreamType, "x-amzn-requestid", ids.requestId],
          body: writeEventStream(
            model,
            events,
            stream as AsyncIterable<object>,
            documents,
            documents.write(shape, initial) as string,
          ),
        };
      }
      const body = shape === undefined ? "" : JSON.stringify(toJsonStructure(shape, output));
      return { status: 200, rawHeaders: withChecksum(headers(ids), body), body };
    },
    encodeError(error, ids) {
      const namespace = model.errors.has(error.code) ? model.namespace : coralNamespace(error.code);
      const rawHeaders = headers(ids);
      if (model.isQueryCompatible === true) {
        rawHeaders.push("x-amzn-query-error", queryError(model, error));
      }
      const body = JSON.stringify({ __type: `${namespace}#${error.code}`, ...toErrorDocument(model, error) });
      return { status: error.status, rawHeaders: withChecksum(rawHeaders, body), body };
    },
  };
}

/** Where errors that the model does not have come from. */
function coralNamespace(code: string): string {
  return code === "ValidationException" ? "com.amazon.coral.validate" : "com.amazon.coral.service";
}

/** The document of a body; an empty body is an empty structure. Throws SerializationException. */
export function parseJsonBody(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  } catch (error) {
    throw serializationException(error instanceof Error ? error.message : String(error));
  }
}

/** Whether a request is in this protocol. */
export function isAwsJson(request: EndpointRequest): boolean {
  return request.headers["x-amz-target"] !== undefined;
}
