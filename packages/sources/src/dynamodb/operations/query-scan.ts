/**
 * Query and Scan. Segments of a parallel scan are ranges of the hash of the partition key.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.html
 */
import type { ItemPlace, ItemWalk, Operation } from "@tripline/kernel";
import { type CapacityInput, consumedCapacity } from "../capacity.ts";
import { refuseMixture } from "../conditions.ts";
import { validation } from "../errors.ts";
import { pathsOf } from "../expressions/condition-paths.ts";
import { isMet } from "../expressions/evaluate-condition.ts";
import { type KeyTerm, toKeyRange, toKeyTerms } from "../expressions/key-condition.ts";
import { fromAttributesToGet, fromFilter, fromKeyConditions, type LegacyCondition } from "../expressions/legacy.ts";
import { parseCondition } from "../expressions/parse-condition.ts";
import { type PlaceholderInput, Placeholders } from "../expressions/placeholders.ts";
import { parseProjection, project } from "../expressions/projection.ts";
import type { Condition, Path } from "../expressions/syntax.ts";
import type { DynamoHouse } from "../house.ts";
import { isFetched, resolveIndex } from "../index-reads.ts";
import { placeOf, readPage, toStartKey } from "../read-page.ts";
import { keyNames, projectToIndex, type Table, type TableIndex } from "../table.ts";
import { checkItem, type Item, typeOf } from "../values/attribute-value.ts";
import { toPartitionBytes, toSegmentStart } from "../values/key-bytes.ts";

interface PageInput extends PlaceholderInput, CapacityInput {
  TableName: string;
  IndexName?: string;
  Select?: string;
  AttributesToGet?: string[];
  Limit?: number;
  ConsistentRead?: boolean;
  ConditionalOperator?: string;
  ExclusiveStartKey?: Item;
  ProjectionExpression?: string;
  FilterExpression?: string;
}

interface QueryInput extends PageInput {
  KeyConditions?: Record<string, LegacyCondition>;
  QueryFilter?: Record<string, LegacyCondition>;
  ScanIndexForward?: boolean;
  KeyConditionExpression?: string;
}

interface ScanInput extends PageInput {
  ScanFilter?: Record<string, LegacyCondition>;
  TotalSegments?: number;
  Segment?: number;
}

const honoured = [
  "TableName",
  "IndexName",
  "Select",
  "AttributesToGet",
  "Limit",
  "ConsistentRead",
  "ConditionalOperator",
  "ExclusiveStartKey",
  "ReturnConsumedCapacity",
  "ProjectionExpression",
  "FilterExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
];

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html */
export function queryOperation(house: DynamoHouse): Operation<QueryInput> {
  return {
    name: "Query",
    honoured: [...honoured, "KeyConditions", "QueryFilter", "ScanIndexForward", "KeyConditionExpression"],
    async run(input) {
      const { FilterExpression, KeyConditionExpression, ProjectionExpression, ConditionalOperator } = input;
      const { KeyConditions, QueryFilter, AttributesToGet } = input;
      refuseMixture(
        { ProjectionExpression, FilterExpression, KeyConditionExpression },
        { AttributesToGet, QueryFilter, ConditionalOperator, KeyConditions },
      );
      const placeholders = new Placeholders(input, { FilterExpression, KeyConditionExpression, ProjectionExpression });
      if (KeyConditionExpression === undefined && KeyConditions === undefined) {
        throw validation(
          "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
        );
      }
      const terms: KeyTerm[] =
        KeyConditionExpression === undefined
          ? fromKeyConditions(KeyConditions ?? {})
          : toKeyTerms(parseCondition("KeyConditionExpression", KeyConditionExpression, placeholders));
      const page = readFilter(input, QueryFilter, placeholders);
      const table = house.tables.resolveItems(input.TableName);
      const index = resolveIndex(table, input.IndexName);
      const key = index?.key ?? table.key;
      const { partition, from, to } = toKeyRange(terms, key, table.attributes);
      checkFilter(page.filter, key);
      const start = toStart(table, index, input.ExclusiveStartKey);
      const isBackward = input.ScanIndexForward === false;
      if (start !== undefined && Buffer.compare(start.partition, toPartitionBytes(partition)) !== 0) {
        throw validation("The provided starting key is outside query boundaries based on provided conditions");
      }
      return turnPage(house, input, page, table, index, {
        space: table.space,
        partition: toPartitionBytes(partition),
        from,
        to,
        isBackward,
        ...(start === undefined ? {} : { after: start }),
      });
    },
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html */
export function scanOperation(house: DynamoHouse): Operation<ScanInput> {
  return {
    name: "Scan",
    honoured: [...honoured, "ScanFilter", "TotalSegments", "Segment"],
    async run(input) {
      const { FilterExpression, ProjectionExpression, ConditionalOperator, ScanFilter, AttributesToGet } = input;
      const { Segment, TotalSegments } = input;
      refuseMixture({ ProjectionExpression, FilterExpression }, { AttributesToGet, ScanFilter, ConditionalOperator });
      if (Segment !== undefined && TotalSegments === undefined) {
        throw validation(
          "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
        );
      }
      if (Segment === undefined && TotalSegments !== undefined) {
        throw validation(
          "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
        );
      }
      if (Segment !== undefined && TotalSegments !== undefined && Segment >= TotalSegments) {
        throw validation(
          `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
        );
      }
      const placeholders = new Placeholders(input, { FilterExpression, ProjectionExpression });
      const page = readFilter(input, ScanFilter, placeholders);
      const table = house.tables.resolveItems(input.TableName);
      const index = resolveIndex(table, input.IndexName);
      const start = toStart(table, index, input.ExclusiveStartKey);
      const [from, to] = [
        toSegmentStart(Segment ?? 0, TotalSegments ?? 1),
        toSegmentStart((Segment ?? 0) + 1, TotalSegments ?? 1),
      ];
      if (
        start !== undefined &&
        (Buffer.compare(start.partition, from) < 0 || Buffer.compare(start.partition, to) >= 0)
      ) {
        throw validation(
          "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: " +
            `${TotalSegments ?? 1} Segment: ${Segment ?? 0}`,
        );
      }
      return turnPage(house, input, page, table, index, {
        space: table.space,
        from,
        to,
        ...(start === undefined ? {} : { after: start }),
      });
    },
  };
}

interface Page {
  filter: Condition | undefined;
  paths: Path[] | undefined;
}

function readFilter(
  input: PageInput,
  legacyFilter: Record<string, LegacyCondition> | undefined,
  placeholders: Placeholders,
): Page {
  const { FilterExpression, ProjectionExpression, AttributesToGet, Select, ConditionalOperator } = input;
  if (ConditionalOperator !== undefined && legacyFilter === undefined) {
    throw validation("ConditionalOperator cannot be used without Filter or Expected");
  }
  const filter =
    FilterExpression === undefined
      ? fromFilter(legacyFilter ?? {}, ConditionalOperator)
      : parseCondition("FilterExpression", FilterExpression, placeholders);
  const paths =
    ProjectionExpression === undefined
      ? AttributesToGet && fromAttributesToGet(AttributesToGet)
      : parseProjection(ProjectionExpression, placeholders);
  placeholders.checkUsed();
  const what = ProjectionExpression === undefined ? "AttributesToGet" : "ProjectionExpression";
  if (paths !== undefined && Select !== undefined && Select !== "SPECIFIC_ATTRIBUTES") {
    throw validation(
      `Cannot specify the ${what} when choosing to get ${Select === "COUNT" ? "only the Count" : Select}`,
    );
  }
  if (paths === undefined && Select === "SPECIFIC_ATTRIBUTES") {
    throw validation(
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    );
  }
  if (Select === "ALL_PROJECTED_ATTRIBUTES" && input.IndexName === undefined) {
    throw validation("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  return { filter, paths };
}

/** A filter of a query is of attributes that are no keys. */
function checkFilter(filter: Condition | undefined, key: { hash: string; range?: string }): void {
  if (filter === undefined) return;
  const names = keyNames(key);
  const found = pathsOf(filter).find(([name]) => names.includes(String(name)));
  if (found === undefined) return;
  throw validation(
    `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${String(found[0])}`,
  );
}

/** Of ExclusiveStartKey. Throws ValidationException. */
function toStart(table: Table, index: TableIndex | undefined, given: Item | undefined): ItemPlace | undefined {
  if (given === undefined) return undefined;
  const start = checkItem(given);
  const names = new Set([...keyNames(table.key), ...(index === undefined ? [] : keyNames(index.key))]);
  const matches =
    Object.keys(start).length === names.size &&
    Array.from(names).every((name) => start[name] !== undefined && typeOf(start[name]) === table.attributes[name]);
  if (!matches)
    throw validation("The provided starting key is invalid: The provided key element does not match the schema");
  return placeOf(table, index, start);
}

async function turnPage(
  house: DynamoHouse,
  input: PageInput,
  { filter, paths }: Page,
  table: Table,
  index: TableIndex | undefined,
  walk: ItemWalk,
): Promise<Record<string, unknown>> {
  const { Limit, Select, ConsistentRead } = input;
  if (index?.kind === "global" && ConsistentRead === true) {
    throw validation("Consistent reads are not supported on global secondary indexes");
  }
  const isAll = index?.projection.type === "ALL";
  if (index?.kind === "global" && Select === "ALL_ATTRIBUTES" && !isAll) {
    throw validation(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
  const isFetching =
    isFetched(table, index, paths) || (index?.kind === "local" && !isAll && Select === "ALL_ATTRIBUTES");
  const items: Item[] = [];
  let count = 0;
  const page = await readPage(
    house,
    { table, index, walks: [walk], limit: Limit, isConsistent: ConsistentRead === true, isFetching },
    (whole) => {
      const item = index === undefined || isFetching ? whole : projectToIndex(table, index, whole);
      if (filter !== undefined && !isMet(filter, item)) return;
      count += 1;
      if (Select !== "COUNT") items.push(paths === undefined ? item : project(item, paths));
    },
  );
  return {
    ...(Select === "COUNT" ? {} : { Items: items }),
    Count: count,
    ScannedCount: page.scanned,
    ...(page.isEnd || page.last === undefined ? {} : { LastEvaluatedKey: toStartKey(table, index, page.last) }),
    ...consumedCapacity(input, page.units),
  };
}
