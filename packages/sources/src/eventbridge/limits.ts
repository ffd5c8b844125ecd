/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const limits = {
  nameCharactersMax: 64,
  descriptionCharactersMax: 512,
  scheduleExpressionCharactersMax: 256,
  rulesMax: 300,
  targetsPerRuleMax: 5,
  targetsPerCallMax: 10,
  inputCharactersMax: 8192,
  inputPathCharactersMax: 256,
  inputPathsMax: 100,
  pageSizeMax: 100,
} as const;
