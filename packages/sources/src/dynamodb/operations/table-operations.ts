/** CreateTable, UpdateTable, DeleteTable, DescribeTable, ListTables. */
import type { Operation } from "@tripline/kernel";
import { describeTable } from "../describe.ts";
import { invalidParameter, limitExceeded, resourceInUse, resourceNotFound, validation } from "../errors.ts";
import type { DynamoHouse } from "../house.ts";
import { toIndexEntry } from "../index-entries.ts";
import { tablesMax } from "../limits.ts";
import { type StreamViewType, toStreamLabel } from "../streams/table-stream.ts";
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
import { type OnDemandThroughput, type Table, type TableIndex, toTableArn } from "../table.ts";
import { toTableName } from "../table-registry.ts";
import { parseItemText } from "../values/item-text.ts";
import { setTimeToLive } from "./time-to-live-operations.ts";

interface StreamSpecification {
  StreamEnabled: boolean;
  StreamViewType?: string;
}

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

const refused = {
  SSESpecification: "encryption is not simulated",
  WarmThroughput: "warm throughput is not simulated",
  VectorIndexes: "vector indexes are not simulated",
};
const globalTables = "global tables are not simulated";
const filledAtOnce = 500;

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
      ...refused,
      ResourcePolicy: "resource policies of tables are not simulated",
      GlobalTableSourceArn: globalTables,
      GlobalTableSettingsReplicationMode: globalTables,
      "GlobalSecondaryIndexes.WarmThroughput": refused.WarmThroughput,
    },
    async run(input, context) {
      const name = toTableName(input.TableName);
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

function checkIndexThroughput({ name, kind, throughput }: IndexDefinition, billingMode: string): void {
  if (kind === "local") return;
  if (billingMode === "PROVISIONED" && throughput === undefined) {
    throw invalidParameter(`ProvisionedThroughput is not specified for index: ${name}`);
  }
  if (billingMode === "PAY_PER_REQUEST" && throughput !== undefined) {
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`,
    );
  }
}

function checkStream(specification: StreamSpecification | undefined): void {
  if (specification === undefined) return;
  if (specification.StreamEnabled && specification.StreamViewType === undefined) {
    throw invalidParameter("StreamEnabled is true but StreamViewType is not specified");
  }
  if (!specification.StreamEnabled && specification.StreamViewType !== undefined) {
    throw invalidParameter("StreamEnabled is false but StreamViewType is specified");
  }
}

/** Switches the stream of a table on or off. */
async function switchStream(
  { streams, tables, clock }: DynamoHouse,
  table: Table,
  { StreamEnabled, StreamViewType }: StreamSpecification,
  status: "CREATING" | "UPDATING" | "ACTIVE",
  wantedLabel?: string,
): Promise<Table> {
  if (!StreamEnabled) {
    const { streamArn, ...rest } = table;
    if (streamArn === undefined) {
      throw validation("Table is already being updated: Attempting to disable a stream on a table that has none");
    }
    await tables.save(rest, status);
    await streams.disable(streamArn);
    return rest;
  }
  const arnOf = (label: string): string => `${table.arn}/stream/${label}`;
  let createdAtMs = clock.now();
  const isTaken = (ms: number): boolean => streams.get(arnOf(toStreamLabel(ms))) !== undefined;
  while (isTaken(createdAtMs)) createdAtMs += 1;
  const label = wantedLabel ?? toStreamLabel(createdAtMs);
  const arn = arnOf(label);
  await streams.open({
    arn,
    label,
    tableName: table.name,
    viewType: StreamViewType as StreamViewType,
    key: table.key,
    createdAtMs,
  });
  const changed: Table = { ...table, streamArn: arn, latestStreamArn: arn };
  await tables.save(changed, status);
  return changed;
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

/** A new index, filled with what the table holds. */
async function addIndex(house: DynamoHouse, before: Table, definition: IndexDefinition): Promise<Table> {
  const { items, tables, activity } = house;
  const [space = 0] = await items.allocate(1);
  const index: TableIndex = { ...definition, space, isBackfilling: true };
  const table: Table = { ...before, indexes: [...before.indexes, index] };
  await tables.save(table, "UPDATING");
  tables.soon(() => void activity.track(`backfill of ${index.name}`, () => fillIndex(house, table.name, index)));
  return table;
}

/** Also of one that an earlier run had not filled. */
export async function fillIndex({ items, tables }: DynamoHouse, name: string, index: TableIndex): Promise<void> {
  let after: Awaited<ReturnType<typeof items.fill>>;
  do {
    const table = tables.get(name);
    if (table?.indexes.some(({ space }) => space === index.space) !== true) return;
    after = await items.fill(table.space, after, filledAtOnce, ({ text }) => {
      const item = parseItemText(text);
      // An item whose attribute is of another type than the key's is left out.
      const fits = [index.key.hash, index.key.range ?? index.key.hash].every(
        (one) => item[one]?.[table.attributes[one] ?? "S"] !== undefined,
      );
      return fits ? toIndexEntry(table, index, item) : undefined;
    });
  } while (after !== undefined);
  const table = tables.get(name);
  if (table === undefined) return;
  const indexes = table.indexes.map((one) => {
    if (one.space !== index.space) return one;
    const { isBackfilling: _done, ...filled } = one;
    return filled;
  });
  await tables.save({ ...table, indexes }, "ACTIVE");
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
      SSESpecification: refused.SSESpecification,
      WarmThroughput: refused.WarmThroughput,
      VectorIndexUpdates: refused.VectorIndexes,
      ReplicaUpdates: globalTables,
      MultiRegionConsistency: globalTables,
      GlobalTableWitnessUpdates: globalTables,
      GlobalTableSettingsReplicationMode: globalTables,
      DisassociationProtectionEnabled: globalTables,
      "GlobalSecondaryIndexUpdates.Create.WarmThroughput": refused.WarmThroughput,
      "GlobalSecondaryIndexUpdates.Update.WarmThroughput": refused.WarmThroughput,
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

function checkStreamChange(table: Table, stream: StreamSpecification | undefined): void {
  if (stream?.StreamEnabled === true && table.streamArn !== undefined) {
    throw validation(`Table already has an enabled stream: TableName: ${table.name}`);
  }
  if (stream?.StreamEnabled === false && table.streamArn === undefined) {
    throw validation(`Table already has a disabled stream: TableName: ${table.name}`);
  }
}

function indexNamed(table: Table, name: string): TableIndex {
  const index = table.indexes.find((one) => one.kind === "global" && one.name === name);
  if (index === undefined) throw resourceNotFound();
  return index;
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

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html */
export function deleteTableOperation(house: DynamoHouse): Operation<{ TableName: string }> {
  const { tables, streams } = house;
  return {
    name: "DeleteTable",
    honoured: ["TableName"],
    async run({ TableName }) {
      const table = tables.resolve(TableName);
      if (tables.status(table.name) !== "ACTIVE") tables.resolveActive(TableName);
      if (table.deletionProtection) {
        throw validation(
          "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
        );
      }
      const TableDescription = await describeTable(house, table, "DELETING");
      await tables.delete(table);
      if (table.streamArn !== undefined) await streams.disable(table.streamArn);
      return { TableDescription };
    },
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html */
export function describeTableOperation(house: DynamoHouse): Operation<{ TableName: string }> {
  return {
    name: "DescribeTable",
    honoured: ["TableName"],
    run: async ({ TableName }) => ({ Table: await describeTable(house, house.tables.resolve(TableName)) }),
  };
}

const listedMax = 100;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
export function listTablesOperation({
  tables,
}: DynamoHouse): Operation<{ ExclusiveStartTableName?: string; Limit?: number }> {
  return {
    name: "ListTables",
    honoured: ["ExclusiveStartTableName", "Limit"],
    async run({ ExclusiveStartTableName: after, Limit = listedMax }) {
      const names = tables
        .list()
        .map(({ name }) => name)
        .filter((name) => after === undefined || name > after);
      const TableNames = names.slice(0, Limit);
      return {
        TableNames,
        ...(TableNames.length < names.length ? { LastEvaluatedTableName: TableNames.at(-1) } : {}),
      };
    },
  };
}
