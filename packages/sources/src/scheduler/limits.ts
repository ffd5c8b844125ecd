/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html */
export const limits = {
  descriptionCharactersMax: 512,
  scheduleExpressionCharactersMax: 256,
  maximumWindowMinutesMin: 1,
  maximumWindowMinutesMax: 1440,
  inputBytesMax: 262_144,
  pageSizeMax: 100,
} as const;
