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
export function bucketNotEmpty(bucket: string, isVersioned: boolean): ServiceError {
  const versions = isVersioned ? ". You must delete all versions in the bucket." : "";
  return new ServiceError("BucketNotEmpty", `The bucket you tried to delete is not empty${versions}`, {
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
export function notModified(object: { etag: string; lastModifiedMs: number }): ServiceError {
  return new ServiceError("NotModified", "Not Modified", {
    status: 304,
    headers: { etag: `"${object.etag}"`, "last-modified": new Date(object.lastModifiedMs).toUTCString() },
  });
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

/** 404: no version of that id. */
export function noSuchVersion(key: string, versionId: string): ServiceError {
  return new ServiceError("NoSuchVersion", "The specified version does not exist.", {
    status: 404,
    members: { Key: key, VersionId: versionId },
  });
}

/** 404 of a key whose latest version is a delete marker. */
export function hiddenByMarker(key: string, versionId: string): ServiceError {
  return new ServiceError("NoSuchKey", "The specified key does not exist.", {
    status: 404,
    members: { Key: key },
    headers: { "x-amz-delete-marker": "true", "x-amz-version-id": versionId },
  });
}

/** 405: a delete marker can only be deleted. */
export function markerNotAllowed(
  method: string,
  marker: { versionId: string; lastModifiedMs: number },
  resourceType = "DeleteMarker",
): ServiceError {
  return new ServiceError("MethodNotAllowed", "The specified method is not allowed against this resource.", {
    status: 405,
    members: { Method: method, ResourceType: resourceType },
    headers: {
      allow: "DELETE",
      "x-amz-delete-marker": "true",
      "x-amz-version-id": marker.versionId,
      "last-modified": new Date(marker.lastModifiedMs).toUTCString(),
    },
  });
}

/** 404: completed, aborted, or never there. */
export function noSuchUpload(uploadId: string): ServiceError {
  return new ServiceError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    { status: 404, members: { UploadId: uploadId } },
  );
}

/** 400, with S3's text. */
export function invalidRequest(message: string, members: Readonly<Record<string, unknown>> = {}): ServiceError {
  return new ServiceError("InvalidRequest", message, { members });
}

/** 400: a part that is missing, or another than the caller means. */
export function invalidPart(uploadId: string, partNumber: number, etag: string): ServiceError {
  return new ServiceError(
    "InvalidPart",
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { members: { UploadId: uploadId, PartNumber: partNumber, ETag: etag } },
  );
}

/** 400. */
export function invalidPartOrder(uploadId: string): ServiceError {
  return new ServiceError(
    "InvalidPartOrder",
    "The list of parts was not in ascending order. Parts must be ordered by part number.",
    { members: { UploadId: uploadId } },
  );
}

/** 400: a part that is not the last, under 5 MiB. */
export function entityTooSmall(part: { size: number; number: number; etag: string }, min: number): ServiceError {
  return new ServiceError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
    members: { ETag: part.etag, MinSizeAllowed: min, PartNumber: part.number, ProposedSize: part.size },
  });
}

/** 400: less than the policy of a form asks for. */
export function uploadTooSmall(size: number, min: number): ServiceError {
  return new ServiceError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
    members: { ProposedSize: size, MinSizeAllowed: min },
  });
}

/** 416: a part number over the number of parts. */
export function invalidPartNumber(requested: number, count: number): ServiceError {
  return new ServiceError("InvalidPartNumber", "The requested partnumber is not satisfiable", {
    status: 416,
    members: { PartNumberRequested: requested, ActualPartCount: count },
  });
}

/** 400, with S3's text. */
export function invalidTag(message: string, members: Readonly<Record<string, unknown>> = {}): ServiceError {
  return new ServiceError("InvalidTag", message, { members });
}

/** 400: a checksum of the caller's that does not hold. */
export function badChecksum(algorithm: string): ServiceError {
  return new ServiceError("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
}

/** 501 for what S3 has and Tripline has not, by the name of the header or member. */
export function notSimulated(member: string, reason: string): ServiceError {
  return new ServiceError("NotImplemented", `${member} is not supported: ${reason}.`, { status: 501 });
}

/** 404 for a configuration that the bucket does not have. */
export function noSuchConfiguration(code: string, message: string, bucket: string): ServiceError {
  return new ServiceError(code, message, { status: 404, members: { BucketName: bucket } });
}
