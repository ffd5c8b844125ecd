/** An Amazon Resource Name, taken apart: `arn:<partition>:<service>:<region>:<account>:<resource>`. */
export interface Arn {
  partition: string;
  service: string;
  region: string;
  accountId: string;
  /** Everything after the account: `function:orders:live`, `my-queue`, `rule/nightly`. */
  resource: string;
}

/** Parses an ARN; `undefined` where the text is none. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s.exec(text);
  if (match === null) return undefined;
  const [, partition = "", service = "", region = "", accountId = "", resource = ""] = match;
  return { partition, service, region, accountId, resource };
}

/** The text of an ARN. Partition `aws`. */
export function toArn(scope: Scope, service: string, resource: string): string {
  return `arn:aws:${service}:${scope.region}:${scope.accountId}:${resource}`;
}

/** The region and account that a simulator plays. */
export interface Scope {
  readonly region: string;
  readonly accountId: string;
}

/** Region `us-east-1`, account `000000000000`: what the local tools of this field use. */
export const defaultScope: Scope = { region: "us-east-1", accountId: "000000000000" };

/** An S3 bucket's ARN, which carries neither region nor account. */
export function toBucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}
