import type { Operation } from "@tripline/kernel";
import type { S3House } from "../house.ts";
import { type LifecycleRuleDocument, parseLifecycle } from "../lifecycle/lifecycle-rules.ts";
import { bucketConfigurationOperations } from "./bucket-configuration.ts";

const transitions = "there is one storage class here";

/** PutBucketLifecycleConfiguration, GetBucketLifecycleConfiguration, DeleteBucketLifecycle. */
export function bucketLifecycleOperations(house: S3House): Operation[] {
  return bucketConfigurationOperations<{ Rules?: LifecycleRuleDocument[] } | undefined>(house, {
    noun: "Lifecycle",
    operations: {
      put: "PutBucketLifecycleConfiguration",
      get: "GetBucketLifecycleConfiguration",
      remove: "DeleteBucketLifecycle",
    },
    member: "LifecycleConfiguration",
    refused: {
      TransitionDefaultMinimumObjectSize: transitions,
      "LifecycleConfiguration.Rules.Transitions": transitions,
      "LifecycleConfiguration.Rules.NoncurrentVersionTransitions": transitions,
    },
    parse: (configuration) => ({ Rules: parseLifecycle(configuration?.Rules, () => house.rng.uuid()) }),
    toAnswer: (kept) => ({ Rules: (kept as { Rules: LifecycleRuleDocument[] }).Rules.map(toWire) }),
    missing: { code: "NoSuchLifecycleConfiguration", message: "The lifecycle configuration does not exist" },
    onChange: () => {
      house.rulesChanged();
    },
  });
}

function toWire(rule: LifecycleRuleDocument): LifecycleRuleDocument {
  const { Expiration: expiration } = rule;
  if (expiration?.Date === undefined) return rule;
  return { ...rule, Expiration: { ...expiration, Date: new Date(expiration.Date) } };
}
