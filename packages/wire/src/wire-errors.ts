/** The errors that the wire itself answers with, before or around an operation. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html */
import { ServiceError } from "@tripline/kernel";

/** 400: the body is not what the protocol asks for. */
export function serializationException(message: string): ServiceError {
  return new ServiceError("SerializationException", message, { queryCode: "MalformedInput" });
}

/** 400: a body that is no XML, or not the XML of the operation. */
export function malformedXml(): ServiceError {
  return new ServiceError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
}

/** 501: the model has no such operation, or Tripline has not built it. `reason` is one sentence without its full stop. */
export function operationNotImplemented(service: string, operation: string, reason?: string): ServiceError {
  const why = reason === undefined ? "" : `: ${reason}`;
  return notImplemented(`Tripline does not simulate the operation ${operation} of ${service}${why}.`);
}

/** 404: a host of API Gateway or of a function URL that none has. */
export function noSuchHost(host: string): ServiceError {
  return new ServiceError("NotFoundException", `There is no API and no function URL at ${host}.`, { status: 404 });
}

/** 501: a member of the input that is not honoured. `reason` is one sentence, with or without its full stop. */
export function memberNotImplemented(service: string, operation: string, member: string, reason: string): ServiceError {
  return notImplemented(`${operation} of ${service} does not honour ${member}: ${reason.replace(/\.$/, "")}.`);
}

/** 501, with the next step. */
export function notImplemented(what: string): ServiceError {
  return new ServiceError("NotImplemented", `${what} What is supported is listed in docs/support.md.`, { status: 501 });
}

/** 413: more than the endpoint holds in memory. */
export function bodyTooLarge(limitBytes: number): ServiceError {
  return new ServiceError("RequestTooLargeException", `Request must be smaller than ${limitBytes} bytes.`, {
    status: 413,
  });
}
