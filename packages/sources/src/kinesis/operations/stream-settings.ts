/** DeleteStream, retention, record size, encryption, resource policies: small operations on a stream. */
import type { Operation } from "@tripline/kernel";
import { invalidArgument, resourceInUse } from "../errors.ts";
import type { KinesisHouse } from "../house.ts";
import { recordKibibytesMax, recordKibibytesMin, retentionHoursMax, retentionHoursMin } from "../limits.ts";
import { addressHonoured, type StreamAddress, streamIdRefused } from "./stream-address.ts";

export function createSettingsOperations({ registry, scope }: KinesisHouse): Operation[] {
  const remove: Operation<StreamAddress & { EnforceConsumerDeletion?: boolean }> = {
    name: "DeleteStream",
    honoured: [...addressHonoured, "EnforceConsumerDeletion"],
    refused: streamIdRefused,
    async run(input) {
      const stream = registry.resolve(input);
      if (registry.status(stream.name) === "DELETING") return {};
      if (stream.consumers.length > 0 && input.EnforceConsumerDeletion !== true) {
        throw resourceInUse(
          `Stream ${stream.name} under account ${scope.accountId} has registered consumers. Use EnforceConsumerDeletion to delete them with it.`,
        );
      }
      await registry.delete(stream);
      return {};
    },
  };
  type RetentionInput = StreamAddress & { RetentionPeriodHours: number };
  const changeRetention = (name: string, isIncrease: boolean): Operation<RetentionInput> => ({
    name,
    honoured: [...addressHonoured, "RetentionPeriodHours"],
    refused: streamIdRefused,
    async run(input) {
      const stream = registry.resolveActive(input);
      const { RetentionPeriodHours: hours } = input;
      const { retentionHours } = stream;
      if (hours < retentionHoursMin) {
        throw invalidArgument(
          `Minimum allowed retention period is ${retentionHoursMin} hours. Requested retention period (${hours} hours) is too short.`,
        );
      }
      if (hours > retentionHoursMax) {
        throw invalidArgument(
          `Maximum allowed retention period is ${retentionHoursMax} hours. Requested retention period (${hours} hours) is too long.`,
        );
      }
      if (isIncrease ? hours < retentionHours : hours > retentionHours) {
        throw invalidArgument(
          `Requested retention period (${hours} hours) for stream ${stream.name} can not be ${isIncrease ? "shorter" : "longer"} than existing retention period (${retentionHours} hours). Use ${isIncrease ? "DecreaseRetentionPeriod" : "IncreaseRetentionPeriod"} API.`,
        );
      }
      if (hours !== retentionHours) await registry.save({ ...stream, retentionHours: hours }, "UPDATING");
      return {};
    },
  });
  const recordSize: Operation<{ StreamARN?: string; MaxRecordSizeInKiB: number }> = {
    name: "UpdateMaxRecordSize",
    honoured: ["StreamARN", "MaxRecordSizeInKiB"],
    refused: streamIdRefused,
    async run(input) {
      const stream = registry.resolveActive(input);
      const size = input.MaxRecordSizeInKiB;
      if (size < recordKibibytesMin || size > recordKibibytesMax) {
        throw invalidArgument(`MaxRecordSizeInKiB must be between ${recordKibibytesMin} and ${recordKibibytesMax}.`);
      }
      await registry.save({ ...stream, recordKibibytesMax: size }, "UPDATING");
      return {};
    },
  };
  type EncryptionInput = StreamAddress & { EncryptionType: string; KeyId: string };
  const checkType = ({ EncryptionType }: EncryptionInput): void => {
    if (EncryptionType !== "KMS") throw invalidArgument("Encryption type cannot be NONE.");
  };
  const startEncryption: Operation<EncryptionInput> = {
    name: "StartStreamEncryption",
    honoured: [...addressHonoured, "EncryptionType", "KeyId"],
    refused: streamIdRefused,
    async run(input) {
      checkType(input);
      await registry.save({ ...registry.resolveActive(input), encryptionKeyId: input.KeyId }, "UPDATING");
      return {};
    },
  };
  const stopEncryption: Operation<EncryptionInput> = {
    name: "StopStreamEncryption",
    honoured: [...addressHonoured, "EncryptionType", "KeyId"],
    refused: streamIdRefused,
    async run(input) {
      checkType(input);
      const { encryptionKeyId, ...stream } = registry.resolveActive(input);
      if (encryptionKeyId !== undefined && encryptionKeyId !== input.KeyId) {
        throw invalidArgument(`Stream ${stream.name} is not encrypted with the key ${input.KeyId}.`);
      }
      await registry.save(stream, "UPDATING");
      return {};
    },
  };
  const putPolicy: Operation<{ ResourceARN: string; Policy: string }> = {
    name: "PutResourcePolicy",
    honoured: ["ResourceARN", "Policy"],
    refused: streamIdRefused,
    async run(input) {
      const stream = registry.resolve({ StreamARN: input.ResourceARN });
      try {
        JSON.parse(input.Policy);
      } catch {
        throw invalidArgument("Policy is not valid JSON.");
      }
      await registry.save({ ...stream, policy: input.Policy }, "ACTIVE");
      return {};
    },
  };
  const getPolicy: Operation<{ ResourceARN: string }> = {
    name: "GetResourcePolicy",
    honoured: ["ResourceARN"],
    refused: streamIdRefused,
    run: async (input) => ({ Policy: registry.resolve({ StreamARN: input.ResourceARN }).policy ?? "{}" }),
  };
  const deletePolicy: Operation<{ ResourceARN: string }> = {
    name: "DeleteResourcePolicy",
    honoured: ["ResourceARN"],
    refused: streamIdRefused,
    async run(input) {
      const { policy: _policy, ...stream } = registry.resolve({ StreamARN: input.ResourceARN });
      await registry.save(stream, "ACTIVE");
      return {};
    },
  };
  return [
    remove,
    changeRetention("IncreaseStreamRetentionPeriod", true),
    changeRetention("DecreaseStreamRetentionPeriod", false),
    recordSize,
    startEncryption,
    stopEncryption,
    putPolicy,
    getPolicy,
    deletePolicy,
  ];
}
