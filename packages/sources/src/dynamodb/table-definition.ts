/** What CreateTable and UpdateTable say of keys and indexes, checked: pure. */
import { invalidParameter, limitExceeded, validation } from "./errors.ts";
import { globalIndexesMax, localIndexesMax, projectedAttributesMax, tagsMax } from "./limits.ts";
import {
  type KeySchema,
  keyNames,
  type OnDemandThroughput,
  type Projection,
  type Table,
  type Throughput,
} from "./table.ts";

export interface KeySchemaElement {
  AttributeName: string;
  KeyType: string;
}

export interface AttributeDefinition {
  AttributeName: string;
  AttributeType: "S" | "N" | "B";
}

export interface ThroughputInput {
  ReadCapacityUnits: number;
  WriteCapacityUnits: number;
}

export interface IndexInput {
  IndexName: string;
  KeySchema: KeySchemaElement[];
  Projection: { ProjectionType?: string; NonKeyAttributes?: string[] };
  ProvisionedThroughput?: ThroughputInput;
  OnDemandThroughput?: OnDemandThroughput;
}

/** An index as it is to be. */
export interface IndexDefinition {
  name: string;
  kind: "global" | "local";
  key: KeySchema;
  projection: Projection;
  throughput?: Throughput;
  onDemand?: OnDemandThroughput;
}

/** Throws ValidationException. */
export function toKeySchema(elements: readonly KeySchemaElement[]): KeySchema {
  const [first, second] = elements;
  if (elements.length > 2) {
    const shown = elements.map(
      ({ AttributeName, KeyType }) => `KeySchemaElement(attributeName=${AttributeName}, keyType=${KeyType})`,
    );
    throw validation(
      `1 validation error detected: Value '[${shown.join(", ")}]' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2`,
    );
  }
  if (first === undefined || first.KeyType !== "HASH") {
    throw invalidParameter("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (second === undefined) return { hash: first.AttributeName };
  if (second.KeyType !== "RANGE") {
    throw invalidParameter("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  if (first.AttributeName === second.AttributeName) {
    throw validation("Invalid KeySchema: Some index key attribute have no definition");
  }
  return { hash: first.AttributeName, range: second.AttributeName };
}

export function toKeySchemaElements({ hash, range }: KeySchema): KeySchemaElement[] {
  return [
    { AttributeName: hash, KeyType: "HASH" },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" }]),
  ];
}

export function toAttributes(definitions: readonly AttributeDefinition[]): Table["attributes"] {
  const names = definitions.map(({ AttributeName }) => AttributeName);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw invalidParameter(`Cannot redefine attribute with a different type or more than once: ${twice}`);
  }
  return Object.fromEntries(definitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
}

export function toThroughput(input: ThroughputInput | undefined): Throughput | undefined {
  return input === undefined ? undefined : { read: input.ReadCapacityUnits, write: input.WriteCapacityUnits };
}

/** Throws ValidationException. */
export function toIndex(input: IndexInput, kind: IndexDefinition["kind"], table: KeySchema): IndexDefinition {
  const { IndexName: name, Projection: projection } = input;
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
    throw validation(
      `1 validation error detected: Value '${name}' at 'indexName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
    );
  }
  const key = toKeySchema(input.KeySchema);
  if (kind === "local") {
    if (table.range === undefined) {
      throw invalidParameter(
        "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
      );
    }
    if (key.hash !== table.hash) {
      throw invalidParameter(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}. index hash key: ${key.hash}, table hash key: ${table.hash}`,
      );
    }
    if (key.range === undefined) {
      throw invalidParameter(`Index KeySchema does not have a range key for index: ${name}`);
    }
  }
  const { ProjectionType: type, NonKeyAttributes: attributes } = projection;
  if (type === undefined) throw invalidParameter("Unknown ProjectionType: null");
  if (type !== "INCLUDE" && attributes !== undefined) {
    throw invalidParameter(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  if (type === "INCLUDE" && attributes === undefined) {
    throw invalidParameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  const throughput = toThroughput(input.ProvisionedThroughput);
  return {
    name,
    kind,
    key,
    projection: { type: type as Projection["type"], ...(attributes === undefined ? {} : { attributes }) },
    ...(throughput === undefined ? {} : { throughput }),
    ...(input.OnDemandThroughput === undefined ? {} : { onDemand: input.OnDemandThroughput }),
  };
}

/** Throws ValidationException, LimitExceededException: names, number, projections and attributes of all of a table's indexes. */
export function checkIndexes(
  key: KeySchema,
  attributes: Table["attributes"],
  indexes: readonly IndexDefinition[],
  isExact: boolean,
): void {
  const names = indexes.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw invalidParameter(`Duplicate index name: ${twice}`);
  const count = (kind: string): number => indexes.filter((one) => one.kind === kind).length;
  if (count("local") > localIndexesMax) {
    throw invalidParameter("Number of LocalSecondaryIndexes exceeds per-table limit of 5");
  }
  if (count("global") > globalIndexesMax) {
    throw limitExceeded("GlobalSecondaryIndex count exceeds the per-table limit of 20");
  }
  const projected = indexes.reduce((sum, { projection }) => sum + (projection.attributes?.length ?? 0), 0);
  if (projected > projectedAttributesMax) {
    throw invalidParameter(`Number of projected attributes exceeds the per-table limit of ${projectedAttributesMax}`);
  }
  const used = new Set([...keyNames(key), ...indexes.flatMap((index) => keyNames(index.key))]);
  const defined = Object.keys(attributes);
  const missing = Array.from(used).filter((name) => attributes[name] === undefined);
  if (missing.length > 0) {
    throw invalidParameter(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${missing.join(", ")}], AttributeDefinitions: [${defined.join(", ")}]`,
    );
  }
  if (isExact && defined.length !== used.size) {
    throw invalidParameter(
      `Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
    );
  }
}

export interface Tag {
  Key: string;
  Value: string;
}

/** Throws ValidationException. */
export function toTags(tags: readonly Tag[]): Record<string, string> {
  const reserved = tags.find(({ Key }) => /^aws:/i.test(Key));
  if (reserved !== undefined) throw validation(`Tag keys must not begin with aws:. Invalid key: ${reserved.Key}`);
  const all = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
  if (Object.keys(all).length > tagsMax) throw validation(`Too many tags: the limit is ${tagsMax}`);
  return all;
}
