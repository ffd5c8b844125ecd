/** CreateTable; of a template, a table that is there is brought to what it says. */
import type { Operation } from "@tripline/kernel";
import { describeTable } from "../describe.ts";
import { invalidParameter, limitExceeded, resourceInUse, validation } from "../errors.ts";
import type { DynamoHouse } from "../house.ts";
import { tablesMax, tableNameMin } from "../limits.ts";
import {
  type AttributeDefinition,
  checkIndexes,
  type IndexDefinition,
  type IndexInput,
  type KeySchemaElement,
  type Tag,
  type ThroughputInput,
  toAttributes,
  toIndex,
  toKeySchema,
  toTags,
  toThroughput,
} from "../table-definition.ts";
import { addIndex, checkIndexThroughput } from "../table-indexes.ts";
import { type OnDemandThroughput, type Table, toTableArn } from "../table.ts";
import { toTableName } from "../table-registry.ts";
import { checkStream, type StreamSpecification, switchStream } from "../table-stream-switch.ts";
import { notOfTables } from "./not-of-tables.ts";
import { setTimeToLive } from "./time-to-live-operations.ts";

interface CreateTableInput {
  TableName: string;
  AttributeDefinitions?: AttributeDefinition[];
  KeySchema?: KeySchemaElement[];
  LocalSecondaryIndexes?: IndexInput[];
  GlobalSecondaryIndexes?: IndexInput[];
  BillingMode?: "PROVISIONED" | "PAY_PER_REQUEST";
  ProvisionedThroughput?: ThroughputInput;
  StreamSpecification?: StreamSpecification;
  Tags?: Tag[];
  TableClass?: string;
  DeletionProtectionEnabled?: boolean;
  OnDemandThroughput?: OnDemandThroughput;
  /** For templates, which must know the stream's ARN beforehand. */
  StreamLabel?: string;
  /** For templates, which have no second call. */
  TimeToLiveSpecification?: { Enabled: boolean; AttributeName: string };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
export function createTableOperation(house: DynamoHouse): Operation<CreateTableInput> {
  const { tables, clock, scope, items } = house;
  return {
    name: "CreateTable",
    honoured: [
      "TableName",
      "AttributeDefinitions",
      "KeySchema",
      "LocalSecondaryIndexes",
      "GlobalSecondaryIndexes",
      "BillingMode",
      "ProvisionedThroughput",
      "StreamSpecification",
      "Tags",
      "TableClass",
      "DeletionProtectionEnabled",
      "OnDemandThroughput",
      "StreamLabel",
      "TimeToLiveSpecification",
    ],
    refused: {
      SSESpecification: notOfTables.encryption,
      WarmThroughput: notOfTables.warmThroughput,
      VectorIndexes: notOfTables.vectorIndexes,
      ResourcePolicy: "resource policies of tables are not simulated",
      GlobalTableSourceArn: notOfTables.globalTables,
      GlobalTableSettingsReplicationMode: notOfTables.globalTables,
      "GlobalSecondaryIndexes.WarmThroughput": notOfTables.warmThroughput,
    },
    async run(input, context) {
      const name = toTableName(input.TableName, tableNameMin);
      const definition = toDefinition(input);
      const existing = tables.get(name);
      if (existing !== undefined && context.upsert === true) {
        const table = await bring(house, existing, input, definition);
        return { TableDescription: await describeTable(house, table) };
      }
      if (existing !== undefined) throw resourceInUse(`Table already exists: ${name}`);
      if (tables.list().length >= tablesMax) {
        throw limitExceeded(
          `Subscriber limit exceeded: There is a limit of ${tablesMax} tables per subscriber and region`,
        );
      }
      const { indexes, ...settings } = definition;
      const [space = 0, ...spaces] = await items.allocate(1 + indexes.length);
      const nowMs = clock.now();
      let table: Table = {
        name,
        arn: toTableArn(scope, name),
        id: house.rng.uuid(),
        space,
        createdAtMs: nowMs,
        ...settings,
        ...(settings.billingMode === "PAY_PER_REQUEST" ? { onDemandSinceMs: nowMs } : {}),
        indexes: indexes.map((index, at) => ({ ...index, space: spaces[at] ?? 0 })),
        tags: toTags(input.Tags ?? []),
      };
      if (tables.get(name) !== undefined) throw resourceInUse(`Table already exists: ${name}`);
      const status = context.upsert === true ? "ACTIVE" : "CREATING"; // a stack is up once its tables are
      await tables.save(table, status);
      if (input.StreamSpecification?.StreamEnabled === true) {
        table = await switchStream(house, table, input.StreamSpecification, status, input.StreamLabel);
      }
      if (input.TimeToLiveSpecification?.Enabled === true) {
        table = await setTimeToLive(house, table, input.TimeToLiveSpecification.AttributeName);
      }
      return { TableDescription: await describeTable(house, table, status) };
    },
  };
}

type Definition = Omit<
  Table,
  "name" | "arn" | "id" | "space" | "createdAtMs" | "indexes" | "tags" | "ttl" | "streamArn" | "latestStreamArn"
> & { indexes: IndexDefinition[] };

function toDefinition(input: CreateTableInput): Definition {
  const { BillingMode: billingMode = "PROVISIONED", ProvisionedThroughput } = input;
  const throughput = toThroughput(ProvisionedThroughput);
  if (billingMode === "PROVISIONED" && throughput === undefined) {
    throw invalidParameter(
      "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
    );
  }
  if (billingMode === "PAY_PER_REQUEST" && throughput !== undefined) {
    throw invalidParameter(
      "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
    );
  }
  const key = toKeySchema(input.KeySchema ?? []);
  const attributes = toAttributes(input.AttributeDefinitions ?? []);
  const indexes = [
    ...(input.LocalSecondaryIndexes ?? []).map((index) => toIndex(index, "local", key)),
    ...(input.GlobalSecondaryIndexes ?? []).map((index) => toIndex(index, "global", key)),
  ];
  for (const index of indexes) checkIndexThroughput(index, billingMode);
  checkIndexes(key, attributes, indexes, true);
  checkStream(input.StreamSpecification);
  return {
    attributes,
    key,
    billingMode,
    throughput: throughput ?? { read: 0, write: 0 },
    ...(input.OnDemandThroughput === undefined ? {} : { onDemand: input.OnDemandThroughput }),
    indexes,
    deletionProtection: input.DeletionProtectionEnabled ?? false,
    ...(input.TableClass === undefined ? {} : { tableClass: input.TableClass }),
  };
}

/** Of a template: brings a table to what it says. Keys and local indexes cannot change. */
async function bring(
  house: DynamoHouse,
  before: Table,
  input: CreateTableInput,
  { indexes, attributes, key, ...settings }: Definition,
): Promise<Table> {
  const localsOf = (all: readonly IndexDefinition[]): string =>
    JSON.stringify(
      all.filter(({ kind }) => kind === "local").map(({ name, key: of, projection }) => [name, of, projection]),
    );
  if (JSON.stringify(before.key) !== JSON.stringify(key) || localsOf(before.indexes) !== localsOf(indexes)) {
    throw validation(
      `Table ${before.name} has other keys or local indexes, which cannot change: give the table of the template another name, or delete this one`,
    );
  }
  const { onDemand: _onDemand, tableClass: _tableClass, onDemandSinceMs: since, ...kept } = before;
  const onDemandSinceMs = settings.billingMode === "PAY_PER_REQUEST" ? (since ?? house.clock.now()) : since;
  const wanted = indexes.filter(({ kind }) => kind === "global");
  const same = (a: IndexDefinition, b: IndexDefinition): boolean =>
    a.name === b.name && JSON.stringify([a.key, a.projection]) === JSON.stringify([b.key, b.projection]);
  const gone = before.indexes.filter((one) => one.kind === "global" && !wanted.some((other) => same(one, other)));
  const fresh = wanted.filter((one) => !before.indexes.some((other) => same(one, other)));
  let table: Table = {
    ...kept,
    ...settings,
    ...(onDemandSinceMs === undefined ? {} : { onDemandSinceMs }),
    attributes: { ...before.attributes, ...attributes },
    tags: toTags(input.Tags ?? []),
    indexes: before.indexes.filter((one) => !gone.includes(one)),
  };
  if (JSON.stringify(table) !== JSON.stringify(before)) await house.tables.save(table, "UPDATING");
  if (gone.length > 0) await house.tables.dropSpaces(gone.map(({ space }) => space));
  for (const index of fresh) table = await addIndex(house, table, index);
  const stream = input.StreamSpecification;
  const current = table.streamArn === undefined ? undefined : house.streams.get(table.streamArn);
  if (current !== undefined && (stream?.StreamEnabled !== true || stream.StreamViewType !== current.viewType)) {
    table = await switchStream(house, table, { StreamEnabled: false }, "UPDATING");
  }
  if (stream?.StreamEnabled === true && table.streamArn === undefined) {
    table = await switchStream(house, table, stream, "UPDATING", input.StreamLabel);
  }
  const { TimeToLiveSpecification: ttl } = input;
  const attribute = ttl?.Enabled === true ? ttl.AttributeName : undefined;
  return attribute === table.ttl?.attribute ? table : setTimeToLive(house, table, attribute);
}
