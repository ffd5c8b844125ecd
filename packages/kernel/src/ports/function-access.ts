/**
 * Whether a resource's own policy lets a caller in. Services that act for a resource of theirs (a bucket, a rule, an API) say who they
 * are; the account itself, its roles and its users are not asked about until identities are verified.
 */

/** A service that acts for one of its resources, as the condition keys of a policy name it. */
export interface ServiceCaller {
  /** Service principal: `s3.amazonaws.com`. */
  service: string;
  /** `aws:SourceArn`: the bucket, the rule, the method of an API. */
  sourceArn: string;
  /** `aws:SourceAccount`. */
  sourceAccount: string;
}

/** Resource policies of functions. Synchronous: policies are held in memory. */
export interface FunctionAccess {
  /** Throws `AccessDeniedException` (403) where the policy of the function, as it is named, does not let `caller` invoke it. */
  authorize(functionName: string, qualifier: string | undefined, caller: ServiceCaller): void;
  /** What a request without credentials to the function's URL lacks: the actions that its policy does not allow everyone. Empty: it is let in. */
  missingForUrl(functionName: string, qualifier: string | undefined): string[];
}
