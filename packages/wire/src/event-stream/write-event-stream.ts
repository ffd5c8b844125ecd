/**
 * An output that is an event stream, as bytes. https://smithy.io/2.0/aws/amazon-eventstream.html
 *
 * V1. The operation answers an `AsyncIterable` of union members: `{ PayloadChunk: { Payload } }`.
 * V2. A member that is one of the model's errors, and a ServiceError thrown whose code is one, is an exception in the stream; any other
 *     error is an unmodelled one. Either is the last message.
 * V3. In the RPC protocols the output's other members come first, as `initial-response`. In REST they are headers.
 */
import { Buffer } from "node:buffer";
import { isServiceError, ServiceError } from "@tripline/kernel";
import type { ServiceModel } from "../model/service-model.ts";
import type { MemberShape, StructureShape } from "../model/shape.ts";
import { encodeEventMessage } from "./event-message.ts";

/** The content type of every event stream. */
export const eventStreamType = "application/vnd.amazon.eventstream";

/** How the protocol of the request writes a structure. */
export interface EventDocuments {
  contentType: string;
  write(shape: StructureShape, value: object): string | Uint8Array | Promise<string | Uint8Array>;
  /** An error's members and message. */
  writeError(error: ServiceError): string | Uint8Array;
}

/** The member of `output` that is an event stream. */
export function eventStreamMember(output: StructureShape | undefined): MemberShape | undefined {
  return output?.members.find((member) => member.isStreaming && member.shape.kind === "structure");
}

/** The stream's bytes; `initial` is the payload of V3. */
export async function* writeEventStream(
  model: ServiceModel,
  member: MemberShape,
  events: AsyncIterable<object>,
  documents: EventDocuments,
  initial?: string | Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  const union = member.shape as StructureShape;
  if (initial !== undefined) {
    const headers = {
      ":message-type": "event",
      ":event-type": "initial-response",
      ":content-type": documents.contentType,
    };
    yield encodeEventMessage(headers, toBytes(initial));
  }
  try {
    for await (const event of events) yield await encodeEvent(model, union, event, documents);
  } catch (error) {
    yield encodeFailure(union, error, documents); // V2
    if (!isServiceError(error)) throw error;
  }
}

async function encodeEvent(
  model: ServiceModel,
  union: StructureShape,
  event: object,
  documents: EventDocuments,
): Promise<Uint8Array> {
  const [name, value] = Object.entries(event)[0] as [string, Readonly<Record<string, unknown>>];
  const shape = union.byName.get(name)?.shape;
  if (shape?.kind !== "structure") throw new Error(`${union.name} has no event ${name}.`);
  if (model.errors.has(shape.name)) {
    const message = value["message"] ?? value["Message"];
    throw new ServiceError(shape.name, typeof message === "string" ? message : "", { members: value });
  }
  const headers: Record<string, string> = { ":message-type": "event", ":event-type": name };
  let payload: MemberShape | undefined;
  for (const one of shape.members) {
    if (one.event === "payload") payload = one;
    if (one.event === "header" && value[one.name] !== undefined) headers[one.name] = String(value[one.name]);
  }
  const body = payload === undefined ? value : value[payload.name];
  const kind = payload?.shape.kind ?? "structure";
  if (kind === "structure") {
    if (shape.members.length > 0) headers[":content-type"] = documents.contentType;
    const written =
      shape.members.length === 0
        ? ""
        : await documents.write((payload?.shape ?? shape) as StructureShape, body as object);
    return encodeEventMessage(headers, toBytes(written));
  }
  headers[":content-type"] = kind === "blob" ? "application/octet-stream" : "text/plain";
  return encodeEventMessage(headers, toBytes((body ?? "") as string | Uint8Array));
}

/** V2 */
function encodeFailure(union: StructureShape, error: unknown, documents: EventDocuments): Uint8Array {
  if (isServiceError(error)) {
    const member = union.members.find(({ shape }) => shape.kind === "structure" && shape.name === error.code);
    if (member !== undefined) {
      const body = toBytes(documents.writeError(error));
      return encodeEventMessage(
        { ":message-type": "exception", ":exception-type": member.name, ":content-type": documents.contentType },
        body,
      );
    }
  }
  const code = isServiceError(error) ? error.code : "InternalFailure";
  const text = error instanceof Error ? error.message : String(error);
  return encodeEventMessage(
    { ":message-type": "error", ":error-code": code, ":error-message": text.slice(0, errorMessageMax) },
    new Uint8Array(0),
  );
}

/** A header holds 32,767 bytes. */
const errorMessageMax = 8000;

function toBytes(written: string | Uint8Array): Uint8Array {
  return typeof written === "string" ? Buffer.from(written) : written;
}
