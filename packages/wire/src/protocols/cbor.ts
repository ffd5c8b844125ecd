/**
 * The two protocols in CBOR:
 *
 * - Smithy's RPC v2: the operation in the path, timestamps in seconds. https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 * - AWS JSON 1.1 in CBOR, which the Java clients of Kinesis speak: the operation in `X-Amz-Target`, timestamps in milliseconds.
 */
import type { ServiceError } from "@tripline/kernel";
import { type CborCodec, loadCborCodec } from "../codec/cbor-codec.ts";
import {
  type EventDocuments,
  eventStreamMember,
  eventStreamType,
  writeEventStream,
} from "../event-stream/write-event-stream.ts";
import type { ServiceModel } from "../model/service-model.ts";
import type { Protocol, ResponseIds } from "./protocol.ts";
import { queryError } from "./query-error.ts";

/** Which of the two. */
export interface CborFlavour {
  contentType: string;
  /** The header `smithy-protocol`. */
  smithyProtocol?: string;
  timestampUnitMs: number;
}

/** Smithy's. */
export const rpcV2Cbor: CborFlavour = {
  contentType: "application/cbor",
  smithyProtocol: "rpc-v2-cbor",
  timestampUnitMs: 1000,
};

/** Kinesis's. */
export const awsCbor: CborFlavour = { contentType: "application/x-amz-cbor-1.1", timestampUnitMs: 1 };

/** The protocol for `model`. */
export async function createCbor(model: ServiceModel, flavour: CborFlavour): Promise<Protocol> {
  const codec: CborCodec = await loadCborCodec(flavour.timestampUnitMs);
  const headers = ({ requestId }: ResponseIds, contentType = flavour.contentType): string[] => [
    ...(flavour.smithyProtocol === undefined ? [] : ["smithy-protocol", flavour.smithyProtocol]),
    "content-type",
    contentType,
    "x-amzn-requestid",
    requestId,
  ];
  const toErrorBody = (error: ServiceError): Uint8Array => {
    const shape = model.errors.get(error.code);
    const namespace = shape === undefined ? "com.amazon.coral.service" : model.namespace;
    const messageName = shape?.byName.has("Message") === true ? "Message" : "message";
    const type = flavour.smithyProtocol === undefined ? error.code : `${namespace}#${error.code}`;
    const members = Object.entries(error.members).filter(([, value]) => value !== undefined);
    return codec.writeRaw({ __type: type, ...Object.fromEntries(members), [messageName]: error.message });
  };
  const documents: EventDocuments = {
    contentType: flavour.contentType,
    write: (shape, value) => codec.write(shape, value),
    writeError: toErrorBody,
  };

  return {
    open(request) {
      const operation =
        flavour.smithyProtocol === undefined
          ? (request.headers["x-amz-target"] ?? "").split(".").at(-1)
          : request.path.split("/").at(-1);
      const found = model.operations.get(operation ?? "");
      return {
        operation: operation ?? "",
        model: found,
        async read() {
          const bytes = await request.body(model.bodyBytesMax);
          return found?.input === undefined ? {} : codec.read(found.input, bytes);
        },
      };
    },
    encode({ output: shape }, output, ids) {
      if (shape === undefined) return { status: 200, rawHeaders: headers(ids), body: codec.writeRaw({}) };
      const events = eventStreamMember(shape);
      if (events === undefined) return { status: 200, rawHeaders: headers(ids), body: codec.write(shape, output) };
      const { [events.name]: stream, ...initial } = output as Readonly<Record<string, unknown>>;
      const body = writeEventStream(
        model,
        events,
        stream as AsyncIterable<object>,
        documents,
        codec.write(shape, initial),
      );
      return { status: 200, rawHeaders: headers(ids, eventStreamType), body };
    },
    encodeError(error, ids) {
      const rawHeaders = headers(ids);
      if (model.isQueryCompatible === true) rawHeaders.push("x-amzn-query-error", queryError(model, error));
      return { status: error.status, rawHeaders, body: toErrorBody(error) };
    },
  };
}
