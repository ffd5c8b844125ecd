/** Limits of Amazon S3. https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html */
export const s3Limits = {
  keyBytesMax: 1024,
  bucketNameMin: 3,
  bucketNameMax: 63,
  /** One PUT. */
  putBytesMax: 5_368_709_120,
  userMetadataBytesMax: 2048,
  listKeysMax: 1000,
  notificationConfigurationsMax: 100,
  filterValueBytesMax: 1024,
  /** How long a notification is tried that its target refuses for the moment. */
  notificationAgeMaxMs: 86_400_000,
  notificationRetryMaxMs: 60_000,
} as const;
