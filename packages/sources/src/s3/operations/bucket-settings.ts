/** Configurations that are kept and given back, since nothing else of them can be observed here: see each. */
import { type Operation, ServiceError } from "@tripline/kernel";
import { invalidRequest, malformedXml, notSimulated } from "../errors.ts";
import type { S3House } from "../house.ts";
import { s3Limits } from "../limits.ts";
import { bucketConfigurationOperations } from "./bucket-configuration.ts";

/** The policy is kept as text. It is not evaluated: nobody is identified yet. */
export function bucketPolicyOperations(house: S3House): Operation[] {
  return bucketConfigurationOperations<string | undefined>(house, {
    noun: "Policy",
    operations: { put: "PutBucketPolicy", get: "GetBucketPolicy", remove: "DeleteBucketPolicy" },
    member: "Policy",
    honoured: ["ConfirmRemoveSelfBucketAccess"],
    parse(policy = "") {
      if (Buffer.byteLength(policy) > s3Limits.policyBytesMax)
        throw malformedPolicy("Policies must be valid JSON and the first byte must be '{'"); // AWS words both so
      try {
        const parsed: unknown = JSON.parse(policy);
        if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
          if (!("Statement" in parsed)) throw malformedPolicy("Missing required field Statement");
          return policy;
        }
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw malformedPolicy(
          policy.trimStart().startsWith("{")
            ? "This policy contains invalid Json"
            : "Policies must be valid JSON and the first byte must be '{'",
        );
      }
      throw malformedPolicy("Policies must be valid JSON and the first byte must be '{'");
    },
    missing: { code: "NoSuchBucketPolicy", message: "The bucket policy does not exist" },
  });
}

function malformedPolicy(message: string): ServiceError {
  return new ServiceError("MalformedPolicy", message);
}

interface EncryptionConfiguration {
  Rules?: {
    ApplyServerSideEncryptionByDefault?: { SSEAlgorithm?: string; KMSMasterKeyID?: string };
    BucketKeyEnabled?: boolean;
  }[];
}

/** Every object is answered as encrypted with S3's own key, as it is where nobody says otherwise; keys of KMS are refused. */
export function bucketEncryptionOperations(house: S3House): Operation[] {
  return bucketConfigurationOperations<EncryptionConfiguration | undefined>(house, {
    noun: "Encryption",
    operations: { put: "PutBucketEncryption", get: "GetBucketEncryption", remove: "DeleteBucketEncryption" },
    member: "ServerSideEncryptionConfiguration",
    parse(configuration) {
      const [rule, ...others] = configuration?.Rules ?? [];
      if (rule === undefined || others.length > 0) throw malformedXml();
      const { SSEAlgorithm: algorithm, KMSMasterKeyID: key } = rule.ApplyServerSideEncryptionByDefault ?? {};
      if (algorithm !== undefined && algorithm !== "AES256")
        throw notSimulated(`SSEAlgorithm ${algorithm}`, "there is no KMS");
      if (key !== undefined) throw notSimulated("KMSMasterKeyID", "there is no KMS");
      return configuration;
    },
    resets: true,
    initial: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
    },
    missing: {
      code: "ServerSideEncryptionConfigurationNotFoundError",
      message: "The server side encryption configuration was not found",
    },
  });
}

/** The bucket's owner owns what is in it: the one setting without access control lists. */
export function bucketOwnershipControlsOperations(house: S3House): Operation[] {
  return bucketConfigurationOperations<{ Rules?: { ObjectOwnership?: string }[] } | undefined>(house, {
    noun: "OwnershipControls",
    operations: {
      put: "PutBucketOwnershipControls",
      get: "GetBucketOwnershipControls",
      remove: "DeleteBucketOwnershipControls",
    },
    member: "OwnershipControls",
    parse(controls) {
      const [rule, ...others] = controls?.Rules ?? [];
      if (rule === undefined || others.length > 0) throw malformedXml();
      checkObjectOwnership(rule.ObjectOwnership);
      return controls;
    },
    initial: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    missing: {
      code: "OwnershipControlsNotFoundError",
      message: "The bucket ownership controls were not found",
    },
  });
}

/** Throws `NotImplemented` for settings that need access control lists. */
export function checkObjectOwnership(ownership: string | undefined): void {
  if (ownership === undefined || ownership === "BucketOwnerEnforced") return;
  if (ownership !== "BucketOwnerPreferred" && ownership !== "ObjectWriter") throw malformedXml();
  throw notSimulated(`ObjectOwnership ${ownership}`, "access control lists are not simulated");
}

const blocks = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

/** Nobody is public here, whatever it says. */
export function publicAccessBlockOperations(house: S3House): Operation[] {
  return bucketConfigurationOperations<Record<string, boolean> | undefined>(house, {
    noun: "PublicAccessBlock",
    operations: { put: "PutPublicAccessBlock", get: "GetPublicAccessBlock", remove: "DeletePublicAccessBlock" },
    member: "PublicAccessBlockConfiguration",
    parse(configuration) {
      if (configuration === undefined || !blocks.some((name) => configuration[name] !== undefined))
        throw invalidRequest("Must specify at least one configuration.");
      return Object.fromEntries(blocks.map((name) => [name, configuration[name] === true]));
    },
    initial: Object.fromEntries(blocks.map((name) => [name, true])),
    missing: {
      code: "NoSuchPublicAccessBlockConfiguration",
      message: "The public access block configuration was not found",
    },
  });
}
