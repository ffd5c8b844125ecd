/** Tags, limits, endpoints, and the state of backups (of which there are none). */
import type { Operation } from "@tripline/kernel";
import { resourceNotFound, validation } from "../errors.ts";
import type { DynamoHouse } from "../house.ts";
import { type Tag, toTags } from "../table-definition.ts";
import type { Table } from "../table.ts";

const accountUnits = 80_000;
const tableUnits = 40_000;
const tagsPerPage = 10;

export function createAccountOperations({ tables }: DynamoHouse): Operation[] {
  const byArn = (arn: string): Table => {
    const table = tables.list().find((one) => one.arn === arn);
    if (table === undefined) {
      if (!/^arn:[^:]+:dynamodb:/.test(arn))
        throw validation(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
      throw resourceNotFound();
    }
    return table;
  };
  const tag: Operation<{ ResourceArn: string; Tags: Tag[] }> = {
    name: "TagResource",
    honoured: ["ResourceArn", "Tags"],
    async run({ ResourceArn, Tags }) {
      const table = byArn(ResourceArn);
      const all = { ...table.tags, ...toTags(Tags) };
      await tables.save(
        { ...table, tags: toTags(Object.entries(all).map(([Key, Value]) => ({ Key, Value }))) },
        "ACTIVE",
      );
      return {};
    },
  };
  const untag: Operation<{ ResourceArn: string; TagKeys: string[] }> = {
    name: "UntagResource",
    honoured: ["ResourceArn", "TagKeys"],
    async run({ ResourceArn, TagKeys }) {
      const table = byArn(ResourceArn);
      const tags = Object.fromEntries(Object.entries(table.tags).filter(([key]) => !TagKeys.includes(key)));
      await tables.save({ ...table, tags }, "ACTIVE");
      return {};
    },
  };
  const list: Operation<{ ResourceArn: string; NextToken?: string }> = {
    name: "ListTagsOfResource",
    honoured: ["ResourceArn", "NextToken"],
    async run({ ResourceArn, NextToken }) {
      const keys = Object.keys(byArn(ResourceArn).tags).sort();
      const { tags } = byArn(ResourceArn);
      const from = NextToken === undefined ? 0 : keys.findIndex((key) => key > NextToken);
      const page = from < 0 ? [] : keys.slice(from, from + tagsPerPage);
      const isMore = from >= 0 && from + tagsPerPage < keys.length;
      return {
        Tags: page.map((Key) => ({ Key, Value: tags[Key] ?? "" })),
        ...(isMore ? { NextToken: page.at(-1) } : {}),
      };
    },
  };
  const limits: Operation<object> = {
    name: "DescribeLimits",
    honoured: [],
    run: async () => ({
      AccountMaxReadCapacityUnits: accountUnits,
      AccountMaxWriteCapacityUnits: accountUnits,
      TableMaxReadCapacityUnits: tableUnits,
      TableMaxWriteCapacityUnits: tableUnits,
    }),
  };
  const endpoints: Operation<object> = {
    name: "DescribeEndpoints",
    honoured: [],
    run: async (_input, { endpoint }) => ({
      Endpoints: [{ Address: endpoint.replace(/^https?:\/\//, ""), CachePeriodInMinutes: 1_440 }],
    }),
  };
  const backups: Operation<{ TableName: string }> = {
    name: "DescribeContinuousBackups",
    honoured: ["TableName"],
    async run({ TableName }) {
      tables.resolve(TableName);
      return {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: "ENABLED",
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
        },
      };
    },
  };
  return [tag, untag, list, limits, endpoints, backups];
}
