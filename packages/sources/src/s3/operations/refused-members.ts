/** Members of object operations that belong to features of S3 that are not simulated. */

const encryption = "keys of your own are not simulated";
const permissions = "access control lists are not simulated";
const lock = "object lock is not simulated";
const payer = "nobody pays here";
const directory = "directory buckets are not simulated";
const xxHash = "xxHash is not computed here";

export const requestPayerRefused: Readonly<Record<string, string>> = { RequestPayer: payer };

/** The caller's own keys. */
export const customerKeyRefused: Readonly<Record<string, string>> = {
  SSECustomerAlgorithm: encryption,
  SSECustomerKey: encryption,
  SSECustomerKeyMD5: encryption,
};

export const encryptionRefused: Readonly<Record<string, string>> = {
  ...customerKeyRefused,
  SSEKMSKeyId: encryption,
  SSEKMSEncryptionContext: encryption,
  BucketKeyEnabled: encryption,
};

/** Canned lists are looked at by the operation. */
export const permissionsRefused: Readonly<Record<string, string>> = {
  GrantFullControl: permissions,
  GrantRead: permissions,
  GrantReadACP: permissions,
  GrantWriteACP: permissions,
};

export const lockRefused: Readonly<Record<string, string>> = {
  ObjectLockMode: lock,
  ObjectLockRetainUntilDate: lock,
  ObjectLockLegalHoldStatus: lock,
  ObjectLockEventHold: lock,
  ObjectLockEventHoldDurationDays: lock,
  ObjectLockEventHoldDurationYears: lock,
};

export const checksumsRefused: Readonly<Record<string, string>> = {
  ChecksumXXHASH64: xxHash,
  ChecksumXXHASH3: xxHash,
  ChecksumXXHASH128: xxHash,
};

/** Of what makes objects. */
export const writeRefused: Readonly<Record<string, string>> = {
  ...permissionsRefused,
  ...encryptionRefused,
  ...lockRefused,
  ...requestPayerRefused,
};

/** Of reads. */
export const readRefused: Readonly<Record<string, string>> = { ...customerKeyRefused, ...requestPayerRefused };

/** Of copies' sources. */
export const copySourceRefused: Readonly<Record<string, string>> = {
  CopySourceSSECustomerAlgorithm: encryption,
  CopySourceSSECustomerKey: encryption,
  CopySourceSSECustomerKeyMD5: encryption,
};

/** Of lists. */
export const listRefused: Readonly<Record<string, string>> = {
  OptionalObjectAttributes: "restored objects are not simulated",
  ...requestPayerRefused,
};

/** Of deletions. */
export const deleteRefused: Readonly<Record<string, string>> = {
  MFA: "deletion with multi-factor authentication is not simulated",
  BypassGovernanceRetention: lock,
  ...requestPayerRefused,
};

export const directoryReason: string = directory;
export const lockReason: string = lock;
