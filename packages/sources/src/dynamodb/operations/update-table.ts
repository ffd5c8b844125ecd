/** UpdateTable. */
import type { Operation } from "@tripline/kernel";
import { describeTable } from "../describe.ts";
import { invalidParameter, limitExceeded, validation } from "../errors.ts";
import type { DynamoHouse } from "../house.ts";
import {
  type AttributeDefinition,
  checkIndexes,
  type IndexInput,
  type ThroughputInput,
  toAttributes,
  toIndex,
  toThroughput,
} from "../table-definition.ts";
import { addIndex, checkIndexThroughput, indexNamed } from "../table-indexes.ts";
import type { OnDemandThroughput, Table, TableIndex } from "../table.ts";
import { checkStream, checkStreamChange, type StreamSpecification, switchStream } from "../table-stream-switch.ts";
import { notOfTables } from "./not-of-tables.ts";

interface IndexUpdate {
  Create?: IndexInput;
  Update?: { IndexName: string; ProvisionedThroughput?: ThroughputInput; OnDemandThroughput?: OnDemandThroughput };
  Delete?: { IndexName: string };
}

interface UpdateTableInput {
  TableName: string;
  AttributeDefinitions?: AttributeDefinition[];
  BillingMode?: "PROVISIONED" | "PAY_PER_REQUEST";
  ProvisionedThroughput?: ThroughputInput;
  GlobalSecondaryIndexUpdates?: IndexUpdate[];
  StreamSpecification?: StreamSpecification;
  TableClass?: string;
  DeletionProtectionEnabled?: boolean;
  OnDemandThroughput?: OnDemandThroughput;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html */
export function updateTableOperation(house: DynamoHouse): Operation<UpdateTableInput> {
  const { tables } = house;
  return {
    name: "UpdateTable",
    honoured: [
      "TableName",
      "AttributeDefinitions",
      "BillingMode",
      "ProvisionedThroughput",
      "GlobalSecondaryIndexUpdates",
      "StreamSpecification",
      "TableClass",
      "DeletionProtectionEnabled",
      "OnDemandThroughput",
    ],
    refused: {
      SSESpecification: notOfTables.encryption,
      WarmThroughput: notOfTables.warmThroughput,
      VectorIndexUpdates: notOfTables.vectorIndexes,
      ReplicaUpdates: notOfTables.globalTables,
      MultiRegionConsistency: notOfTables.globalTables,
      GlobalTableWitnessUpdates: notOfTables.globalTables,
      GlobalTableSettingsReplicationMode: notOfTables.globalTables,
      DisassociationProtectionEnabled: notOfTables.globalTables,
      "GlobalSecondaryIndexUpdates.Create.WarmThroughput": notOfTables.warmThroughput,
      "GlobalSecondaryIndexUpdates.Update.WarmThroughput": notOfTables.warmThroughput,
    },
    async run(input) {
      const { GlobalSecondaryIndexUpdates: updates = [], StreamSpecification: stream } = input;
      const { TableName, AttributeDefinitions: definitions, ...settings } = input;
      if (Object.values(settings).every((one) => one === undefined)) {
        throw validation(
          "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
        );
      }
      checkStream(stream);
      let table = tables.resolveActive(TableName);
      checkStreamChange(table, stream);
      const attributes = { ...table.attributes, ...toAttributes(definitions ?? []) };
      const created = updates.flatMap(({ Create }) =>
        Create === undefined ? [] : [toIndex(Create, "global", table.key)],
      );
      const deleted = updates.flatMap(({ Delete }) =>
        Delete === undefined ? [] : [indexNamed(table, Delete.IndexName)],
      );
      if (created.length + deleted.length > 1) {
        throw limitExceeded(
          "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
        );
      }
      table = withSettings(house, table, input);
      for (const index of created) checkIndexThroughput(index, table.billingMode);
      checkIndexes(
        table.key,
        attributes,
        [...table.indexes.filter((one) => !deleted.includes(one)), ...created],
        false,
      );
      table = {
        ...table,
        attributes,
        indexes: table.indexes.filter((one) => !deleted.some(({ space }) => space === one.space)),
      };
      await tables.save(table, "UPDATING");
      if (deleted.length > 0) await tables.dropSpaces(deleted.map(({ space }) => space));
      for (const index of created) table = await addIndex(house, table, index);
      if (stream !== undefined) table = await switchStream(house, table, stream, "UPDATING");
      return { TableDescription: await describeTable(house, table, "UPDATING") };
    },
  };
}

function withSettings({ clock }: DynamoHouse, before: Table, input: UpdateTableInput): Table {
  const { BillingMode, ProvisionedThroughput, GlobalSecondaryIndexUpdates: updates = [] } = input;
  const billingMode = BillingMode ?? before.billingMode;
  const given = toThroughput(ProvisionedThroughput);
  if (billingMode === "PAY_PER_REQUEST" && given !== undefined) {
    throw invalidParameter(
      "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
    );
  }
  if (billingMode === "PROVISIONED" && before.billingMode !== "PROVISIONED" && given === undefined) {
    throw invalidParameter(
      "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
    );
  }
  const isSame =
    given !== undefined &&
    before.billingMode === "PROVISIONED" &&
    given.read === before.throughput.read &&
    given.write === before.throughput.write;
  if (isSame && updates.length === 0) {
    throw validation(
      `The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: ${given.read}. Requested ReadCapacityUnits: ${given.read}. Current WriteCapacityUnits provisioned for the table: ${given.write}. Requested WriteCapacityUnits: ${given.write}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
    );
  }
  const becomesOnDemand = billingMode === "PAY_PER_REQUEST" && before.billingMode !== "PAY_PER_REQUEST";
  const indexes = before.indexes.map((index): TableIndex => {
    const update = updates.find(({ Update }) => Update?.IndexName === index.name)?.Update;
    const { throughput: old, ...rest } = index;
    const throughput = toThroughput(update?.ProvisionedThroughput) ?? (becomesOnDemand ? undefined : old);
    const onDemand = update?.OnDemandThroughput ?? index.onDemand;
    return {
      ...rest,
      ...(throughput === undefined ? {} : { throughput }),
      ...(onDemand === undefined ? {} : { onDemand }),
    };
  });
  for (const { Update } of updates) if (Update !== undefined) indexNamed(before, Update.IndexName);
  return {
    ...before,
    billingMode,
    throughput: given ?? (becomesOnDemand ? { read: 0, write: 0 } : before.throughput),
    ...(becomesOnDemand ? { onDemandSinceMs: clock.now() } : {}),
    ...(input.OnDemandThroughput === undefined ? {} : { onDemand: input.OnDemandThroughput }),
    ...(input.TableClass === undefined ? {} : { tableClass: input.TableClass }),
    deletionProtection: input.DeletionProtectionEnabled ?? before.deletionProtection,
    indexes,
  };
}
