import type { HttpResponse, ServiceError } from "@tripline/kernel";
import type { EndpointRequest } from "../endpoint-request.ts";
import type { OperationModel } from "../model/service-model.ts";

/** What a response is told about its request. */
export interface ResponseIds {
  requestId: string;
  /** S3's `x-amz-id-2`. */
  hostId: string;
}

/** A request whose operation is known, not yet decoded. */
export interface Call {
  operation: string;
  /** Undefined where the model has no such operation. */
  model: OperationModel | undefined;
  /** Decodes. Throws ServiceError (SerializationException, MalformedXML, …). */
  read(): Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** One wire protocol of one service. */
export interface Protocol {
  /** Finds the operation. Throws ServiceError where the request names none. */
  open(request: EndpointRequest): Call | Promise<Call>;
  /** Encodes what an operation answered. */
  encode(operation: OperationModel, output: object, ids: ResponseIds): HttpResponse | Promise<HttpResponse>;
  /** Encodes an error. */
  encodeError(error: ServiceError, ids: ResponseIds, request: EndpointRequest): HttpResponse;
}
