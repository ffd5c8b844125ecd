/** Limits of DynamoDB. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */

const kibibyte = 1_024;
const mebibyte = 1_024 * kibibyte;

export const itemBytesMax: number = 400 * kibibyte;
export const nestingMax = 32;
export const partitionKeyBytesMax = 2_048;
export const sortKeyBytesMax = 1_024;
export const numberDigitsMax = 38;
export const numberExponentMax = 125;
export const numberExponentMin = -130;
export const pageBytesMax: number = mebibyte;
export const batchGetKeysMax = 100;
export const batchBytesMax: number = 16 * mebibyte;
export const batchWritesMax = 25;
export const transactionBytesMax: number = 4 * mebibyte;
export const tokenMs = 600_000;
/** Queries that one SELECT may be made of. */
export const statementReadsMax = 50;
/** Of those, that one page takes: "Results are returned in pages of up to 10 items", as AWS says of IN. */
export const pageReadsMax = 10;
export const expressionBytesMax: number = 4 * kibibyte;
export const updateOperatorsMax = 300;
export const conditionOperandsMax = 100;
export const localIndexesMax = 5;
export const globalIndexesMax = 20;
export const projectedAttributesMax = 100;
export const tablesMax = 2_500;
export const tableNameMin = 3;
export const tableNameMax = 255;
export const tagsMax = 50;
export const hourMs = 3_600_000;
export const streamRetentionMs: number = 24 * hourMs;
export const shardMs: number = 4 * hourMs;
export const iteratorMs: number = 15 * 60_000;
export const streamReadRecordsMax = 1_000;
export const streamReadBytesMax: number = mebibyte;
export const readUnitBytes: number = 4 * kibibyte;
export const writeUnitBytes = 1_024;
/** Older expiries are ignored. */
export const expirySecondsMax: number = 5 * 365 * 24 * 3_600;
