/** S3's own errors, with its texts. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
import { ServiceError } from "@tripline/kernel";

/** 404. The text has no full stop. */
export function noSuchBucket(bucket: string): ServiceError {
  return new ServiceError("NoSuchBucket", "The specified bucket does not exist", {
    status: 404,
    members: { BucketName: bucket },
  });
}

/** 404. */
export function noSuchKey(key: string): ServiceError {
  return new ServiceError("NoSuchKey", "The specified key does not exist.", { status: 404, members: { Key: key } });
}

/** 409. */
export function bucketAlreadyOwnedByYou(bucket: string): ServiceError {
  return new ServiceError(
    "BucketAlreadyOwnedByYou",
    "Your previous request to create the named bucket succeeded and you already own it.",
    { status: 409, members: { BucketName: bucket } },
  );
}

/** 409. */
export function bucketNotEmpty(bucket: string): ServiceError {
  return new ServiceError("BucketNotEmpty", "The bucket you tried to delete is not empty", {
    status: 409,
    members: { BucketName: bucket },
  });
}

/** 400. */
export function invalidBucketName(bucket: string): ServiceError {
  return new ServiceError("InvalidBucketName", "The specified bucket is not valid.", {
    members: { BucketName: bucket },
  });
}

/** 400: a key over 1,024 bytes. */
export function keyTooLong(key: string): ServiceError {
  return new ServiceError("KeyTooLongError", "Your key is too long", {
    members: { Size: Buffer.byteLength(key), MaxSizeAllowed: 1024 },
  });
}

/** 400: a key whose `..` segments lead out of the bucket. */
export function invalidUri(): ServiceError {
  return new ServiceError("InvalidURI", "Couldn't parse the specified URI.");
}

/** 400, with S3's text and further members. */
export function invalidArgument(message: string, members: Readonly<Record<string, unknown>> = {}): ServiceError {
  return new ServiceError("InvalidArgument", message, { members });
}

/** 400. */
export function malformedXml(): ServiceError {
  return new ServiceError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
}

/** 400: metadata over 2 KB. */
export function metadataTooLarge(size: number): ServiceError {
  return new ServiceError("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
    members: { Size: size, MaxSizeAllowed: 2048 },
  });
}

/** 400: a body over 5 GiB. */
export function entityTooLarge(size: number, max: number): ServiceError {
  return new ServiceError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
    members: { ProposedSize: size, MaxSizeAllowed: max },
  });
}

/** 400: fewer or more bytes than `Content-Length` said. */
export function incompleteBody(): ServiceError {
  return new ServiceError(
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header.",
  );
}

/** 400. */
export function badDigest(): ServiceError {
  return new ServiceError("BadDigest", "The Content-MD5 you specified did not match what we received.");
}

/** 400: a Content-MD5 that is no MD5. */
export function invalidDigest(): ServiceError {
  return new ServiceError("InvalidDigest", "The Content-MD5 you specified was invalid.");
}

/** 412. */
export function preconditionFailed(condition: string): ServiceError {
  return new ServiceError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    status: 412,
    members: { Condition: condition },
  });
}

/** 304, without a body. */
export function notModified(): ServiceError {
  return new ServiceError("NotModified", "Not Modified", { status: 304 });
}

/** 416. */
export function invalidRange(requested: string, size: number): ServiceError {
  return new ServiceError("InvalidRange", "The requested range is not satisfiable", {
    status: 416,
    members: { RangeRequested: requested, ActualObjectSize: size },
  });
}

/** 403: `ExpectedBucketOwner` names another account. */
export function accessDenied(): ServiceError {
  return new ServiceError("AccessDenied", "Access Denied", { status: 403 });
}
