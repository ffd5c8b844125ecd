/** Global secondary indexes of a table that is there: found by name, added, and filled with what the table holds. */
import { invalidParameter, resourceNotFound } from "./errors.ts";
import type { DynamoHouse } from "./house.ts";
import { toIndexEntry } from "./index-entries.ts";
import type { IndexDefinition } from "./table-definition.ts";
import type { Table, TableIndex } from "./table.ts";
import { parseItemText } from "./values/item-text.ts";

const filledAtOnce = 500;

/** Throws ResourceNotFoundException where there is none. */
export function indexNamed(table: Table, name: string): TableIndex {
  const index = table.indexes.find((one) => one.kind === "global" && one.name === name);
  if (index === undefined) throw resourceNotFound();
  return index;
}

/** A global index has a throughput of its own where its table has one, and only there. Throws ValidationException. */
export function checkIndexThroughput({ name, kind, throughput }: IndexDefinition, billingMode: string): void {
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

/** A new index, filled with what the table holds. */
export async function addIndex(house: DynamoHouse, before: Table, definition: IndexDefinition): Promise<Table> {
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
