/** Limits of Amazon S3. https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html */
export const s3Limits = {
  keyBytesMax: 1024,
  bucketNameMin: 3,
  bucketNameMax: 63,
  /** One PUT. */
  putBytesMax: 5_368_709_120,
  /** Bodies up to this size lie beside their object, larger ones in a blob. */
  smallBodyBytesMax: 16_384,
  partNumberMax: 10_000,
  partBytesMin: 5_242_880,
  partBytesMax: 5_368_709_120,
  /** What a CopyObject takes. */
  copyBytesMax: 5_368_709_120,
  objectTagsMax: 10,
  bucketTagsMax: 50,
  tagKeyCharactersMax: 128,
  tagValueCharactersMax: 256,
  deleteKeysMax: 1000,
  userMetadataBytesMax: 2048,
  listKeysMax: 1000,
  bucketsListedMax: 10_000,
  corsRulesMax: 100,
  lifecycleRulesMax: 1000,
  policyBytesMax: 20_480,
  postPolicyFieldsBytesMax: 20_480,
  notificationConfigurationsMax: 100,
  filterValueBytesMax: 1024,
  /** How long a notification is tried that its target refuses for the moment. */
  notificationAgeMaxMs: 86_400_000,
  notificationRetryMaxMs: 60_000,
} as const;
