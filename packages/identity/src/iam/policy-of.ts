import { type Entities, isAwsManaged, type ManagedPolicy } from "../entities.ts";
import { noSuchEntity, notSimulated } from "../errors.ts";

/** The customer-managed policy of that ARN. Throws `NoSuchEntity`; `NotImplemented` for AWS's own, which can only be attached. */
export function policyOf(entities: Entities, arn: string): ManagedPolicy {
  const policy = entities.findPolicy(arn);
  if (policy !== undefined) return policy;
  if (isAwsManaged(arn))
    throw notSimulated(`AWS-managed policies beyond their names: ${arn} can be attached, not read`);
  throw noSuchEntity(`Policy ${arn} was not found.`);
}
