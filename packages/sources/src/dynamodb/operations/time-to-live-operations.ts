/** UpdateTimeToLive and DescribeTimeToLive. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html */
import type { Operation } from "@tripline/kernel";
import { validation } from "../errors.ts";
import type { DynamoHouse } from "../house.ts";
import { toExpiryEntry } from "../index-entries.ts";
import { hourMs } from "../limits.ts";
import type { Table } from "../table.ts";
import { parseItemText } from "../values/item-text.ts";

const filledAtOnce = 500;

/** Switches expiry on, by an attribute, or off. */
export async function setTimeToLive(
  { items, tables, activity, sweeper }: DynamoHouse,
  before: Table,
  attribute: string | undefined,
): Promise<Table> {
  const { ttl: old, ...rest } = before;
  const [space = 0] = attribute === undefined ? [] : await items.allocate(1);
  const ttl = attribute === undefined ? undefined : { attribute, space };
  const table: Table = { ...rest, ...(ttl === undefined ? {} : { ttl }) };
  await tables.save(table, "ACTIVE");
  if (old !== undefined) await tables.dropSpaces([old.space]);
  if (ttl !== undefined) {
    await activity.track(`expiries of ${table.name}`, async () => {
      let after: Awaited<ReturnType<typeof items.fill>>;
      do {
        after = await items.fill(table.space, after, filledAtOnce, ({ text }) =>
          toExpiryEntry(ttl, parseItemText(text)),
        );
      } while (after !== undefined);
      await sweeper.look(table.name);
    });
  }
  return table;
}

interface UpdateTimeToLiveInput {
  TableName: string;
  TimeToLiveSpecification: { Enabled: boolean; AttributeName: string };
}

export function updateTimeToLiveOperation(house: DynamoHouse): Operation<UpdateTimeToLiveInput> {
  return {
    name: "UpdateTimeToLive",
    honoured: ["TableName", "TimeToLiveSpecification"],
    async run({ TableName, TimeToLiveSpecification }) {
      const { Enabled, AttributeName } = TimeToLiveSpecification;
      const table = house.tables.resolveActive(TableName);
      if (!Enabled && table.ttl === undefined) throw validation("TimeToLive is already disabled");
      if (Enabled && table.ttl !== undefined) {
        throw validation(
          table.ttl.attribute === AttributeName
            ? "TimeToLive is already enabled"
            : `TimeToLive is active on a different AttributeName: current AttributeName is ${table.ttl.attribute}`,
        );
      }
      if (!Enabled && table.ttl?.attribute !== AttributeName) {
        throw validation(
          `TimeToLive is active on a different AttributeName: current AttributeName is ${table.ttl?.attribute ?? ""}`,
        );
      }
      const nowMs = house.clock.now();
      if (table.ttlChangedAtMs !== undefined && nowMs - table.ttlChangedAtMs < hourMs) {
        throw validation("Time to live has been modified multiple times within a fixed interval");
      }
      await setTimeToLive(house, { ...table, ttlChangedAtMs: nowMs }, Enabled ? AttributeName : undefined);
      return { TimeToLiveSpecification };
    },
  };
}

export function describeTimeToLiveOperation({ tables }: DynamoHouse): Operation<{ TableName: string }> {
  return {
    name: "DescribeTimeToLive",
    honoured: ["TableName"],
    async run({ TableName }) {
      const { ttl } = tables.resolve(TableName);
      return {
        TimeToLiveDescription:
          ttl === undefined
            ? { TimeToLiveStatus: "DISABLED" }
            : { TimeToLiveStatus: "ENABLED", AttributeName: ttl.attribute },
      };
    },
  };
}
