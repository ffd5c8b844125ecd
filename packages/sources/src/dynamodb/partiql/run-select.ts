/**
 * SELECT.
 *
 * L1. Limit counts items that are read, before WHERE asks more of them than their key: a page may be empty, and yet not the last.
 * L2. A page takes up to ten queries; what is left is behind NextToken, which counts for this statement with these parameters.
 * L3. With ORDER BY, partitions are read in their order. Where the sort key is not in it, its order is descending.
 * L4. Conditions are asked of what an index holds; a query by its key refuses those that it cannot answer.
 *
 * Texts, and L3, are as AWS is seen to answer; of L2, AWS's documentation says "pages of up to 10 items".
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
 */
import { createHash } from "node:crypto";
import type { ItemWalk } from "@tripline/kernel";
import { parseToken, toToken } from "../../opaque-token/index.ts";
import type { TableUnits } from "../capacity.ts";
import { invalidParameter, validation } from "../errors.ts";
import { pathsOf } from "../expressions/condition-paths.ts";
import { isMet } from "../expressions/evaluate-condition.ts";
import type { DynamoHouse } from "../house.ts";
import { isFetched, missingNames, resolveIndex } from "../index-reads.ts";
import { pageReadsMax } from "../limits.ts";
import { placeOf, readPage, toStartKey } from "../read-page.ts";
import { keyNames, type KeySchema, projectToIndex, type Table, type TableIndex } from "../table.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import { compareValues } from "../values/compare-values.ts";
import { parseItemText, toItemText } from "../values/item-text.ts";
import { toPartitionBytes, toSegmentStart } from "../values/key-bytes.ts";
import { type KeyRead, toKeyReads } from "./key-plan.ts";
import { toProjected } from "./projected.ts";
import type { SelectStatement } from "./statement.ts";

export interface SelectInput {
  Statement: string;
  Parameters?: AttributeValue[];
  ConsistentRead?: boolean;
  Limit?: number;
  NextToken?: string;
}

export interface Selected {
  items: Item[];
  units: TableUnits;
  nextToken?: string;
  /** Where the page ended. */
  lastKey?: Item;
}

const tokenKind = "partiql";

/** Throws ValidationException, ResourceNotFoundException. */
export async function runSelect(house: DynamoHouse, statement: SelectStatement, input: SelectInput): Promise<Selected> {
  const { paths, where } = statement;
  const table = house.tables.resolveItems(statement.table);
  const index = resolveIndex(table, statement.index, "");
  const isConsistent = input.ConsistentRead === true;
  if (isConsistent && index?.kind === "global") {
    throw validation("Strongly consistent read is not supported on Global Secondary Indexes");
  }
  const isFetching = isFetched(table, index, paths);
  const key = index?.key ?? table.key;
  const reads = toKeyReads(where, table, key);
  if (index !== undefined) checkFilters(table, index, reads);
  const walks = toWalks(statement, table, key, reads);
  const bound = createHash("sha256")
    .update(JSON.stringify([input.Statement, input.Parameters ?? []]))
    .digest("base64");
  const start = parseNextToken(input.NextToken, bound);
  const first = walks[start.walk];
  const after = start.key === undefined ? undefined : placeOf(table, index, start.key);
  const page = [
    ...(first === undefined ? [] : [{ ...first, ...(after === undefined ? {} : { after }) }]),
    ...walks.slice(start.walk + 1, start.walk + pageReadsMax), // L2
  ];
  const items: Item[] = [];
  const end = await readPage(
    house,
    { table, index, walks: page, limit: input.Limit, isConsistent, isFetching },
    (whole) => {
      const held = index === undefined ? whole : projectToIndex(table, index, whole);
      if (where === undefined || isMet(where, held)) items.push(toProjected(isFetching ? whole : held, paths)); // L4
    },
  );
  const { units } = end;
  if (!end.isEnd && end.last !== undefined) {
    const lastKey = toStartKey(table, index, end.last);
    return { items, units, lastKey, nextToken: toNextToken(bound, start.walk + end.walk, lastKey) };
  }
  const next = start.walk + page.length;
  return { items, units, ...(next < walks.length ? { nextToken: toNextToken(bound, next) } : {}) };
}

/** L4. */
function checkFilters(table: Table, index: TableIndex, reads: readonly KeyRead[] | undefined): void {
  const missing = (reads ?? []).map(({ filters }) => missingNames(table, index, filters.flatMap(pathsOf)));
  const last = missing.at(-1);
  if (last === undefined || missing.some(({ length }) => length === 0)) return;
  throw invalidParameter(
    `Secondary index ${index.name} does not project one or more filter attributes: [${last.join(", ")}]`,
  );
}

function toWalks(
  { where, order }: SelectStatement,
  table: Table,
  key: KeySchema,
  reads: readonly KeyRead[] | undefined,
): ItemWalk[] {
  const { space } = table;
  const sortBackward = order.find(({ name }) => name === key.range)?.isBackward;
  const isBackward = sortBackward ?? order.length > 0; // L3
  if (order.length > 0) {
    if (where === undefined) throw validation("Must have WHERE clause in the statement when using ORDER BY clause.");
    const other = order.find(({ name }) => !keyNames(key).includes(name));
    if (other !== undefined) {
      throw validation(`Attribute ${other.name} in ORDER BY clause must be part of the primary key`);
    }
    if (reads === undefined) {
      throw validation(
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
      );
    }
    if (reads.length > 1 && !order.some(({ name }) => name === key.hash)) {
      throw validation(
        "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.",
      );
    }
  }
  if (reads === undefined) return [{ space, from: toSegmentStart(0, 1), to: toSegmentStart(1, 1) }];
  const hashSign = order.find(({ name }) => name === key.hash)?.isBackward === true ? -1 : 1;
  const sortSign = isBackward ? -1 : 1;
  const ordered =
    order.length === 0
      ? reads
      : [...reads].sort(
          (a, b) =>
            hashSign * (compareValues(a.partition, b.partition) ?? 0) || sortSign * Buffer.compare(a.from, b.from),
        );
  return ordered.map(({ partition, from, to }) => ({
    space,
    partition: toPartitionBytes(partition),
    from,
    to,
    isBackward,
  }));
}

function toNextToken(bound: string, walk: number, key?: Item): string {
  return toToken(tokenKind, [bound, walk, key === undefined ? "" : toItemText(key)]);
}

/** Throws ValidationException. */
function parseNextToken(token: string | undefined, bound: string): { walk: number; key?: Item } {
  if (token === undefined) return { walk: 0 };
  const [itsBound, walk, key] = parseToken(tokenKind, token) ?? [];
  if (typeof walk !== "number" || typeof key !== "string") throw validation("Invalid NextToken");
  if (itsBound !== bound) throw validation("NextToken does not match request");
  return { walk, ...(key === "" ? {} : { key: parseItemText(key) }) };
}
