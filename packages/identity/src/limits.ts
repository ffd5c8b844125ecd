/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const limits = {
  /** Characters. */
  nameMax: { Role: 64, User: 64, Group: 128, Policy: 128 },
  pathMax: 512,
  descriptionMax: 1000,
  tagsMax: 50,
  /** Characters without white space. */
  managedPolicyMax: 6144,
  trustPolicyMax: 2048,
  inlinePoliciesMax: { Role: 10_240, User: 2048, Group: 5120 },
  attachedPoliciesMax: 10,
  policyVersionsMax: 5,
  groupsPerUserMax: 10,
  accessKeysPerUserMax: 2,
  sessionSecondsMin: 3600,
  sessionSecondsMax: 43_200,
  pageItems: 100,
  pageItemsMax: 1000,
} as const;
