/**
 * The AWS query protocol, which STS and IAM speak, and older clients of SQS. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 *
 * The queue may be named by the path alone, as the oldest clients do.
 */
import { Buffer } from "node:buffer";
import { NormalizedSchema } from "@smithy/core/schema";
import { ServiceError } from "@tripline/kernel";
import { readQuery } from "../codec/query-reader.ts";
import { loadXmlCodec, type XmlCodec } from "../codec/xml-codec.ts";
import type { EndpointRequest } from "../endpoint-request.ts";
import type { OperationModel, ServiceModel } from "../model/service-model.ts";
import type { SchemaRef } from "../model/shape.ts";
import type { Protocol, ResponseIds } from "./protocol.ts";
import { element, xmlDeclaration } from "./xml-text.ts";

const structureKind = 3;

/** A normalized schema would keep the name it has elsewhere. */
function toStatic(schema: SchemaRef): unknown {
  return NormalizedSchema.of(schema).getSchema();
}

/** The protocol for `model`. */
export function createAwsQuery(model: ServiceModel): Protocol {
  const namespace = model.xmlNamespace ?? "";
  const wrappers = new Map<string, SchemaRef>();
  let codec: Promise<XmlCodec> | undefined;
  const headers = ({ requestId }: ResponseIds): string[] => ["content-type", "text/xml", "x-amzn-requestid", requestId];

  /** The answer's schema: `<XResponse><XResult>…</XResult><ResponseMetadata>…`. */
  const wrapperOf = (operation: OperationModel): SchemaRef => {
    const known = wrappers.get(operation.name);
    if (known !== undefined) return known;
    const { name, output } = operation;
    const metadata = [structureKind, model.namespace, "ResponseMetadata", 0, ["RequestId"], [0]];
    const members: [string, SchemaRef][] =
      output === undefined ? [] : [[`${name}Result`, [() => toStatic(output.schema), 0] as SchemaRef]];
    members.push(["ResponseMetadata", [() => metadata, 0] as SchemaRef]);
    const wrapper = [
      structureKind,
      model.namespace,
      `${name}Response`,
      0,
      members.map(([member]) => member),
      members.map(([, schema]) => schema),
    ] as SchemaRef;
    wrappers.set(name, wrapper);
    return wrapper;
  };

  return {
    async open(request) {
      const fields = await readFields(request, model.bodyBytesMax);
      const operation = fields.get("Action");
      if (operation === null) throw missingAction();
      const found = model.operations.get(operation);
      return {
        operation,
        model: found,
        read() {
          const input = readQuery(found?.input, fields);
          if (
            input["QueueUrl"] === undefined &&
            found?.input?.byName.has("QueueUrl") === true &&
            isQueuePath(request.path)
          ) {
            input["QueueUrl"] = `${request.endpoint}${request.path}`;
          }
          return input;
        },
      };
    },
    async encode(operation, output, ids) {
      codec ??= loadXmlCodec(namespace);
      const value = { [`${operation.name}Result`]: output, ResponseMetadata: { RequestId: ids.requestId } };
      const body = xmlDeclaration + (await codec).write(wrapperOf(operation), value);
      return { status: 200, rawHeaders: headers(ids), body };
    },
    encodeError(error, ids) {
      const code = error.queryCode ?? model.queryCodes.get(error.code) ?? error.code;
      const message = model.queryMessages?.[code] ?? error.message;
      const body = `${xmlDeclaration}<ErrorResponse xmlns="${namespace}"><Error>${element("Type", error.fault)}${element("Code", code)}${element("Message", message)}${model.id === "sqs" ? "<Detail/>" : ""}</Error>${element("RequestId", ids.requestId)}</ErrorResponse>`;
      return { status: error.status, rawHeaders: headers(ids), body };
    },
  };
}

/** Those of the body (a form) and those of the URL. */
async function readFields(request: EndpointRequest, limitBytes: number): Promise<URLSearchParams> {
  const fields = new URLSearchParams(request.query);
  if (request.method !== "POST") return fields;
  const body = await request.body(limitBytes);
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  if (fields.size === 0) return new URLSearchParams(text);
  for (const [name, value] of new URLSearchParams(text)) fields.append(name, value);
  return fields;
}

/** `/000000000000/orders`. */
function isQueuePath(path: string): boolean {
  return /^\/\d{12}\/[^/]+$/.test(path);
}

function missingAction(): ServiceError {
  return new ServiceError("MissingAction", "The request must contain the parameter Action.");
}
