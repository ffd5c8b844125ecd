/** PutRecord and PutRecords. */
import type { Operation } from "@tripline/kernel";
import { appendRecords, type RecordInput } from "../append-records.ts";
import { invalidArgument, streamNotFound } from "../errors.ts";
import type { KinesisHouse } from "../house.ts";
import { putBytesMax } from "../limits.ts";
import { parseSequenceNumber } from "../sequence-number.ts";
import type { Stream } from "../stream.ts";
import { addressHonoured, type StreamAddress, recordsRefused } from "./stream-address.ts";

interface PutRecordInput extends StreamAddress, RecordInput {
  SequenceNumberForOrdering?: string;
}

/** The stream, where it takes records: not one that is being deleted. */
function resolveWritable({ registry, scope }: KinesisHouse, address: StreamAddress): Stream {
  const stream = registry.resolve(address);
  if (registry.status(stream.name) === "DELETING") throw streamNotFound(stream.name, scope.accountId);
  return stream;
}

const encryptionOf = ({ encryptionKeyId }: Stream): object =>
  encryptionKeyId === undefined ? {} : { EncryptionType: "KMS" };

/**
 * Sequence numbers of a shard always grow, so SequenceNumberForOrdering only has to be one.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html
 */
export function putRecordOperation(house: KinesisHouse): Operation<PutRecordInput> {
  return {
    name: "PutRecord",
    honoured: [...addressHonoured, "Data", "PartitionKey", "ExplicitHashKey", "SequenceNumberForOrdering"],
    refused: recordsRefused,
    async run(input) {
      const stream = resolveWritable(house, input);
      const { SequenceNumberForOrdering: ordering } = input;
      const parts = ordering === undefined ? undefined : parseSequenceNumber(ordering);
      const isFuture = (parts?.arrivedSeconds ?? 0) > Math.floor(house.clock.now() / 1_000) + 1;
      if (ordering !== undefined && (parts === undefined || isFuture)) {
        throw invalidArgument(
          `ExclusiveMinimumSequenceNumber ${ordering} used in PutRecord on stream ${stream.name} under account ${house.scope.accountId} is invalid.`,
        );
      }
      const [result] = await appendRecords(house, stream, [input]);
      if (result === undefined || "error" in result) throw result?.error ?? new Error("no result");
      return { ...result, ...encryptionOf(stream) };
    },
  };
}

/** Not atomic: each record succeeds or fails by itself. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export function putRecordsOperation(house: KinesisHouse): Operation<StreamAddress & { Records: RecordInput[] }> {
  return {
    name: "PutRecords",
    honoured: [...addressHonoured, "Records"],
    refused: recordsRefused,
    async run(input) {
      const stream = resolveWritable(house, input);
      let bytes = 0;
      for (const { Data, PartitionKey } of input.Records) bytes += Data.byteLength + Buffer.byteLength(PartitionKey);
      if (bytes > putBytesMax) throw invalidArgument("Records size exceeds 10 MB limit");
      const results = await appendRecords(house, stream, input.Records);
      const Records = results.map((result) =>
        "error" in result ? { ErrorCode: result.error.code, ErrorMessage: result.error.message } : result,
      );
      const FailedRecordCount = results.filter((result) => "error" in result).length;
      return { FailedRecordCount, Records, ...encryptionOf(stream) };
    },
  };
}
