/** XML by the clients' own codec, loaded on first use: it is large, and a JSON-only run never needs it. */
import type { SchemaRef } from "../model/shape.ts";

/** Reads and writes shapes as XML. Schemas are those of the generated models. */
export interface XmlCodec {
  /** Throws where `bytes` are no XML, or hold a value of another type. */
  read(schema: SchemaRef, bytes: Uint8Array): unknown;
  /** The element of `value`, with the namespace on it. */
  write(schema: SchemaRef, value: object): string;
}

/** The codec takes any schema, though its type asks for a resolved one. */
type CodecSchema = Exclude<SchemaRef, (() => unknown) | readonly unknown[]>;

/** A codec whose root elements carry `namespace`. */
export async function loadXmlCodec(namespace: string): Promise<XmlCodec> {
  const { AwsRestXmlProtocol } = await import("./client-xml-codec.ts");
  const codec = new AwsRestXmlProtocol({ defaultNamespace: "", xmlNamespace: namespace }).getPayloadCodec();
  const deserializer = codec.createDeserializer();
  return {
    read: (schema, bytes) => deserializer.read(schema as CodecSchema, bytes) as unknown,
    write(schema, value) {
      const serializer = codec.createSerializer(); // holds what it writes
      serializer.write(schema as CodecSchema, value);
      return String(serializer.flush());
    },
  };
}
