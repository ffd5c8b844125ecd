/** Members of object operations that belong to features of S3 that are not simulated. */

const encryption = "keys of your own are not simulated";
const permissions = "access control lists are not simulated";
const lock = "object lock is not simulated";

export const encryptionRefused: Readonly<Record<string, string>> = {
  SSECustomerAlgorithm: encryption,
  SSECustomerKey: encryption,
  SSECustomerKeyMD5: encryption,
  SSEKMSKeyId: encryption,
  SSEKMSEncryptionContext: encryption,
  BucketKeyEnabled: encryption,
};

export const permissionsRefused: Readonly<Record<string, string>> = {
  ACL: permissions,
  GrantFullControl: permissions,
  GrantRead: permissions,
  GrantReadACP: permissions,
  GrantWriteACP: permissions,
};

export const lockRefused: Readonly<Record<string, string>> = {
  ObjectLockMode: lock,
  ObjectLockRetainUntilDate: lock,
  ObjectLockLegalHoldStatus: lock,
};

/** Of reads. */
export const readRefused: Readonly<Record<string, string>> = {
  SSECustomerAlgorithm: encryption,
  SSECustomerKey: encryption,
  SSECustomerKeyMD5: encryption,
  VersionId: "versioning is not simulated yet",
  PartNumber: "multipart uploads are not simulated yet",
  RequestPayer: "nobody pays here",
};
