/**
 * CBOR of typed input and output, read by the rules of JSON (json-reader.ts): blobs are bytes, timestamps tagged numbers.
 *
 * Loaded on first use, as few clients speak it.
 */
import type { Shape, StructureShape } from "../model/shape.ts";
import { serializationException } from "../wire-errors.ts";
import { readJsonStructure } from "./json-reader.ts";

/** Reads and writes structures. */
export interface CborCodec {
  /** Throws SerializationException. */
  read(shape: StructureShape, bytes: Uint8Array): Record<string, unknown>;
  write(shape: StructureShape, value: object): Uint8Array;
  /** What has no shape: an error's members. */
  writeRaw(value: object): Uint8Array;
}

const epochTag = 1;

/** `unitMs` is one unit of a timestamp: 1000 in Smithy's RPC protocol, 1 in the older clients of Kinesis. */
export async function loadCborCodec(unitMs: number): Promise<CborCodec> {
  const { cbor, tag } = await import("./client-cbor.ts");
  const toCbor = (shape: Shape, value: unknown): unknown => {
    switch (shape.kind) {
      case "list":
        return Array.isArray(value) ? value.map((item: unknown) => toCbor(shape.item, item)) : value;
      case "map":
        return Object.fromEntries(
          Object.entries(value as object).map(([key, one]: [string, unknown]) => [key, toCbor(shape.value, one)]),
        );
      case "structure":
        return fromStructure(shape, value as object);
      case "timestamp":
        return value instanceof Date ? tag({ tag: epochTag, value: value.getTime() / unitMs }) : value;
      default:
        return value;
    }
  };
  const fromStructure = (shape: StructureShape, value: object): Record<string, unknown> => {
    const written: Record<string, unknown> = {};
    for (const [name, given] of Object.entries(value)) {
      const member = shape.byName.get(name);
      if (member !== undefined && given !== undefined && given !== null) written[name] = toCbor(member.shape, given);
    }
    return written;
  };
  return {
    read(shape, bytes) {
      if (bytes.byteLength === 0) return {};
      let document: unknown;
      try {
        document = cbor.deserialize(bytes);
      } catch (error) {
        throw serializationException(error instanceof Error ? error.message : String(error));
      }
      return readJsonStructure(shape, withDates(document, unitMs));
    },
    write: (shape, value) => cbor.serialize(fromStructure(shape, value)),
    writeRaw: (value) => cbor.serialize(value),
  };
}

/** Tagged numbers as dates, in place; the numbers that JavaScript has no exact number for as near ones. */
function withDates(value: unknown, unitMs: number): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const holder = value as Record<string, unknown>;
  if (typeof holder["tag"] === "number" && Object.getOwnPropertySymbols(holder).length > 0) {
    if (holder["tag"] !== epochTag || Number.isNaN(Number(holder["value"]))) {
      throw serializationException(`The tag ${holder["tag"]} is not one of this protocol.`);
    }
    return new Date(Math.round(Number(holder["value"]) * unitMs));
  }
  for (const name of Object.keys(holder)) {
    const given = holder[name];
    const read = withDates(given, unitMs);
    if (read !== given)
      Object.defineProperty(holder, name, { value: read, enumerable: true, writable: true, configurable: true });
  }
  return holder;
}
