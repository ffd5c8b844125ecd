/** Limits of Kinesis Data Streams. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */

const kibibyte = 1_024;
const mebibyte = 1_024 * kibibyte;

/** Hash keys are below this. */
export const hashKeys: bigint = 2n ** 128n;
export const partitionKeyCharactersMax = 256;
export const recordsPerPutMax = 500;
export const putBytesMax: number = 10 * mebibyte;
export const recordKibibytesMin = 1_024;
export const recordKibibytesMax = 10_240;
export const writeBytesPerSecond: number = mebibyte;
export const writeRecordsPerSecond = 1_000;
export const readBytesPerSecond: number = 2 * mebibyte;
export const readsPerSecond = 5;
export const readRecordsMax = 10_000;
export const readBytesMax: number = 10 * mebibyte;
export const iteratorMs = 300_000;
export const tokenMs = 300_000;
export const retentionHoursMin = 24;
export const retentionHoursMax = 8_760;
export const shardsOnDemandAtFirst = 4;
/** 10 GB/s. */
export const shardsOnDemandMax = 10_000;
export const shardLimit = 20_000;
export const streamsOnDemandMax = 50;
export const modeChangesPerDay = 2;
export const shardCountUpdatesPerDay = 10;
export const consumersPerStream = 20;
export const streamsCreatingMax = 5;
export const subscriptionMs = 300_000;
export const subscriptionIntervalMs = 5_000;
export const tagsMax = 50;
export const hourMs = 3_600_000;
