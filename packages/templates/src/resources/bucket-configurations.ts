/**
 * A bucket's configurations beside its notifications. Each is a resource of its own in the plan, so that what leaves the template is
 * taken back by its own call. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
 */
import { list, object } from "../shapes/collections.ts";
import { boolean, choice, integer, text, timestamp } from "../shapes/scalars.ts";
import { each, optional, type OptionalTable, required, unsupported } from "../shapes/shape.ts";
import type { PlannedCall, PlannedResource } from "../template-plan.ts";
import { type PlanContext, placeOfProperty } from "./resource-type.ts";

/** What is read here, as it is read. */
export interface BucketConfigurations {
  VersioningConfiguration: { Status: "Enabled" | "Suspended" };
  Tags: Tag[];
  CorsConfiguration: { CorsRules: CorsRule[] };
  LifecycleConfiguration: { Rules: LifecycleRule[] };
  BucketEncryption: { ServerSideEncryptionConfiguration: EncryptionRule[] };
  OwnershipControls: { Rules: { ObjectOwnership: string }[] };
  PublicAccessBlockConfiguration: {
    BlockPublicAcls?: boolean;
    BlockPublicPolicy?: boolean;
    IgnorePublicAcls?: boolean;
    RestrictPublicBuckets?: boolean;
  };
}

interface Tag {
  Key: string;
  Value: string;
}

interface CorsRule {
  Id?: string;
  AllowedHeaders?: string[];
  AllowedMethods: string[];
  AllowedOrigins: string[];
  ExposedHeaders?: string[];
  MaxAge?: number;
}

interface EncryptionRule {
  BucketKeyEnabled?: boolean;
  ServerSideEncryptionByDefault?: { SSEAlgorithm: string; KMSMasterKeyID?: string };
}

interface LifecycleRule {
  Id?: string;
  Status: "Enabled" | "Disabled";
  Prefix?: string;
  TagFilters?: Tag[];
  ObjectSizeGreaterThan?: number;
  ObjectSizeLessThan?: number;
  ExpirationInDays?: number;
  ExpirationDate?: Date;
  ExpiredObjectDeleteMarker?: boolean;
  NoncurrentVersionExpirationInDays?: number;
  NoncurrentVersionExpiration?: { NoncurrentDays: number; NewerNoncurrentVersions?: number };
  AbortIncompleteMultipartUpload?: { DaysAfterInitiation: number };
}

const tag = object({ Key: required(text("colour")), Value: required(text("green")) });
const oneClass = "There is one storage class here.";
const lifecycleRule = object({
  Id: optional(text("old-logs")),
  Status: required(choice("Enabled", "Disabled")),
  Prefix: optional(text("logs/")),
  TagFilters: optional(list(tag)),
  ObjectSizeGreaterThan: optional(integer("1024")),
  ObjectSizeLessThan: optional(integer("1048576")),
  ExpirationInDays: optional(integer("30")),
  ExpirationDate: optional(timestamp()),
  ExpiredObjectDeleteMarker: optional(boolean()),
  NoncurrentVersionExpirationInDays: optional(integer("30")),
  NoncurrentVersionExpiration: optional(
    object({ NoncurrentDays: required(integer("30")), NewerNoncurrentVersions: optional(integer("3")) }),
  ),
  AbortIncompleteMultipartUpload: optional(object({ DaysAfterInitiation: required(integer("7")) })),
  ...each(
    ["Transition", "Transitions", "NoncurrentVersionTransition", "NoncurrentVersionTransitions"],
    unsupported(oneClass),
  ),
});

/** The properties that are read here. */
export const bucketConfigurationProperties: OptionalTable<BucketConfigurations> = {
  VersioningConfiguration: optional(object({ Status: required(choice("Enabled", "Suspended")) })),
  Tags: optional(list(tag)),
  CorsConfiguration: optional(
    object({
      CorsRules: required(
        list(
          object({
            Id: optional(text("browser")),
            AllowedHeaders: optional(list(text("*"))),
            AllowedMethods: required(list(text("GET"))),
            AllowedOrigins: required(list(text("https://example.com"))),
            ExposedHeaders: optional(list(text("ETag"))),
            MaxAge: optional(integer("3600")),
          }),
        ),
      ),
    }),
  ),
  LifecycleConfiguration: optional(
    object({
      Rules: required(list(lifecycleRule)),
      TransitionDefaultMinimumObjectSize: unsupported(oneClass),
    }),
  ),
  BucketEncryption: optional(
    object({
      ServerSideEncryptionConfiguration: required(
        list(
          object({
            BucketKeyEnabled: optional(boolean()),
            ServerSideEncryptionByDefault: optional(
              object({ SSEAlgorithm: required(text("AES256")), KMSMasterKeyID: optional(text("alias/key")) }),
            ),
          }),
        ),
      ),
    }),
  ),
  OwnershipControls: optional(
    object({ Rules: required(list(object({ ObjectOwnership: required(text("BucketOwnerEnforced")) }))) }),
  ),
  PublicAccessBlockConfiguration: optional(
    object({
      BlockPublicAcls: optional(boolean()),
      BlockPublicPolicy: optional(boolean()),
      IgnorePublicAcls: optional(boolean()),
      RestrictPublicBuckets: optional(boolean()),
    }),
  ),
};

type Given = Partial<BucketConfigurations>;

/** The plan of what a bucket is given. */
export function planBucketConfigurations(context: PlanContext, bucket: string, given: Given): PlannedResource[] {
  const { definition } = context;
  const resources: PlannedResource[] = [];
  const add = (noun: string, put: PlannedCall, removal: PlannedCall): void => {
    resources.push({
      logicalId: `${definition.logicalId}${noun}`,
      type: `AWS::S3::Bucket${noun}`,
      line: definition.place.line,
      physicalId: bucket,
      calls: [put],
      removal: [removal],
    });
  };
  const call = (operation: string, input: object = {}): PlannedCall => ({
    service: "s3",
    operation,
    input: { Bucket: bucket, ...input },
  });
  const skip = (reason: string, property: string): void => {
    context.skip(reason, property, placeOfProperty(definition, property));
  };

  if (given.VersioningConfiguration !== undefined) {
    const suspended = call("PutBucketVersioning", { VersioningConfiguration: { Status: "Suspended" } });
    add(
      "Versioning",
      call("PutBucketVersioning", { VersioningConfiguration: given.VersioningConfiguration }),
      suspended,
    );
  }
  if (given.Tags !== undefined)
    add("Tagging", call("PutBucketTagging", { Tagging: { TagSet: given.Tags } }), call("DeleteBucketTagging"));
  if (given.CorsConfiguration !== undefined) {
    const CORSRules = given.CorsConfiguration.CorsRules.map(({ Id, ExposedHeaders, MaxAge, ...rule }) => ({
      ...rule,
      ...(Id === undefined ? {} : { ID: Id }),
      ...(ExposedHeaders === undefined ? {} : { ExposeHeaders: ExposedHeaders }),
      ...(MaxAge === undefined ? {} : { MaxAgeSeconds: MaxAge }),
    }));
    add("Cors", call("PutBucketCors", { CORSConfiguration: { CORSRules } }), call("DeleteBucketCors"));
  }
  if (given.LifecycleConfiguration !== undefined) {
    const Rules = given.LifecycleConfiguration.Rules.filter(hasAction).map(toLifecycleRule);
    const put = call("PutBucketLifecycleConfiguration", { LifecycleConfiguration: { Rules } });
    if (Rules.length > 0) add("Lifecycle", put, call("DeleteBucketLifecycle"));
  }
  if (given.BucketEncryption !== undefined) {
    const Rules = given.BucketEncryption.ServerSideEncryptionConfiguration.map(
      ({ ServerSideEncryptionByDefault: byDefault, ...rule }) => ({
        ...rule,
        ...(byDefault === undefined ? {} : { ApplyServerSideEncryptionByDefault: byDefault }),
      }),
    );
    const isPlain = Rules.every(
      (rule) => (rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? "AES256") === "AES256",
    );
    const put = call("PutBucketEncryption", { ServerSideEncryptionConfiguration: { Rules } });
    if (isPlain) add("Encryption", put, call("DeleteBucketEncryption"));
    else skip("There is no KMS: objects are answered as encrypted with S3's own key.", "BucketEncryption");
  }
  if (given.OwnershipControls !== undefined) {
    const put = call("PutBucketOwnershipControls", { OwnershipControls: given.OwnershipControls });
    if (given.OwnershipControls.Rules.every((rule) => rule.ObjectOwnership === "BucketOwnerEnforced"))
      add("OwnershipControls", put, call("DeleteBucketOwnershipControls"));
    else skip("Access control lists are not simulated: the bucket's owner owns what is in it.", "OwnershipControls");
  }
  if (given.PublicAccessBlockConfiguration !== undefined) {
    const put = call("PutPublicAccessBlock", {
      PublicAccessBlockConfiguration: given.PublicAccessBlockConfiguration,
    });
    add("PublicAccessBlock", put, call("DeletePublicAccessBlock"));
  }
  return resources;
}

/** A rule of transitions alone is left out: they are listed as not simulated. */
function hasAction(rule: LifecycleRule): boolean {
  const { Id: _id, Status: _status, Prefix: _prefix, TagFilters: _tags, ...rest } = rule;
  const { ObjectSizeGreaterThan: _greater, ObjectSizeLessThan: _less, ...actions } = rest;
  return Object.values(actions).some((action) => action !== undefined);
}

function toLifecycleRule(rule: LifecycleRule): object {
  const { Id, Status, Prefix, TagFilters = [], ObjectSizeGreaterThan, ObjectSizeLessThan } = rule;
  const filters = {
    ...(Prefix === undefined ? {} : { Prefix }),
    ...(ObjectSizeGreaterThan === undefined ? {} : { ObjectSizeGreaterThan }),
    ...(ObjectSizeLessThan === undefined ? {} : { ObjectSizeLessThan }),
  };
  const count = Object.keys(filters).length + TagFilters.length;
  const [Tag] = TagFilters;
  const single = Tag === undefined ? (count === 0 ? { Prefix: "" } : filters) : { Tag };
  const noncurrentDays = rule.NoncurrentVersionExpirationInDays;
  const noncurrent =
    rule.NoncurrentVersionExpiration ?? (noncurrentDays === undefined ? undefined : { NoncurrentDays: noncurrentDays });
  const expiration = {
    ...(rule.ExpirationInDays === undefined ? {} : { Days: rule.ExpirationInDays }),
    ...(rule.ExpirationDate === undefined ? {} : { Date: rule.ExpirationDate }),
    ...(rule.ExpiredObjectDeleteMarker === undefined
      ? {}
      : { ExpiredObjectDeleteMarker: rule.ExpiredObjectDeleteMarker }),
  };
  return {
    ...(Id === undefined ? {} : { ID: Id }),
    Status,
    Filter: count > 1 ? { And: { ...filters, ...(Tag === undefined ? {} : { Tags: TagFilters }) } } : single,
    ...(Object.keys(expiration).length === 0 ? {} : { Expiration: expiration }),
    ...(noncurrent === undefined ? {} : { NoncurrentVersionExpiration: noncurrent }),
    ...(rule.AbortIncompleteMultipartUpload === undefined
      ? {}
      : { AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload }),
  };
}
