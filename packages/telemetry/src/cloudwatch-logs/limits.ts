/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
export const limits = {
  /** Of one PutLogEvents, of one answer, and of one event: messages in UTF-8, with the overhead of each. */
  batchBytesMax: 1_048_576,
  batchEventsMax: 10_000,
  /** What an event counts beside its message. */
  eventOverheadBytes: 26,
  /** Between the first and the last event of a batch. */
  batchSpanMsMax: 86_400_000,
  /** How far ahead of the clock an event may be. */
  futureMsMax: 7_200_000,
  /** How old an event may be. */
  pastMsMax: 1_209_600_000,
  pageEventsMax: 10_000,
  pageItemsMax: 50,
  /** Messages that one FilterLogEvents looks through, before it answers with what it has and a token. */
  scannedBytesMax: 16_777_216,
  filteredStreamsMax: 100,
  tagsMax: 50,
  liveTailGroupsMax: 10,
  liveTailSessionsMax: 15,
  liveTailSessionMs: 10_800_000,
  /** Events in one update; more than that are sampled. */
  liveTailUpdateEventsMax: 500,
} as const;

/** Days that PutRetentionPolicy takes. */
export const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
