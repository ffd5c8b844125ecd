import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createTestDynamodb, type TestDynamodb } from "./testing/create-test-dynamodb.ts";
import type { Item } from "./values/attribute-value.ts";

const open: TestDynamodb[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const start = Date.UTC(2026, 0, 1);
const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
const streamArn = `${arn}/stream/2026-01-01T00:00:00.000`;
const definition = {
  TableName: "orders",
  AttributeDefinitions: [
    { AttributeName: "customer", AttributeType: "S" },
    { AttributeName: "number", AttributeType: "N" },
  ],
  KeySchema: [
    { AttributeName: "customer", KeyType: "HASH" },
    { AttributeName: "number", KeyType: "RANGE" },
  ],
  BillingMode: "PAY_PER_REQUEST",
};
const byStatus = {
  IndexName: "by-status",
  KeySchema: [
    { AttributeName: "status", KeyType: "HASH" },
    { AttributeName: "number", KeyType: "RANGE" },
  ],
  Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["amount"] },
};
const withStatus = [...definition.AttributeDefinitions, { AttributeName: "status", AttributeType: "S" }];

/** With an active table `orders` of customer (S) and number (N). */
async function setUp(more: object = {}, options: { dataDir?: string } = {}): Promise<TestDynamodb> {
  const test = await createTestDynamodb(options);
  open.push(test);
  if (test.dynamodb.list().length === 0) await test.call("CreateTable", { ...definition, ...more });
  await test.clock.settle();
  return test;
}
const key = (customer: string, number: number | string): Item => ({
  customer: { S: customer },
  number: { N: String(number) },
});
const put = (test: TestDynamodb, item: Item, more: object = {}): Promise<Record<string, unknown>> =>
  test.call("PutItem", { TableName: "orders", Item: item, ...more });
const get = async (test: TestDynamodb, Key: Item, more: object = {}): Promise<Item | undefined> =>
  (await test.call<{ Item?: Item }>("GetItem", { TableName: "orders", Key, ...more })).Item;
interface Page {
  Items?: Item[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: Item;
  ConsumedCapacity?: object;
}
const query = (test: TestDynamodb, KeyConditionExpression: string, values: object, more: object = {}): Promise<Page> =>
  test.call("Query", {
    TableName: "orders",
    KeyConditionExpression,
    ExpressionAttributeValues: values,
    ...more,
  });
const numbers = ({ Items = [] }: Page): string[] => Items.map(({ number }) => number?.N ?? "");
interface StreamPage {
  Records: { eventName: string; dynamodb: Record<string, unknown>; userIdentity?: object }[];
  NextShardIterator?: string;
}
async function readStream(test: TestDynamodb, at = streamArn, shard = 0): Promise<StreamPage> {
  const { StreamDescription } = await test.call<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
    "DescribeStream",
    { StreamArn: at },
  );
  const { ShardIterator } = await test.call<{ ShardIterator: string }>("GetShardIterator", {
    StreamArn: at,
    ShardId: StreamDescription.Shards[shard]?.ShardId,
    ShardIteratorType: "TRIM_HORIZON",
  });
  return test.call("GetRecords", { ShardIterator });
}

describe("tables", () => {
  it("are CREATING for a moment, then ACTIVE, and described as AWS does", async () => {
    const test = await createTestDynamodb();
    open.push(test);
    const { TableDescription } = await test.call<{ TableDescription: Record<string, unknown> }>(
      "CreateTable",
      definition,
    );
    expect(TableDescription["TableStatus"]).toBe("CREATING");
    expect(await test.errorOf("PutItem", { TableName: "orders", Item: key("a", 1) })).toEqual([
      "ResourceNotFoundException",
      "Requested resource not found",
    ]);
    await test.clock.settle();
    const { Table } = await test.call<{ Table: Record<string, unknown> }>("DescribeTable", { TableName: arn });
    expect(Table).toEqual({
      AttributeDefinitions: definition.AttributeDefinitions,
      TableName: "orders",
      KeySchema: definition.KeySchema,
      TableStatus: "ACTIVE",
      CreationDateTime: new Date(start),
      ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
      TableSizeBytes: 0,
      ItemCount: 0,
      TableArn: arn,
      TableId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST", LastUpdateToPayPerRequestDateTime: new Date(start) },
      DeletionProtectionEnabled: false,
      WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000, Status: "ACTIVE" },
    });
  });

  it.each([
    [{}, "ResourceInUseException", "Table already exists: orders"],
    [
      { TableName: "other", AttributeDefinitions: withStatus },
      "ValidationException",
      "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
    ],
    [
      { TableName: "other", BillingMode: "PROVISIONED" },
      "ValidationException",
      "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
    ],
    [
      { TableName: "a" },
      "ValidationException",
      "1 validation error detected: Value 'a' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
    ],
  ])("are refused: %j", async (more, ...error) => {
    const test = await setUp();
    expect(await test.errorOf("CreateTable", { ...definition, ...more })).toEqual(error);
  });

  it("cannot be deleted while they are protected; what they held is gone with them", async () => {
    const test = await setUp({ DeletionProtectionEnabled: true });
    await put(test, key("a", 1));
    expect((await test.errorOf("DeleteTable", { TableName: "orders" }))[0]).toBe("ValidationException");
    await test.call("UpdateTable", { TableName: "orders", DeletionProtectionEnabled: false });
    await test.clock.settle();
    await test.call("DeleteTable", { TableName: "orders" });
    await test.clock.settle();
    expect(await test.errorOf("DescribeTable", { TableName: "orders" })).toEqual([
      "ResourceNotFoundException",
      "Requested resource not found: Table: orders not found",
    ]);
    await test.call("CreateTable", definition);
    await test.clock.settle();
    expect(await get(test, key("a", 1))).toBeUndefined();
  });

  it("come back with their items after a restart", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "tripline-dynamodb-"));
    folders.push(dataDir);
    const test = await setUp({}, { dataDir });
    await put(test, { ...key("a", 1), photo: { B: Buffer.from([1, 2]) } });
    await test.stop();
    open.pop();
    const again = await setUp({}, { dataDir });
    expect(await get(again, key("a", 1))).toEqual({ ...key("a", 1), photo: { B: Buffer.from([1, 2]) } });
  });

  it("of a template take items at once, since a stack is up only when its tables are", async () => {
    const test = await setUp();
    await test.call(
      "CreateTable",
      { ...definition, TableName: "made", StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } },
      { upsert: true },
    );
    await test.call("PutItem", { TableName: "made", Item: key("a", 1) });
    expect(await test.call("DescribeTable", { TableName: "made" })).toMatchObject({ Table: { TableStatus: "ACTIVE" } });
  });

  it("of a template are brought to what it says", async () => {
    const test = await setUp();
    const input = { ...definition, AttributeDefinitions: withStatus, GlobalSecondaryIndexes: [byStatus] };
    await put(test, { ...key("a", 1), status: { S: "open" } });
    await test.call("CreateTable", { ...input, Tags: [{ Key: "a", Value: "b" }] }, { upsert: true });
    await test.clock.settle();
    const page = await query(
      test,
      "#s = :s",
      { ":s": { S: "open" } },
      {
        IndexName: "by-status",
        ExpressionAttributeNames: { "#s": "status" },
      },
    );
    expect([numbers(page), await test.call("ListTagsOfResource", { ResourceArn: arn })]).toEqual([
      ["1"],
      { Tags: [{ Key: "a", Value: "b" }] },
    ]);
  });
});

describe("items", () => {
  it("are put, got, and given back as they were", async () => {
    const test = await setUp();
    const item: Item = {
      ...key("a", "1.50"),
      parts: { L: [{ N: "007" }, { M: { x: { NULL: true } } }] },
      set: { NS: ["1", "2.0"] },
      blank: { S: "" },
    };
    expect(await put(test, item, { ReturnValues: "ALL_OLD", ReturnConsumedCapacity: "TOTAL" })).toEqual({
      ConsumedCapacity: { TableName: "orders", CapacityUnits: 1 },
    });
    const stored = {
      ...key("a", "1.5"),
      parts: { L: [{ N: "7" }, { M: { x: { NULL: true } } }] },
      set: { NS: ["1", "2"] },
      blank: { S: "" },
    };
    expect(await get(test, key("a", "15e-1"))).toEqual(stored);
    expect(await get(test, key("a", "1.5"), { ProjectionExpression: "parts[1].x, blank" })).toEqual({
      parts: { L: [{ M: { x: { NULL: true } } }] },
      blank: { S: "" },
    });
    expect(await put(test, key("a", "1.5"), { ReturnValues: "ALL_OLD" })).toEqual({ Attributes: stored });
    expect(
      await test.call("DeleteItem", { TableName: "orders", Key: key("a", "1.5"), ReturnValues: "ALL_OLD" }),
    ).toEqual({
      Attributes: key("a", "1.5"),
    });
    expect(await get(test, key("a", "1.5"))).toBeUndefined();
  });

  it.each([
    [{ customer: { S: "a" } }, "One or more parameter values were invalid: Missing the key number in the item"],
    [
      { customer: { S: "a" }, number: { S: "1" } },
      "One or more parameter values were invalid: Type mismatch for key number expected: N actual: S",
    ],
    [{ ...key("a", "x") }, "The parameter cannot be converted to a numeric value: x"],
    [
      { ...key("", 1) },
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: customer",
    ],
    [{ ...key("a", 1), big: { S: "x".repeat(409_600) } }, "Item size has exceeded the maximum allowed size"],
    [
      { ...key("a", 1), bad: {} },
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
    ],
    [{ ...key("a", 1), bad: { SS: [] } }, "One or more parameter values were invalid: An string set  may not be empty"],
    [{ ...key("a", 1), bad: { NS: ["1", "1.0"] } }, "Input collection contains duplicates"],
  ])("are refused (%#)", async (item, message) => {
    const test = await setUp();
    expect(await test.errorOf("PutItem", { TableName: "orders", Item: item })).toEqual([
      "ValidationException",
      message,
    ]);
  });

  it("placeholders without an expression are refused", async () => {
    const test = await setUp();
    const input = { TableName: "orders", Item: key("a", 1) };
    expect([
      await test.errorOf("PutItem", { ...input, ExpressionAttributeNames: { "#a": "a" } }),
      await test.errorOf("PutItem", { ...input, ExpressionAttributeValues: { ":a": { S: "a" } } }),
    ]).toEqual([
      ["ValidationException", "ExpressionAttributeNames can only be specified when using expressions"],
      [
        "ValidationException",
        "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
      ],
    ]);
  });

  it("are written under a condition, which may show what stood in the way", async () => {
    const test = await setUp();
    await put(test, { ...key("a", 1), amount: { N: "5" } });
    const input = {
      TableName: "orders",
      Item: key("a", 1),
      ConditionExpression: "attribute_not_exists(customer)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    };
    await expect(test.call("PutItem", input)).rejects.toMatchObject({
      code: "ConditionalCheckFailedException",
      message: "The conditional request failed",
      members: { Item: { ...key("a", 1), amount: { N: "5" } } },
    });
    const legacy = { TableName: "orders", Item: key("a", 1), Expected: { amount: { Value: { N: "5.0" } } } };
    await test.call("PutItem", legacy);
    expect((await test.errorOf("PutItem", legacy))[0]).toBe("ConditionalCheckFailedException");
  });

  it("changes of one turn see each other: of ten that count, each counts", async () => {
    const test = await setUp();
    const add = {
      TableName: "orders",
      Key: key("a", 1),
      UpdateExpression: "ADD amount :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
    };
    await Promise.all(Array.from({ length: 10 }, () => test.call("UpdateItem", structuredClone(add))));
    expect(await get(test, key("a", 1))).toEqual({ ...key("a", 1), amount: { N: "10" } });
  });
});

describe("UpdateItem", () => {
  it("computes from the item as it was, and returns what is asked for", async () => {
    const test = await setUp();
    await put(test, {
      ...key("a", 1),
      x: { N: "1" },
      y: { N: "2" },
      tags: { SS: ["a", "b"] },
      parts: { L: [{ N: "0" }, { N: "1" }, { N: "2" }] },
    });
    const output = await test.call("UpdateItem", {
      TableName: "orders",
      Key: key("a", 1),
      UpdateExpression:
        "SET x = y, y = x, parts[9] = :v, z = if_not_exists(z, :v) - :one REMOVE parts[0], parts[1] ADD n :one DELETE tags :t",
      ExpressionAttributeValues: { ":v": { N: "9" }, ":one": { N: "1" }, ":t": { SS: ["a"] } },
      ReturnValues: "ALL_NEW",
    });
    expect(output).toEqual({
      Attributes: {
        ...key("a", 1),
        x: { N: "2" },
        y: { N: "1" },
        tags: { SS: ["b"] },
        parts: { L: [{ N: "2" }, { N: "9" }] },
        z: { N: "8" },
        n: { N: "1" },
      },
    });
    const legacy = await test.call("UpdateItem", {
      TableName: "orders",
      Key: key("a", 1),
      AttributeUpdates: { x: { Action: "ADD", Value: { N: "1" } }, tags: { Action: "DELETE" } },
      ReturnValues: "UPDATED_NEW",
    });
    expect(legacy).toEqual({ Attributes: { x: { N: "3" } } });
  });

  it.each([
    [
      "SET customer = :v",
      "One or more parameter values were invalid: Cannot update attribute customer. This attribute is part of the key",
    ],
    ["SET a.b = :v", "The document path provided in the update expression is invalid for update"],
    ["SET a = b", "The provided expression refers to an attribute that does not exist in the item"],
    ["SET a = amount + :v", "An operand in the update expression has an incorrect data type"],
    [
      "SET a = :v, a.b = :v",
      "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]",
    ],
    ["SET name = :v", "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: name"],
    [
      "SET #a = :v",
      "Invalid UpdateExpression: An expression attribute name used in the document path is not defined; attribute name: #a",
    ],
    [
      "SET a = :w",
      "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :w",
    ],
    ["REMOVE a", "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"],
    ["SET a :v", 'Invalid UpdateExpression: Syntax error; token: ":v", near: "a :v"'],
    ["", "Invalid UpdateExpression: The expression can not be empty;"],
    [
      "SET a = :v SET b = :v",
      'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    ],
    [
      "ADD a :s",
      "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :s",
    ],
  ])("refuses %s", async (UpdateExpression, message) => {
    const test = await setUp();
    await put(test, { ...key("a", 1), amount: { S: "text" } });
    const input = {
      TableName: "orders",
      Key: key("a", 1),
      UpdateExpression,
      ExpressionAttributeValues: { ":v": { N: "1" } },
    };
    const undefinedFirst = message.startsWith("The provided expression refers");
    if (undefinedFirst) Reflect.deleteProperty(input, "ExpressionAttributeValues");
    expect(await test.errorOf("UpdateItem", input)).toEqual(["ValidationException", message]);
  });
});

describe("Query and Scan", () => {
  it("go in the order of numbers, forward and backward, within bounds", async () => {
    const test = await setUp();
    for (const number of ["10", "-5", "0", "1.5", "100", "-0.25"]) await put(test, key("a", number));
    await put(test, key("b", 3));
    const values = { ":c": { S: "a" } };
    expect(numbers(await query(test, "customer = :c", values))).toEqual(["-5", "-0.25", "0", "1.5", "10", "100"]);
    expect(numbers(await query(test, "customer = :c", values, { ScanIndexForward: false, Limit: 2 }))).toEqual([
      "100",
      "10",
    ]);
    const bounds = { ...values, ":l": { N: "-0.25" }, ":h": { N: "10" } };
    const within = { ExpressionAttributeNames: { "#n": "number" } };
    expect(numbers(await query(test, "customer = :c AND #n BETWEEN :l AND :h", bounds, within))).toEqual([
      "-0.25",
      "0",
      "1.5",
      "10",
    ]);
    expect(numbers(await query(test, "customer = :c AND #n < :l", { ...values, ":l": { N: "0" } }, within))).toEqual([
      "-5",
      "-0.25",
    ]);
  });

  it("turn pages at Limit and at 1 MB, counted before the filter", async () => {
    const test = await setUp();
    for (let n = 0; n < 5; n++) await put(test, { ...key("a", n), filler: { S: "x".repeat(300_000) } });
    const values = { ":c": { S: "a" } };
    const first = await query(
      test,
      "customer = :c",
      { ...values, ":x": { S: "nothing" } },
      { FilterExpression: "filler = :x" },
    );
    expect(first).toEqual({ Items: [], Count: 0, ScannedCount: 4, LastEvaluatedKey: key("a", 3) });
    const rest = await query(test, "customer = :c", values, { ExclusiveStartKey: key("a", 3), Select: "COUNT" });
    expect(rest).toEqual({ Count: 1, ScannedCount: 1 });
    const two = await query(test, "customer = :c", values, {
      Limit: 2,
      ScanIndexForward: false,
      ExclusiveStartKey: key("a", 3),
      ProjectionExpression: "customer",
      ReturnConsumedCapacity: "TOTAL",
    });
    expect(two).toEqual({
      Items: [{ customer: { S: "a" } }, { customer: { S: "a" } }],
      Count: 2,
      ScannedCount: 2,
      LastEvaluatedKey: key("a", 1),
      ConsumedCapacity: { TableName: "orders", CapacityUnits: 73.5 },
    });
  });

  it("segments of a scan part the table among them", async () => {
    const test = await setUp();
    for (let n = 0; n < 40; n++) await put(test, key(`c${n}`, n));
    const pages = await Promise.all(
      [0, 1, 2].map((Segment) => test.call<Page>("Scan", { TableName: "orders", Segment, TotalSegments: 3 })),
    );
    expect(pages.flatMap(numbers).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 40 }, (_, n) => String(n)),
    );
    expect(pages.every(({ Count }) => Count > 0)).toBe(true);
  });

  it("an index that is added later holds what was there, follows changes, and gives what it projects", async () => {
    const test = await setUp();
    const item = (n: number, status: string): Item => ({
      ...key("a", n),
      status: { S: status },
      amount: { N: "5" },
      secret: { S: "x" },
    });
    for (let n = 0; n < 3; n++) await put(test, item(n, "open"));
    await put(test, key("a", 9));
    await test.call("UpdateTable", {
      TableName: "orders",
      AttributeDefinitions: withStatus,
      GlobalSecondaryIndexUpdates: [{ Create: byStatus }],
    });
    await test.clock.settle();
    await put(test, item(1, "closed"));
    const ask = { IndexName: "by-status", ExpressionAttributeNames: { "#s": "status" } };
    const page = await query(test, "#s = :s", { ":s": { S: "open" } }, { ...ask, Limit: 1 });
    const { secret: _secret, ...projected } = item(0, "open");
    expect(page).toEqual({
      Items: [projected],
      Count: 1,
      ScannedCount: 1,
      LastEvaluatedKey: { ...key("a", 0), status: { S: "open" } },
    });
    const next = await query(
      test,
      "#s = :s",
      { ":s": { S: "open" } },
      { ...ask, ExclusiveStartKey: page.LastEvaluatedKey },
    );
    expect(numbers(next)).toEqual(["2"]);
    expect(
      await test.errorOf("Query", {
        TableName: "orders",
        KeyConditionExpression: "#s = :s",
        ExpressionAttributeValues: { ":s": { S: "x" } },
        ConsistentRead: true,
        ...ask,
      }),
    ).toEqual(["ValidationException", "Consistent reads are not supported on global secondary indexes"]);
    await test.call("UpdateTable", {
      TableName: "orders",
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-status" } }],
    });
    await test.clock.settle();
    expect((await test.errorOf("Scan", { TableName: "orders", IndexName: "by-status" }))[1]).toBe(
      "The table does not have the specified index: by-status",
    );
  });

  it.each([
    ["customer > :c", "Query key condition not supported"],
    ["customer = :c OR customer = :c", "Invalid operator used in KeyConditionExpression: OR"],
    ["customer = :c AND customer = :c", "KeyConditionExpressions must only contain one condition per key"],
    ["someone = :c", "Query condition missed key schema element: customer"],
  ])("refuse %s", async (KeyConditionExpression, message) => {
    const test = await setUp();
    const input = { TableName: "orders", KeyConditionExpression, ExpressionAttributeValues: { ":c": { S: "a" } } };
    expect(await test.errorOf("Query", input)).toEqual(["ValidationException", message]);
  });
});

describe("the older parameters", () => {
  it("say what expressions say", async () => {
    const test = await setUp();
    for (const n of [1, 2, 3, 4])
      await put(test, { ...key("a", n), amount: { N: String(n * 10) }, word: { S: `w${n}` } });
    const page = await test.call<Page>("Query", {
      TableName: "orders",
      KeyConditions: {
        customer: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "a" }] },
        number: { ComparisonOperator: "GE", AttributeValueList: [{ N: "2" }] },
      },
      QueryFilter: {
        amount: { ComparisonOperator: "BETWEEN", AttributeValueList: [{ N: "20" }, { N: "30" }] },
        word: { ComparisonOperator: "NOT_CONTAINS", AttributeValueList: [{ S: "3" }] },
      },
      AttributesToGet: ["number"],
    });
    expect(page).toEqual({ Items: [{ number: { N: "2" } }], Count: 1, ScannedCount: 3 });
    const scanned = await test.call<Page>("Scan", {
      TableName: "orders",
      ScanFilter: {
        amount: { ComparisonOperator: "GT", AttributeValueList: [{ N: "30" }] },
        word: { ComparisonOperator: "IN", AttributeValueList: [{ S: "w1" }] },
      },
      ConditionalOperator: "OR",
    });
    expect(numbers(scanned)).toEqual(["1", "4"]);
    expect(
      await test.errorOf("Scan", {
        TableName: "orders",
        FilterExpression: "attribute_exists(a)",
        AttributesToGet: ["a"],
      }),
    ).toEqual([
      "ValidationException",
      "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {FilterExpression}",
    ]);
  });
});

describe("local indexes", () => {
  it("order a partition by another attribute, read what they do not hold from the table, and are counted apart", async () => {
    const test = await setUp({
      AttributeDefinitions: [...definition.AttributeDefinitions, { AttributeName: "due", AttributeType: "S" }],
      LocalSecondaryIndexes: [
        {
          IndexName: "by-due",
          KeySchema: [
            { AttributeName: "customer", KeyType: "HASH" },
            { AttributeName: "due", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    });
    const item = (n: number, due: string): Item => ({ ...key("a", n), due: { S: due }, amount: { N: "5" } });
    expect(
      await put(test, item(1, "b"), { ReturnConsumedCapacity: "INDEXES", ReturnItemCollectionMetrics: "SIZE" }),
    ).toEqual({
      ConsumedCapacity: {
        TableName: "orders",
        CapacityUnits: 2,
        Table: { CapacityUnits: 1 },
        LocalSecondaryIndexes: { "by-due": { CapacityUnits: 1 } },
      },
      ItemCollectionMetrics: { ItemCollectionKey: { customer: { S: "a" } }, SizeEstimateRangeGB: [0, 1] },
    });
    await put(test, item(2, "a"));
    await put(test, key("a", 3));
    const ask = { IndexName: "by-due", ConsistentRead: true };
    const values = { ":c": { S: "a" } };
    const { amount: _amount, ...held } = item(2, "a");
    expect((await query(test, "customer = :c", values, ask)).Items?.[0]).toEqual(held);
    const all = await query(test, "customer = :c", values, {
      ...ask,
      Select: "ALL_ATTRIBUTES",
      ScanIndexForward: false,
    });
    expect(all.Items).toEqual([item(1, "b"), item(2, "a")]);
    expect(await test.errorOf("PutItem", { TableName: "orders", Item: { ...key("a", 4), due: { N: "1" } } })).toEqual([
      "ValidationException",
      "One or more parameter values were invalid: Type mismatch for Index Key due Expected: S Actual: N IndexName: by-due",
    ]);
  });
});

describe("batches and transactions", () => {
  it("BatchWriteItem and BatchGetItem do many; duplicates are refused", async () => {
    const test = await setUp();
    await put(test, key("gone", 1));
    await test.call("BatchWriteItem", {
      RequestItems: {
        orders: [
          { PutRequest: { Item: key("a", 1) } },
          { PutRequest: { Item: key("a", 2) } },
          { DeleteRequest: { Key: key("gone", 1) } },
        ],
      },
    });
    const output = await test.call("BatchGetItem", {
      RequestItems: { orders: { Keys: [key("a", 2), key("gone", 1), key("a", 1)] } },
    });
    expect(output).toEqual({ Responses: { orders: [key("a", 2), key("a", 1)] }, UnprocessedKeys: {} });
    expect(
      await test.errorOf("BatchGetItem", { RequestItems: { orders: { Keys: [key("a", 1), key("a", "1.0")] } } }),
    ).toEqual(["ValidationException", "Provided list of item keys contains duplicates"]);
  });

  it("TransactWriteItems does all or nothing, and tells the reason of each", async () => {
    const test = await setUp();
    await put(test, { ...key("a", 1), stock: { N: "1" } });
    const input = (): object => ({
      TransactItems: [
        { Put: { TableName: "orders", Item: key("b", 1) } },
        {
          Update: {
            TableName: "orders",
            Key: key("a", 1),
            UpdateExpression: "SET stock = stock - :n",
            ConditionExpression: "stock >= :n",
            ExpressionAttributeValues: { ":n": { N: "1" } },
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          },
        },
      ],
    });
    await test.call("TransactWriteItems", input());
    await test.call("DeleteItem", { TableName: "orders", Key: key("b", 1) });
    await expect(test.call("TransactWriteItems", input())).rejects.toMatchObject({
      code: "TransactionCanceledException",
      message:
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
      members: {
        CancellationReasons: [
          { Code: "None" },
          {
            Code: "ConditionalCheckFailed",
            Message: "The conditional request failed",
            Item: { ...key("a", 1), stock: { N: "0" } },
          },
        ],
      },
    });
    expect(
      await test.call("TransactGetItems", {
        TransactItems: [
          { Get: { TableName: "orders", Key: key("b", 1) } },
          { Get: { TableName: "orders", Key: key("a", 1) } },
        ],
      }),
    ).toEqual({
      Responses: [{}, { Item: { ...key("a", 1), stock: { N: "0" } } }],
    });
  });

  it("a key that is not the table's cancels a transaction, with a reason", async () => {
    const test = await setUp();
    const wrong = { TableName: "orders", Key: { customer: { S: "a" } } };
    const cancelled = {
      code: "TransactionCanceledException",
      members: {
        CancellationReasons: [
          { Code: "None" },
          { Code: "ValidationError", Message: "The provided key element does not match the schema" },
        ],
      },
    };
    const right = { TableName: "orders", Key: key("a", 1) };
    await expect(
      test.call("TransactGetItems", { TransactItems: [{ Get: right }, { Get: wrong }] }),
    ).rejects.toMatchObject(cancelled);
    await expect(
      test.call("TransactWriteItems", { TransactItems: [{ Delete: right }, { Delete: wrong }] }),
    ).rejects.toMatchObject(cancelled);
  });

  it("a token makes a transaction happen once in ten minutes", async () => {
    const test = await setUp();
    const add = (n: string): Promise<unknown> =>
      test.call("TransactWriteItems", {
        ClientRequestToken: "t",
        TransactItems: [
          {
            Update: {
              TableName: "orders",
              Key: key("a", 1),
              UpdateExpression: "ADD amount :n",
              ExpressionAttributeValues: { ":n": { N: n } },
            },
          },
        ],
      });
    await add("1");
    await add("1");
    expect((await get(test, key("a", 1)))?.["amount"]).toEqual({ N: "1" });
    await expect(add("2")).rejects.toMatchObject({ code: "IdempotentParameterMismatchException" });
    await test.clock.advance(600_000);
    await add("1");
    expect((await get(test, key("a", 1)))?.["amount"]).toEqual({ N: "2" });
  });
});

describe("streams", () => {
  const withStream = { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } };

  it("tell every change, and nothing where nothing changed", async () => {
    const test = await setUp(withStream);
    await put(test, { ...key("a", 1), x: { SS: ["p", "q"] } });
    await put(test, { x: { SS: ["q", "p"] }, ...key("a", 1) });
    await put(test, key("a", 1));
    await test.call("DeleteItem", { TableName: "orders", Key: key("a", 1) });
    await test.call("DeleteItem", { TableName: "orders", Key: key("a", 1) });
    const { Records } = await readStream(test);
    expect(Records.map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY", "REMOVE"]);
    expect(Records[1]).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      eventName: "MODIFY",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      dynamodb: {
        ApproximateCreationDateTime: new Date(start),
        Keys: key("a", 1),
        NewImage: key("a", 1),
        OldImage: { ...key("a", 1), x: { SS: ["q", "p"] } },
        SequenceNumber: expect.stringMatching(/^\d{21,40}$/) as string,
        SizeBytes: 54,
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
    });
    expect(Records[2]?.dynamodb["NewImage"]).toBeUndefined();
  });

  it("roll over after four hours: parent before child, greater numbers", async () => {
    const test = await setUp(withStream);
    await put(test, key("a", 1));
    await test.clock.advance(4 * 3_600_000);
    await put(test, key("a", 2));
    const parent = await readStream(test, streamArn, 0);
    const child = await readStream(test, streamArn, 1);
    const numberOf = (page: StreamPage): bigint => BigInt(String(page.Records[0]?.dynamodb["SequenceNumber"]));
    expect([parent.Records.length, child.Records.length, parent.NextShardIterator]).toEqual([1, 1, undefined]);
    expect(numberOf(child) > numberOf(parent)).toBe(true);
    const source = await test.dynamodb.streams.find(streamArn);
    const [first, second] = (await source?.shards()) ?? [];
    expect([first?.parentShardIds, second?.parentShardIds]).toEqual([[], [first?.shardId]]);
  });

  it("give Lambda its record", async () => {
    const test = await setUp(withStream);
    await put(test, { ...key("a", 1), photo: { B: Buffer.from("hi") } });
    const source = await test.dynamodb.streams.find(streamArn);
    const [shard] = (await source?.shards()) ?? [];
    const read = await source?.read(shard?.shardId ?? "", undefined, 10);
    expect(JSON.parse(read?.records[0]?.toEventText("role") ?? "")).toEqual({
      eventID: read?.records[0]?.eventId,
      eventName: "INSERT",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      dynamodb: {
        ApproximateCreationDateTime: start / 1_000,
        Keys: key("a", 1),
        NewImage: { ...key("a", 1), photo: { B: "aGk=" } },
        SequenceNumber: read?.records[0]?.sequenceNumber,
        SizeBytes: 41,
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
      eventSourceARN: streamArn,
    });
  });

  it("iterators expire after fifteen minutes, records after a day", async () => {
    const test = await setUp(withStream);
    await put(test, key("a", 1));
    const { NextShardIterator } = await readStream(test);
    await test.clock.advance(15 * 60_000 + 1);
    expect((await test.errorOf("GetRecords", { ShardIterator: NextShardIterator }))[0]).toBe(
      "ExpiredIteratorException",
    );
    await test.clock.advance(24 * 3_600_000);
    expect((await readStream(test)).Records).toEqual([]);
    expect(await test.errorOf("DescribeStream", { StreamArn: `${arn}/stream/none` })).toEqual([
      "ResourceNotFoundException",
      `Requested resource not found: Stream: ${arn}/stream/none not found`,
    ]);
  });
});

describe("time to live", () => {
  it("removes an item a second after its moment, in the service's name; others stay", async () => {
    const test = await setUp({ StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } });
    const at = start / 1_000 + 60;
    await put(test, { ...key("early", 1), expires: { N: String(at) } });
    await test.call("UpdateTimeToLive", {
      TableName: "orders",
      TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" },
    });
    await put(test, { ...key("late", 1), expires: { N: String(at + 10) } });
    await put(test, { ...key("text", 1), expires: { S: String(at) } });
    await put(test, { ...key("old", 1), expires: { N: "1000" } });
    await test.clock.advance(60_000);
    expect(await get(test, key("early", 1))).toBeDefined();
    await test.clock.advance(1_000);
    expect([await get(test, key("early", 1)), (await get(test, key("late", 1))) !== undefined]).toEqual([
      undefined,
      true,
    ]);
    await test.clock.advance(3_600_000);
    const { Items = [] } = await test.call<Page>("Scan", { TableName: "orders" });
    expect(Items.map(({ customer }) => customer?.S ?? "").sort((a, b) => (a < b ? -1 : 1))).toEqual(["old", "text"]);
    const removed = (await readStream(test)).Records.filter(({ eventName }) => eventName === "REMOVE");
    expect(removed.map(({ dynamodb, userIdentity }) => [dynamodb["Keys"], userIdentity])).toEqual([
      [key("early", 1), { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" }],
      [key("late", 1), { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" }],
    ]);
  });
});
