/** A table as it is kept, its keys and its indexes: pure. */
import { type ItemAddress, type Scope, toArn } from "@tripline/kernel";
import { invalidParameter, validation } from "./errors.ts";
import { partitionKeyBytesMax, sortKeyBytesMax } from "./limits.ts";
import { type AttributeValue, type Item, itemBytes, typeOf } from "./values/attribute-value.ts";
import { toPartitionBytes, toSortBytes } from "./values/key-bytes.ts";

export interface KeySchema {
  hash: string;
  range?: string;
}

export interface Throughput {
  read: number;
  write: number;
}

export interface Projection {
  type: "ALL" | "KEYS_ONLY" | "INCLUDE";
  /** With INCLUDE. */
  attributes?: string[];
}

export interface TableIndex {
  name: string;
  kind: "global" | "local";
  key: KeySchema;
  projection: Projection;
  /** In the store. */
  space: number;
  throughput?: Throughput;
  onDemand?: OnDemandThroughput;
  /** Entries are not complete yet. */
  isBackfilling?: boolean;
}

export interface OnDemandThroughput {
  MaxReadRequestUnits?: number;
  MaxWriteRequestUnits?: number;
}

export interface TimeToLive {
  attribute: string;
  /** Of the index by expiry, in the store. */
  space: number;
}

export interface Table {
  name: string;
  arn: string;
  id: string;
  /** In the store. */
  space: number;
  createdAtMs: number;
  /** Types of the key attributes. */
  attributes: Record<string, "S" | "N" | "B">;
  key: KeySchema;
  billingMode: "PROVISIONED" | "PAY_PER_REQUEST";
  /** When it became PAY_PER_REQUEST. */
  onDemandSinceMs?: number;
  throughput: Throughput;
  onDemand?: OnDemandThroughput;
  indexes: TableIndex[];
  ttl?: TimeToLive;
  ttlChangedAtMs?: number;
  /** The stream that records go to; its view also while it is the latest. */
  streamArn?: string;
  latestStreamArn?: string;
  tags: Record<string, string>;
  deletionProtection: boolean;
  tableClass?: string;
}

export function toTableArn(scope: Scope, name: string): string {
  return toArn(scope, "dynamodb", `table/${name}`);
}

/** Key attributes of the table. */
export function keyNames({ hash, range }: KeySchema): string[] {
  return range === undefined ? [hash] : [hash, range];
}

/** The key of an item. */
export function keyOf(key: KeySchema, item: Item): Item {
  return Object.fromEntries(keyNames(key).flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
}

/** Where the item of a checked key is. */
export function addressOf({ space, key }: Table, item: Item): ItemAddress {
  return {
    space,
    partition: toPartitionBytes(item[key.hash] ?? {}),
    sort: key.range === undefined ? Buffer.alloc(0) : toSortBytes(item[key.range] ?? {}),
  };
}

/** Throws ValidationException where a Key is not that of the table: of its attributes, their types and sizes. */
export function checkKey(table: Table, key: Item): void {
  const names = keyNames(table.key);
  const matches = Object.keys(key).length === names.length && names.every((name) => key[name] !== undefined);
  if (!matches || names.some((name) => typeOf(key[name] ?? {}) !== table.attributes[name])) {
    throw validation("The provided key element does not match the schema");
  }
  checkKeySizes(table.key, key);
}

/** Throws ValidationException where an item has no key of the table, or one of the wrong type. */
export function checkItemKey(table: Table, item: Item): void {
  for (const name of keyNames(table.key)) {
    const value = item[name];
    if (value === undefined) throw invalidParameter(`Missing the key ${name} in the item`);
    const type = typeOf(value);
    if (type !== table.attributes[name]) {
      throw invalidParameter(`Type mismatch for key ${name} expected: ${table.attributes[name] ?? ""} actual: ${type}`);
    }
  }
  checkKeySizes(table.key, item);
  for (const index of table.indexes) checkIndexKey(table, index, item);
}

/** Throws ValidationException where an attribute of an index's key cannot be one. */
function checkIndexKey(table: Table, { name: indexName, key }: TableIndex, item: Item): void {
  for (const name of keyNames(key)) {
    const value = item[name];
    if (value === undefined) continue;
    const type = typeOf(value);
    if (type !== table.attributes[name]) {
      throw invalidParameter(
        `Type mismatch for Index Key ${name} Expected: ${table.attributes[name] ?? ""} Actual: ${type} IndexName: ${indexName}`,
      );
    }
    if (isEmpty(value)) {
      throw validation(
        `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${emptyNoun(value)} value. IndexName: ${indexName}, IndexKey: ${name}`,
      );
    }
  }
}

function checkKeySizes(schema: KeySchema, item: Item): void {
  for (const name of keyNames(schema)) {
    const value = item[name] ?? {};
    if (isEmpty(value)) {
      throw validation(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${emptyNoun(value)} value. Key: ${name}`,
      );
    }
    const bytes = value.S === undefined ? (value.B?.byteLength ?? 0) : Buffer.byteLength(value.S);
    const [max, noun] = name === schema.hash ? [partitionKeyBytesMax, "hashkey"] : [sortKeyBytesMax, "rangekey"];
    if (bytes > max) {
      throw invalidParameter(
        `Size of ${noun} has exceeded the maximum size limit of${name === schema.hash ? "" : " "}${max} bytes`,
      );
    }
  }
}

function isEmpty({ S, B }: AttributeValue): boolean {
  return S === "" || B?.byteLength === 0;
}

function emptyNoun({ S }: AttributeValue): string {
  return S === undefined ? "binary" : "string";
}

/** Names of the attributes that an index holds; undefined: all. */
export function heldNames(table: Table, { key, projection }: TableIndex): ReadonlySet<string> | undefined {
  if (projection.type === "ALL") return undefined;
  return new Set([...keyNames(table.key), ...keyNames(key), ...(projection.attributes ?? [])]);
}

/** Attributes that an index holds of an item. */
export function projectToIndex(table: Table, index: TableIndex, item: Item): Item {
  const names = heldNames(table, index);
  return names === undefined ? item : Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

/** Whether an index holds an item: it does where the item has its key. */
export function isIndexed({ key }: TableIndex, item: Item): boolean {
  return keyNames(key).every((name) => item[name] !== undefined);
}

/** Bytes that an index holds of an item; 0 where it does not. */
export function indexedBytes(table: Table, index: TableIndex, item: Item | undefined): number {
  return item === undefined || !isIndexed(index, item) ? 0 : itemBytes(projectToIndex(table, index, item));
}
