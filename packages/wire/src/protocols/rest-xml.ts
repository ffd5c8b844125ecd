/**
 * AWS restXml, as S3 speaks it. https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
 *
 * X1. A streamed payload (an object's bytes) reaches the operation as `AsyncIterable<Uint8Array>`; see s3/upload-body.ts for what is
 *     checked. Checksums that come as trailers are set on the input before that iterable ends.
 * X2. `aws-chunked` is how the body travelled: it is taken off ContentEncoding, and ContentLength is that of the object.
 * X3. An answer to HEAD has no body; an error's body names code, text, resource and request.
 * X4. An answer with a range of an object is 206, which the model does not say.
 */
import type { HttpResponse, ServiceError } from "@tripline/kernel";
import { loadXmlCodec, type XmlCodec } from "../codec/xml-codec.ts";
import type { EndpointRequest } from "../endpoint-request.ts";
import { type EventDocuments, eventStreamType, writeEventStream } from "../event-stream/write-event-stream.ts";
import type { ServiceModel } from "../model/service-model.ts";
import type { MemberShape, StructureShape } from "../model/shape.ts";
import {
  bodyStructure,
  outputBodyStructure,
  type BodyMembers,
  readRawPayload,
  readRestParts,
} from "../rest/rest-input.ts";
import { toRestOutput } from "../rest/rest-output.ts";
import { createRestRouter, type RestMatch } from "../rest/rest-routes.ts";
import type { BucketAddress } from "../s3/bucket-address.ts";
import { isForm, openForm } from "../s3/form-upload.ts";
import { encodePostObject, postObjectOf } from "../s3/post-object.ts";
import { withPresignedHeaders } from "../s3/presigned-headers.ts";
import { isAwsChunked, openUploadBody, readUpload } from "../s3/upload-body.ts";
import { malformedXml } from "../wire-errors.ts";
import type { Call, Protocol, ResponseIds } from "./protocol.ts";
import { element, xmlDeclaration } from "./xml-text.ts";

/** The protocol for `model`; `addressOf` finds the bucket. */
export function createRestXml(model: ServiceModel, addressOf: (request: EndpointRequest) => BucketAddress): Protocol {
  const route = createRestRouter(model);
  const postObject = postObjectOf(model);
  let loading: Promise<XmlCodec> | undefined;
  const codec = (): Promise<XmlCodec> => (loading ??= loadXmlCodec(model.xmlNamespace ?? ""));

  const readDocument = async (shape: StructureShape, bytes: Uint8Array): Promise<Record<string, unknown>> => {
    const { read } = await codec();
    try {
      return read(shape.schema, bytes) as Record<string, unknown>;
    } catch {
      throw malformedXml(); // AWS says no more than that
    }
  };

  const documents: EventDocuments = {
    contentType: "text/xml",
    write: async (shape, value) => (await codec()).write(shape.schema, value),
    writeError: (error) => `<Error>${element("Code", error.code)}${element("Message", error.message)}</Error>`,
  };

  return {
    open(request): Call {
      const { bucket, path } = addressOf(request);
      if (request.method === "POST" && bucket !== undefined && path === "/" && isForm(request)) {
        return {
          operation: postObject.name,
          model: postObject,
          read: async () => ({ Bucket: bucket, ...(await openForm(request)) }),
        };
      }
      const query = new URLSearchParams(request.query);
      const headers = withPresignedHeaders(request, query);
      const match = route({ method: request.method, path, query, headers, bucket });
      return {
        operation: match?.operation.name ?? `${request.method} ${request.path}`,
        model: match?.operation,
        async read() {
          if (match?.operation.input === undefined) return {};
          const input: Record<string, unknown> = {};
          const body = readParts(match, match.operation.input, { request, query, headers, bucket }, input);
          await readBody(match.operation.input, body, { request, input, limitBytes: model.bodyBytesMax, readDocument });
          return input;
        },
      };
    },
    async encode(operation, output, ids) {
      if (operation === postObject) return encodePostObject(output, ids);
      const { status: modelled, rawHeaders, payload, hasBodyMembers } = toRestOutput(operation, output);
      const status = "ContentRange" in output ? 206 : modelled; // X4
      rawHeaders.push("x-amz-request-id", ids.requestId, "x-amz-id-2", ids.hostId);
      if (operation.http?.method === "HEAD") return { status, rawHeaders, body: "" }; // X3
      if (payload !== undefined) {
        const { member, value } = payload;
        if (value === undefined || value === null) return { status, rawHeaders, body: "" };
        if (member.isStreaming && member.shape.kind === "structure") {
          rawHeaders.push("content-type", eventStreamType);
          return {
            status,
            rawHeaders,
            body: writeEventStream(model, member, value as AsyncIterable<object>, documents),
          };
        }
        if (member.shape.kind !== "structure") return { status, rawHeaders, body: value as HttpResponse["body"] };
        return asXml({ status, rawHeaders, body: (await codec()).write(member.schema, value) });
      }
      const shape = hasBodyMembers ? operation.output : undefined;
      if (shape === undefined) return { status, rawHeaders, body: "" };
      return asXml({ status, rawHeaders, body: (await codec()).write(outputBodyStructure(shape).schema, output) });
    },
    encodeError: (error, ids, request) => toErrorResponse(error, ids, request),
  };
}

interface Source {
  request: EndpointRequest;
  query: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  bucket: string | undefined;
}

function readParts(
  match: RestMatch,
  shape: StructureShape,
  { request, query, headers, bucket }: Source,
  input: Record<string, unknown>,
): BodyMembers {
  const labels = bucket === undefined ? match.labels : { ...match.labels, Bucket: bucket };
  const body = readRestParts(shape, { labels, literals: match.literals, query, headers }, input);
  if (isAwsChunked(request.headers)) {
    const encodings = (request.headers["content-encoding"] ?? "")
      .split(",")
      .map((encoding) => encoding.trim())
      .filter((encoding) => encoding !== "" && encoding !== "aws-chunked");
    delete input["ContentEncoding"]; // X2
    if (encodings.length > 0 && shape.byName.has("ContentEncoding")) input["ContentEncoding"] = encodings.join(",");
  }
  return body;
}

interface BodyOptions {
  request: EndpointRequest;
  input: Record<string, unknown>;
  limitBytes: number;
  readDocument(shape: StructureShape, bytes: Uint8Array): Promise<Record<string, unknown>>;
}

async function readBody(shape: StructureShape, body: BodyMembers, options: BodyOptions): Promise<void> {
  const { request, input } = options;
  if (body.payload === undefined && body.members.length === 0) return;
  const upload = openUploadBody(request, (name, value) => {
    const member = shape.members.find(({ http }) => http.in === "header" && http.name === name);
    if (member !== undefined) input[member.name] = value; // X1
  });
  if (body.payload !== undefined && isStreamed(body.payload)) {
    if (shape.byName.has("ContentLength") && upload.lengthBytes !== undefined)
      input["ContentLength"] = upload.lengthBytes;
    input[body.payload.name] = upload.stream;
    return;
  }
  const bytes = await readUpload(upload, options.limitBytes);
  if (bytes.byteLength === 0) return;
  if (body.payload === undefined) {
    Object.assign(input, await options.readDocument(bodyStructure(shape), bytes));
  } else if (body.payload.shape.kind === "structure") {
    input[body.payload.name] = await options.readDocument(body.payload.shape, bytes);
  } else {
    input[body.payload.name] = readRawPayload(body.payload, bytes);
  }
}

function isStreamed(member: MemberShape): boolean {
  return member.isStreaming && member.shape.kind === "blob";
}

function asXml({ status, rawHeaders, body }: HttpResponse): HttpResponse {
  return {
    status,
    rawHeaders: [...rawHeaders, "content-type", "application/xml"],
    body: typeof body === "string" ? xmlDeclaration + body : body,
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function toErrorResponse(error: ServiceError, ids: ResponseIds, request: EndpointRequest): HttpResponse {
  const rawHeaders = ["x-amz-request-id", ids.requestId, "x-amz-id-2", ids.hostId];
  for (const [name, value] of Object.entries(error.headers)) rawHeaders.push(name, value);
  if (request.method === "HEAD" || error.status === 304) return { status: error.status, rawHeaders, body: "" }; // X3
  const members = Object.entries(error.members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => element(name, String(value)));
  const fields = [
    element("Code", error.code),
    element("Message", error.message),
    ...members,
    ...(error.members["Resource"] === undefined ? [element("Resource", request.path)] : []),
    element("RequestId", ids.requestId),
    element("HostId", ids.hostId),
  ];
  rawHeaders.push("content-type", "application/xml");
  return { status: error.status, rawHeaders, body: `${xmlDeclaration}<Error>${fields.join("")}</Error>` };
}
