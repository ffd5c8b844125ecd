/** Lambda's own errors, as the API answers them. https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html */
import { ServiceError } from "@tripline/kernel";

/** 404; the ARN names the qualifier only where one was asked for. */
export function functionNotFound(functionArn: string, qualifier?: string): ServiceError {
  const arn = qualifier === undefined ? functionArn : `${functionArn}:${qualifier}`;
  return new ServiceError("ResourceNotFoundException", `Function not found: ${arn}`, {
    status: 404,
    members: { Type: "User" },
  });
}

/** 400. */
export function invalidParameter(message: string): ServiceError {
  return new ServiceError("InvalidParameterValueException", message, { members: { Type: "User" } });
}

/** 413, for a synchronous payload over 6 MB or an asynchronous one over 1 MB. */
export function requestTooLarge(limitBytes: number): ServiceError {
  return new ServiceError(
    "RequestTooLargeException",
    `Request must be smaller than ${limitBytes} bytes for the InvokeFunction operation`,
    { status: 413, members: { Type: "User" } },
  );
}

/** 400, for what breaks a constraint of the API's model: one text for each. https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html */
export function validationException(...texts: string[]): ServiceError {
  const count = `${texts.length} validation error${texts.length === 1 ? "" : "s"} detected`;
  return new ServiceError("ValidationException", `${count}: ${texts.join("; ")}`);
}

/** 409. */
export function resourceConflict(message: string): ServiceError {
  return new ServiceError("ResourceConflictException", message, { status: 409, members: { Type: "User" } });
}

/** 404. */
export function resourceNotFound(message: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", message, { status: 404, members: { Type: "User" } });
}

/** 412, where `RevisionId` is not the current one. `from` are the operations that tell it. */
export function revisionMismatch(from: "GetFunction/GetAlias" | "GetPolicy" | "GetLayerPolicy"): ServiceError {
  return new ServiceError(
    "PreconditionFailedException",
    `The Revision Id provided does not match the latest Revision Id. Call the ${from} API to retrieve the latest Revision Id`,
    { status: 412, members: { Type: "User" } },
  );
}

/** 413. */
export function requestEntityTooLarge(message: string): ServiceError {
  return new ServiceError("RequestEntityTooLargeException", message, { status: 413, members: { Type: "User" } });
}

/** 501, for a value that AWS takes and Tripline does not simulate. `reason` is one sentence without its full stop. */
export function notSimulated(operation: string, member: string, reason: string): ServiceError {
  return new ServiceError(
    "NotImplemented",
    `${operation} of lambda does not honour ${member}: ${reason}. What is supported is listed in docs/support.md.`,
    { status: 501 },
  );
}

/** 409, for a name that is taken. */
export function functionExists(functionName: string): ServiceError {
  return new ServiceError("ResourceConflictException", `Function already exist: ${functionName}`, {
    status: 409,
    members: { Type: "User" },
  });
}

/** 400, for a payload that is no JSON. */
export function invalidRequestContent(reason: string): ServiceError {
  return new ServiceError(
    "InvalidRequestContentException",
    `Could not parse request body into json: Could not parse payload into json: ${reason}`,
    { members: { Type: "User" } },
  );
}

/** 502, for a function whose runtime this machine cannot run. */
export function invalidRuntime(reason: string): ServiceError {
  return new ServiceError("InvalidRuntimeException", reason, {
    status: 502,
    fault: "Receiver",
    members: { Type: "User" },
  });
}
