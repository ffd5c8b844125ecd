import type { Operation } from "@tripline/kernel";
import type { KinesisHouse } from "../house.ts";
import { createConsumerOperations } from "./consumers.ts";
import { createStreamOperation } from "./create-stream.ts";
import { createDescribeOperations } from "./describe-stream.ts";
import { getRecordsOperation, getShardIteratorOperation } from "./get-records.ts";
import { putRecordOperation, putRecordsOperation } from "./put-records.ts";
import { createReshardOperations } from "./reshard.ts";
import { createSettingsOperations } from "./stream-settings.ts";
import { subscribeToShardOperation } from "./subscribe-to-shard.ts";
import { createTagOperations } from "./tags.ts";

/** Every operation of Kinesis that we have. */
export function createKinesisOperations(house: KinesisHouse): Operation[] {
  return [
    createStreamOperation(house),
    ...createSettingsOperations(house),
    ...createDescribeOperations(house),
    ...createReshardOperations(house),
    putRecordOperation(house),
    putRecordsOperation(house),
    getShardIteratorOperation(house),
    getRecordsOperation(house),
    ...createConsumerOperations(house),
    subscribeToShardOperation(house),
    ...createTagOperations(house),
  ];
}
