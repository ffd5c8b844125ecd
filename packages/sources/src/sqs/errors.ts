/** SQS's own errors. The query protocol and `x-amzn-query-error` carry the older code. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html */
import { ServiceError } from "@tripline/kernel";

const legacy = (code: string): string => `AWS.SimpleQueueService.${code}`;

/** 400: no queue of that name, URL or ARN. */
export function queueDoesNotExist(): ServiceError {
  return new ServiceError("QueueDoesNotExist", "The specified queue does not exist.", {
    queryCode: legacy("NonExistentQueue"),
  });
}

/** 400: the name is taken by a queue with other attributes. */
export function queueNameExists(attribute: string): ServiceError {
  return new ServiceError(
    "QueueNameExists",
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
    { queryCode: "QueueAlreadyExists" },
  );
}

/** 400: a queue of that name was deleted less than 60 seconds ago. */
export function queueDeletedRecently(): ServiceError {
  return new ServiceError(
    "QueueDeletedRecently",
    "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
    { queryCode: legacy("QueueDeletedRecently") },
  );
}

/** 400, with AWS's text as it stands. */
export function invalidParameterValue(message: string): ServiceError {
  return new ServiceError("InvalidParameterValueException", message, { queryCode: "InvalidParameterValue" });
}

/** 400: `Value V for parameter P is invalid. Reason: …`. */
export function invalidValue(value: unknown, parameter: string, reason: string): ServiceError {
  return invalidParameterValue(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

/** 400: a required parameter is missing. */
export function missingParameter(parameter: string): ServiceError {
  return new ServiceError("MissingRequiredParameterException", `The request must contain the parameter ${parameter}.`, {
    queryCode: "MissingParameter",
  });
}

/** 400. */
export function invalidAttributeName(message: string): ServiceError {
  return new ServiceError("InvalidAttributeName", message, { queryCode: "InvalidAttributeName" });
}

/** 400. */
export function invalidAttributeValue(attribute: string, reason?: string): ServiceError {
  const more = reason === undefined ? "" : ` Reason: ${reason}`;
  return new ServiceError("InvalidAttributeValue", `Invalid value for the parameter ${attribute}.${more}`, {
    queryCode: "InvalidAttributeValue",
  });
}

/** 400: a character that SQS does not take. */
export function invalidMessageContents(): ServiceError {
  return new ServiceError(
    "InvalidMessageContents",
    "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    {
      queryCode: "InvalidMessageContents",
    },
  );
}

/** 400: a receipt handle that this queue never gave out. 404 in the service model. */
export function receiptHandleIsInvalid(receiptHandle: string): ServiceError {
  return new ServiceError(
    "ReceiptHandleIsInvalid",
    `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
    {
      status: 404,
      queryCode: "ReceiptHandleIsInvalid",
    },
  );
}

/** 400: in a FIFO queue, the visibility timeout has passed. */
export function receiptHandleExpired(receiptHandle: string): ServiceError {
  return invalidValue(receiptHandle, "ReceiptHandle", "The receipt handle has expired.");
}

/** 400: the message was deleted, or received again. */
export function notAvailableForVisibilityChange(receiptHandle: string): ServiceError {
  return invalidValue(
    receiptHandle,
    "ReceiptHandle",
    "Message does not exist or is not available for visibility timeout change.",
  );
}

/** 400: the message is not in flight. */
export function messageNotInflight(): ServiceError {
  return new ServiceError("MessageNotInflight", "The message referred to isn't in flight.", {
    queryCode: legacy("MessageNotInflight"),
  });
}

/** 403: too many messages are in flight. */
export function overLimit(limit: number): ServiceError {
  return new ServiceError("OverLimit", `Too many messages are in flight: the queue's limit is ${limit}.`, {
    status: 403,
    queryCode: "OverLimit",
  });
}

/** 403. */
export function purgeQueueInProgress(queueName: string): ServiceError {
  return new ServiceError(
    "PurgeQueueInProgress",
    `Only one PurgeQueue operation on ${queueName} is allowed every 60 seconds.`,
    { status: 403, queryCode: legacy("PurgeQueueInProgress") },
  );
}

/** 400. `entry`: the entries' shape, such as `SendMessageBatchRequestEntry`. */
export function emptyBatchRequest(entry: string): ServiceError {
  return new ServiceError("EmptyBatchRequest", `There should be at least one ${entry} in the request.`, {
    queryCode: legacy("EmptyBatchRequest"),
  });
}

/** 400. */
export function tooManyEntries(max: number, sent: number): ServiceError {
  return new ServiceError(
    "TooManyEntriesInBatchRequest",
    `Maximum number of entries per request are ${max}. You have sent ${sent}.`,
    { queryCode: legacy("TooManyEntriesInBatchRequest") },
  );
}

/** 400. */
export function invalidBatchEntryId(): ServiceError {
  return new ServiceError(
    "InvalidBatchEntryId",
    "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    { queryCode: legacy("InvalidBatchEntryId") },
  );
}

/** 400. */
export function batchEntryIdsNotDistinct(id: string): ServiceError {
  return new ServiceError("BatchEntryIdsNotDistinct", `Id ${id} repeated.`, {
    queryCode: legacy("BatchEntryIdsNotDistinct"),
  });
}

/** 400. */
export function batchRequestTooLong(max: number, sent: number): ServiceError {
  return new ServiceError(
    "BatchRequestTooLong",
    `Batch requests cannot be longer than ${max} bytes. You have sent ${sent} bytes.`,
    { queryCode: legacy("BatchRequestTooLong") },
  );
}

/** 403: AddPermission with too many actions. */
export function tooManyActions(given: number, max: number): ServiceError {
  return new ServiceError("OverLimit", `${given} Actions were found, maximum allowed is ${max}.`, {
    status: 403,
    queryCode: "OverLimit",
  });
}

/** 404: `parameter` names a queue (or `Task does not exist.`) that there is not. */
export function resourceNotFound(message: string): ServiceError {
  return new ServiceError("ResourceNotFoundException", message, {
    status: 404,
    queryCode: "ResourceNotFoundException",
  });
}

/** 404: the queue of an ARN does not exist. */
export function queueOfArnNotFound(parameter: string): ServiceError {
  return resourceNotFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);
}

/** 400. */
export function unsupportedOperation(message: string): ServiceError {
  return new ServiceError("UnsupportedOperation", message, { queryCode: legacy("UnsupportedOperation") });
}

/** 404: a queue URL that names no queue. */
export function invalidAddress(address: string): ServiceError {
  return new ServiceError("InvalidAddress", `The address ${address} is not valid for this endpoint.`, {
    status: 404,
    queryCode: "InvalidAddress",
  });
}

/** 400: more than 12 hours from the receive. */
export function heldTooLong(visibilityTimeoutSeconds: number, max: number): ServiceError {
  return invalidValue(
    visibilityTimeoutSeconds,
    "VisibilityTimeout",
    `Total VisibilityTimeout for the message is beyond the limit [${max} seconds]`,
  );
}

/** 403: too many message move tasks are active. */
export function overActiveMoveTasks(max: number): ServiceError {
  return new ServiceError("OverLimit", `There can be at most ${max} active message move tasks.`, {
    status: 403,
    queryCode: "OverLimit",
  });
}
