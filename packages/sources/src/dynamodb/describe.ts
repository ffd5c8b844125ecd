/** A table as DescribeTable shows it. */
import type { DynamoHouse } from "./house.ts";
import { toKeySchemaElements } from "./table-definition.ts";
import type { Table, TableIndex, Throughput } from "./table.ts";
import type { TableStatus } from "./table-registry.ts";

/** What a table of PAY_PER_REQUEST is said to take at once. */
const onDemandWarmth = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };

export async function describeTable(
  house: DynamoHouse,
  table: Table,
  status: TableStatus = house.tables.status(table.name),
): Promise<Record<string, unknown>> {
  const { items, streams } = house;
  const size = await items.size(table.space);
  const stream = table.streamArn === undefined ? undefined : streams.get(table.streamArn);
  const latest = table.latestStreamArn === undefined ? undefined : streams.get(table.latestStreamArn);
  const isOnDemand = table.billingMode === "PAY_PER_REQUEST";
  const warmth = ({ read, write }: Throughput): object =>
    isOnDemand ? onDemandWarmth : { ReadUnitsPerSecond: read, WriteUnitsPerSecond: write };
  const describeIndex = async (index: TableIndex): Promise<Record<string, unknown>> => {
    const { items: ItemCount, bytes: IndexSizeBytes } = await items.size(index.space);
    const isGlobal = index.kind === "global";
    const throughput = index.throughput ?? { read: 0, write: 0 };
    return {
      IndexName: index.name,
      KeySchema: toKeySchemaElements(index.key),
      Projection: {
        ProjectionType: index.projection.type,
        ...(index.projection.attributes === undefined ? {} : { NonKeyAttributes: index.projection.attributes }),
      },
      ...(isGlobal
        ? {
            IndexStatus: index.isBackfilling === true || status === "CREATING" ? "CREATING" : "ACTIVE",
            ...(index.isBackfilling === true ? { Backfilling: true } : {}),
            ProvisionedThroughput: toThroughputOutput(throughput),
            WarmThroughput: { ...warmth(throughput), Status: "ACTIVE" },
            ...(index.onDemand === undefined ? {} : { OnDemandThroughput: index.onDemand }),
          }
        : {}),
      IndexSizeBytes,
      ItemCount,
      IndexArn: `${table.arn}/index/${index.name}`,
    };
  };
  const describeAll = (kind: TableIndex["kind"]): Promise<Record<string, unknown>[]> =>
    Promise.all(table.indexes.filter((index) => index.kind === kind).map(describeIndex));
  const [global, local] = [await describeAll("global"), await describeAll("local")];
  return {
    AttributeDefinitions: Object.entries(table.attributes).map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    TableName: table.name,
    KeySchema: toKeySchemaElements(table.key),
    TableStatus: status,
    CreationDateTime: new Date(table.createdAtMs),
    ProvisionedThroughput: toThroughputOutput(table.throughput),
    TableSizeBytes: size.bytes,
    ItemCount: size.items,
    TableArn: table.arn,
    TableId: table.id,
    ...(table.onDemandSinceMs === undefined
      ? {}
      : {
          BillingModeSummary: {
            BillingMode: table.billingMode,
            LastUpdateToPayPerRequestDateTime: new Date(table.onDemandSinceMs),
          },
        }),
    ...(local.length === 0 ? {} : { LocalSecondaryIndexes: local }),
    ...(global.length === 0 ? {} : { GlobalSecondaryIndexes: global }),
    ...(stream === undefined ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType } }),
    ...(latest === undefined ? {} : { LatestStreamLabel: latest.label, LatestStreamArn: latest.arn }),
    ...(table.tableClass === undefined ? {} : { TableClassSummary: { TableClass: table.tableClass } }),
    ...(table.onDemand === undefined ? {} : { OnDemandThroughput: table.onDemand }),
    DeletionProtectionEnabled: table.deletionProtection,
    WarmThroughput: { ...warmth(table.throughput), Status: status === "CREATING" ? "UPDATING" : "ACTIVE" },
  };
}

function toThroughputOutput({ read, write }: Throughput): Record<string, number> {
  return { NumberOfDecreasesToday: 0, ReadCapacityUnits: read, WriteCapacityUnits: write };
}
