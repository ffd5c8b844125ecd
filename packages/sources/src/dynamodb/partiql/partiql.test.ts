import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestDynamodb, type TestDynamodb } from "../testing/create-test-dynamodb.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";

let test: TestDynamodb;
beforeEach(async () => {
  test = await createTestDynamodb();
  await test.call("CreateTable", {
    TableName: "music",
    AttributeDefinitions: [
      { AttributeName: "artist", AttributeType: "S" },
      { AttributeName: "song", AttributeType: "S" },
      { AttributeName: "year", AttributeType: "N" },
    ],
    KeySchema: [
      { AttributeName: "artist", KeyType: "HASH" },
      { AttributeName: "song", KeyType: "RANGE" },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: "by-year",
        KeySchema: [
          { AttributeName: "artist", KeyType: "HASH" },
          { AttributeName: "year", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "of-year",
        KeySchema: [{ AttributeName: "year", KeyType: "HASH" }],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["label"] },
      },
    ],
    BillingMode: "PAY_PER_REQUEST",
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  });
  await test.clock.settle();
});
afterEach(() => test.stop());

interface Output {
  Items: Item[];
  NextToken?: string;
  LastEvaluatedKey?: Item;
  ConsumedCapacity?: object;
}
const run = (Statement: string, Parameters?: AttributeValue[], more: object = {}): Promise<Output> =>
  test.call("ExecuteStatement", { Statement, ...(Parameters === undefined ? {} : { Parameters }), ...more });
const errorOf = async (Statement: string, more: object = {}): Promise<string> => {
  const [code, message] = await test.errorOf("ExecuteStatement", { Statement, ...more });
  return `${code.replace("Exception", "")}: ${message}`;
};
const get = async (artist: string, song = "1"): Promise<Item | undefined> => {
  const Key = { artist: { S: artist }, song: { S: song } };
  return (await test.call<{ Item?: Item }>("GetItem", { TableName: "music", Key })).Item;
};
const put = (artist: string, song = "1", more: Item = {}): Promise<unknown> =>
  test.call("PutItem", { TableName: "music", Item: { artist: { S: artist }, song: { S: song }, ...more } });
const keys = ({ Items }: Output): string[] => Items.map(({ artist, song }) => `${artist?.S ?? ""}/${song?.S ?? ""}`);
const select = async (rest: string): Promise<string[]> => keys(await run(`SELECT artist, song FROM music ${rest}`));

describe("INSERT", () => {
  it("writes every type that a literal has", async () => {
    expect(
      await run(
        `INSERT INTO "music" VALUE {'artist': 'a', 'song': ?, 'm': {'x': [1, 'y', NULL, true]}, 'n': -1.50E1, 'ns': <<1, 4.5>>, 'ss': <<'it''s'>>} -- done`,
        [{ S: "1" }],
      ),
    ).toEqual({ Items: [] });
    expect(await get("a")).toEqual({
      artist: { S: "a" },
      song: { S: "1" },
      m: { M: { x: { L: [{ N: "1" }, { S: "y" }, { NULL: true }, { BOOL: true }] } } },
      n: { N: "-15" },
      ns: { NS: ["1", "4.5"] },
      ss: { SS: ["it's"] },
    });
  });

  it("refuses an item that is there, and leaves it", async () => {
    await put("a", "1", { kept: { BOOL: true } });
    expect(await errorOf(`INSERT INTO music VALUE {'artist': 'a', 'song': '1'}`)).toBe(
      "DuplicateItem: Duplicate primary key exists in table",
    );
    expect(await get("a")).toMatchObject({ kept: { BOOL: true } });
  });

  it.each([
    [`{'artist': 'a'}`, "One or more parameter values were invalid: Missing the key song in the item"],
    [`{'artist': 'a', 'song': '1', 's': <<>>}`, "Empty bags are not supported"],
    [
      `{'artist': 'a', 'song': '1', 's': <<1, 'a'>>}`,
      "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags",
    ],
    [
      `{'artist': 'a', 'song': '1', 's': <<'a', 'a'>>}`,
      "One or more parameter values were invalid: Input collection [a, a] contains duplicates.",
    ],
    [
      `{'artist': 'a', 'song': '1', 's': <<1, 1.0>>}`,
      "One or more parameter values were invalid: Input collection [1, 1.0] contains duplicates! under root",
    ],
    [
      `{'artist': 'a', 'song': '1', 'm': {'l': [1, ?]}}`,
      "Unsupported data type: Parameter under key root.l[1] at 1:69:1",
    ],
  ])("refuses %s", async (item, message) => {
    expect(await errorOf(`INSERT INTO music VALUE ${item}`)).toBe(`Validation: ${message}`);
  });
});

describe("SELECT", () => {
  it("gives what paths lead to under their last names", async () => {
    await put("a", "1", { m: { M: { x: { M: { y: { S: "deep" } } } } }, l: { L: [{ N: "1" }, { N: "2" }] } });
    expect((await run(`SELECT m.x.y, l[1], absent FROM music WHERE artist = 'a' AND song = '1'`)).Items).toEqual([
      { y: { S: "deep" }, "l[1]": { N: "2" } },
    ]);
  });

  it("filters by functions, ranges and what is missing", async () => {
    await put("a", "1", { tags: { SS: ["x", "y"] }, total: { N: "400" }, none: { NULL: true } });
    await put("a", "2", { total: { N: "550" }, text: { S: "Kirkland 24" } });
    for (const [condition, found] of [
      ["contains(tags, 'x')", ["a/1"]],
      ["CONTAINS(\"text\", 'land')", ["a/2"]],
      ["begins_with(song, '2')", ["a/2"]],
      ["attribute_type(total, 'N')", ["a/1", "a/2"]],
      ["size(tags) > 1", ["a/1"]],
      ["total BETWEEN 500 AND 600", ["a/2"]],
      ["total != 400", ["a/2"]],
      ["total IN [1, 400]", ["a/1"]],
      ["none IS NULL", ["a/1"]],
      ["none IS NOT NULL", ["a/2"]],
      ["none IS MISSING", ["a/2"]],
      ["none IS NOT MISSING", ["a/1"]],
      ["absent IS NULL", []],
      ["NOT (total = 400 OR song = '9')", ["a/2"]],
      ["400 < total", ["a/2"]],
    ] as const) {
      expect([condition, await select(`WHERE artist = 'a' AND ${condition}`)]).toEqual([condition, found]);
    }
  });

  it("queries where the partition is given, and scans where it is not", async () => {
    for (const artist of ["a", "b"]) for (const song of ["1", "2", "3"]) await put(artist, song);
    const units = async (where: string): Promise<unknown> => {
      const { Items, ConsumedCapacity } = await run(`SELECT song FROM music WHERE ${where}`, undefined, {
        ReturnConsumedCapacity: "TOTAL",
        Limit: 5,
      });
      return [Items.length, ConsumedCapacity];
    };
    const half = { TableName: "music", CapacityUnits: 0.5 };
    expect(await units("artist = 'a'")).toEqual([3, half]);
    expect(await units("artist = 'a' AND song >= '2'")).toEqual([2, half]);
    expect(await units("artist = 'b' OR artist = 'a' AND song = '1'")).toEqual([4, half]);
    expect(await units("artist = 'a' AND artist = 'b'")).toEqual([0, half]);
    expect((await select("WHERE song = '1'")).toSorted()).toEqual(["a/1", "b/1"]); // a scan
    expect(await select("WHERE artist IN ['b', 'a'] AND song < '2'")).toEqual(["b/1", "a/1"]);
    expect((await run("SELECT * FROM music")).Items).toHaveLength(6);
  });

  it("turns pages of what is read, and binds NextToken to its statement", async () => {
    for (const song of ["1", "2", "3"]) await put("a", song, { odd: { BOOL: song !== "2" } });
    const statement = "SELECT song FROM music WHERE artist = ? AND odd = false";
    const parameters = [{ S: "a" }];
    const first = await run(statement, parameters, { Limit: 1 });
    expect(first).toEqual({
      Items: [],
      NextToken: expect.any(String) as string,
      LastEvaluatedKey: { artist: { S: "a" }, song: { S: "1" } },
    });
    const second = await run(statement, parameters, { Limit: 5, NextToken: first.NextToken });
    expect(second).toEqual({ Items: [{ song: { S: "2" } }] });
    expect(await errorOf("SELECT song FROM music", { NextToken: first.NextToken })).toBe(
      "Validation: NextToken does not match request",
    );
    expect(await errorOf("SELECT song FROM music", { NextToken: "nonsense" })).toBe("Validation: Invalid NextToken");
    expect(await errorOf("DELETE FROM music WHERE artist = 'a' AND song = '1'", { NextToken: first.NextToken })).toBe(
      "Validation: NextToken is only valid on a SELECT statement",
    );
  });

  it("reads ten partitions a page", async () => {
    const artists = Array.from({ length: 12 }, (_, at) => `p${String(at).padStart(2, "0")}`);
    for (const artist of artists) await put(artist);
    const statement = `SELECT artist, song FROM music WHERE artist IN [${artists.map((one) => `'${one}'`).join(", ")}]`;
    const first = await run(statement);
    const second = await run(statement, undefined, { NextToken: first.NextToken });
    expect([keys(first), keys(second), second.NextToken]).toEqual([
      artists.slice(0, 10).map((one) => `${one}/1`),
      ["p10/1", "p11/1"],
      undefined,
    ]);
  });

  it("orders by the key", async () => {
    for (const artist of ["a", "b"]) for (const song of ["1", "2", "3"]) await put(artist, song);
    expect(await select("WHERE artist = 'a' ORDER BY song DESC")).toEqual(["a/3", "a/2", "a/1"]);
    expect(await select("WHERE artist = 'a' ORDER BY song")).toEqual(["a/1", "a/2", "a/3"]);
    expect(await select("WHERE artist = 'a' ORDER BY artist ASC")).toEqual(["a/3", "a/2", "a/1"]);
    const both = "WHERE artist IN ['a', 'b'] ORDER BY artist DESC";
    expect(await select(`${both}, song ASC`)).toEqual(["b/1", "b/2", "b/3", "a/1", "a/2", "a/3"]);
    const statement = `SELECT artist, song FROM music ${both}`;
    const first = await run(statement, undefined, { Limit: 2 });
    const second = await run(statement, undefined, { Limit: 2, NextToken: first.NextToken });
    expect([keys(first), keys(second)]).toEqual([
      ["b/3", "b/2"],
      ["b/1", "a/3"],
    ]);
  });

  it("reads an index: what it holds, and a local one what the table has", async () => {
    await put("a", "1", { year: { N: "1999" }, label: { S: "x" }, total: { N: "1" } });
    await put("a", "2", { year: { N: "1980" }, total: { N: "2" } });
    await put("a", "3");
    expect((await run(`SELECT * FROM "music"."of-year" WHERE "year" = 1999`)).Items).toEqual([
      { artist: { S: "a" }, song: { S: "1" }, year: { N: "1999" }, label: { S: "x" } },
    ]);
    const local = await run(`SELECT song, total FROM "music"."by-year" WHERE artist = 'a'`, undefined, {
      ReturnConsumedCapacity: "INDEXES",
    });
    expect(local).toEqual({
      Items: [
        { song: { S: "2" }, total: { N: "2" } },
        { song: { S: "1" }, total: { N: "1" } },
      ],
      ConsumedCapacity: {
        TableName: "music",
        CapacityUnits: 1.5,
        Table: { CapacityUnits: 1 },
        LocalSecondaryIndexes: { "by-year": { CapacityUnits: 0.5 } },
      },
    });
    // A scan of an index asks what it holds, and finds nothing.
    expect((await run(`SELECT song FROM "music"."of-year" WHERE total = 1`)).Items).toEqual([]);
  });

  it.each([
    [`* FROM music.absent`, "The table does not have the specified index"],
    [`* FROM music."of-year".x`, "A path may contain at most 2 components in the FROM clause"],
    [`* FROM ""`, "Path component cannot be an empty string"],
    [`COUNT(*) FROM music`, "Unexpected path component at 1:8:5"],
    [`l[-1] FROM music`, "List index is not within the allowable range; index: [-1] at 1:11:1"],
    [
      `total FROM music."of-year"`,
      "One or more parameter values were invalid: Global secondary index of-year does not project [total]",
    ],
    [
      `* FROM music."of-year" WHERE "year" = 1 AND total = 1`,
      "One or more parameter values were invalid: Secondary index of-year does not project one or more filter attributes: [total]",
    ],
    [`* FROM music ORDER BY song`, "Must have WHERE clause in the statement when using ORDER BY clause."],
    [
      `* FROM music WHERE artist = 'a' ORDER BY total`,
      "Attribute total in ORDER BY clause must be part of the primary key",
    ],
    [
      `* FROM music WHERE artist > 'a' ORDER BY song`,
      "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
    ],
    [
      `* FROM music WHERE artist IN ['a', 'b'] ORDER BY song`,
      "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.",
    ],
    [`* FROM music WHERE artist = true`, "Key value must be of type S, N, or B. Key name: artist, Key type: BOOL"],
    [
      `* FROM music WHERE artist = 1`,
      "Key attribute's data type should match its data type in table's schema: Key artist",
    ],
    [
      `* FROM music WHERE artist = 'a' AND song > '1' OR artist = 'a' AND song < '3'`,
      "Overlapping conditions with range keys are not supported in where clause",
    ],
    [
      `* FROM absent WHERE a < true`,
      "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
    ],
    [
      `* FROM music WHERE attribute_type(a, 'X')`,
      "Invalid attribute type name found; type: X, valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}",
    ],
    [`* FROM music WHERE a = ?`, "Number of parameters in request and statement don't match."],
  ])("refuses SELECT %s", async (rest, message) => {
    expect(await errorOf(`SELECT ${rest}`)).toBe(`Validation: ${message}`);
  });

  it("refuses what is no statement, too many reads, and a consistent read of a global index", async () => {
    const wrong = "Validation: Statement wasn't well formed, can't be processed:";
    expect(await errorOf("SELECTT * FROM music")).toBe(`${wrong} Expected data manipulation`);
    expect(await errorOf("UPDATE music-x SET a = 1")).toBe(`${wrong} Expected data manipulation`);
    expect(await errorOf("SELECT * FROM music garbage")).toBe(`${wrong} Unexpected token after expression`);
    expect(await errorOf("SELECT * FROM music WHERE WHERE a = 1")).toBe(`${wrong} Unexpected keyword`);
    expect(await errorOf("SELECT * FROM music WHERE (a = 1")).toBe(`${wrong} Unexpected term`);
    expect(await errorOf("SELECT * FROM music WHERE a = 'x")).toBe(`${wrong} Invalid character`);
    expect(await errorOf(`SELECT * FROM music WHERE ${"(".repeat(3_000)}`)).toBe(
      `${wrong} Statement is nested too deeply`,
    );
    const many = Array.from({ length: 51 }, (_, at) => `'${at}'`).join(", ");
    expect(await errorOf(`SELECT * FROM music WHERE artist IN [${many}]`)).toBe(
      "Validation: Too many decomposed read operations for a given query.",
    );
    const options = Array.from({ length: 101 }, (_, at) => at).join(", ");
    expect(await errorOf(`SELECT * FROM music WHERE a IN [${options}]`)).toBe(
      "Validation: The IN operator is provided with too many operands; number of operands: 101",
    );
    expect(await errorOf(`SELECT * FROM music."of-year"`, { ConsistentRead: true })).toBe(
      "Validation: Strongly consistent read is not supported on Global Secondary Indexes",
    );
    expect(await errorOf("SELECT * FROM absent")).toBe("ResourceNotFound: Requested resource not found");
  });
});

describe("UPDATE", () => {
  const where = "WHERE artist = 'a' AND song = '1'";

  it("sets, appends, adds to sets and removes", async () => {
    await put("a", "1", {
      n: { N: "1" },
      m: { M: {} },
      l: { L: [{ N: "1" }] },
      old: { L: [{ N: "1" }, { S: "x" }] },
      ns: { NS: ["1", "2"] },
      gone: { SS: ["only"] },
    });
    await run(
      `UPDATE music SET n=n-3 SET m.x = [2020, 'y'], l = LIST_APPEND(l, [4]) SET ns = SET_ADD(ns, <<345>>)
       SET fresh = set_add(fresh, ?) SET gone = SET_DELETE(gone, <<'only'>>) REMOVE old[1] ${where}`,
      [{ BS: [Buffer.from("b")] }],
    );
    expect(await get("a")).toEqual({
      artist: { S: "a" },
      song: { S: "1" },
      n: { N: "-2" },
      m: { M: { x: { L: [{ N: "2020" }, { S: "y" }] } } },
      l: { L: [{ N: "1" }, { N: "4" }] },
      old: { L: [{ N: "1" }] },
      ns: { NS: ["1", "2", "345"] },
      fresh: { BS: [Buffer.from("b")] },
    });
  });

  it("is of an item that is there and meets the rest of WHERE", async () => {
    const failed = "ConditionalCheckFailed: The conditional request failed";
    expect(await errorOf(`UPDATE music SET n = 1 ${where}`)).toBe(failed);
    expect(await get("a")).toBeUndefined();
    await put("a", "1", { flag: { S: "x" } });
    expect(await errorOf(`UPDATE music SET n = 1 ${where} AND flag = 'y'`)).toBe(failed);
    const shown = await test
      .call("ExecuteStatement", {
        Statement: `UPDATE music SET n = 1 ${where} AND flag = 'y'`,
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      })
      .catch((error: unknown) => (error as { members: object }).members);
    expect(shown).toEqual({ Item: { artist: { S: "a" }, song: { S: "1" }, flag: { S: "x" } } });
    await run(`UPDATE music SET n = 1 WHERE (song = '1' AND 'a' = artist) AND flag = 'x'`);
    expect(await get("a")).toMatchObject({ n: { N: "1" } });
  });

  it.each([
    ["ALL OLD", [{ artist: { S: "a" }, song: { S: "1" }, a: { L: [{ N: "1" }, { N: "2" }, { N: "3" }] } }]],
    ["ALL NEW", [{ artist: { S: "a" }, song: { S: "1" }, a: { L: [{ N: "9" }, { N: "2" }, { N: "7" }] } }]],
    ["MODIFIED OLD", [{ a: { L: [{ N: "1" }, { N: "3" }] } }]],
    ["MODIFIED NEW", [{ a: { L: [{ N: "9" }, { N: "7" }] } }]],
  ])("returns %s *", async (returning, items) => {
    await put("a", "1", { a: { L: [{ N: "1" }, { N: "2" }, { N: "3" }] } });
    expect(await run(`UPDATE music SET a[2] = 7, a[0] = 9 ${where} RETURNING ${returning} *`)).toEqual({
      Items: items,
    });
  });

  it("returns nothing where nothing is left of what was modified", async () => {
    await put("a", "1", { gone: { N: "1" } });
    expect(await run(`UPDATE music REMOVE gone ${where} RETURNING MODIFIED NEW *`)).toEqual({ Items: [] });
  });

  it.each([
    [`SET n = 1 WHERE artist = 'a'`, "Where clause does not contain a mandatory equality on all key attributes"],
    [`SET n = 1`, "Where clause does not contain a mandatory equality on all key attributes"],
    [
      `SET n = 1 ${where} AND song = '2'`,
      "Multiple conditions on same key song. Only single item Update/Insert/Delete are supported",
    ],
    [`SET n = 1 WHERE artist = 1 AND song = '1'`, "The provided key element does not match the schema"],
    [
      `SET song = '2' ${where}`,
      "One or more parameter values were invalid: Cannot update attribute song. This attribute is part of the key",
    ],
    [
      `SET other = set_add(tags, <<'x'>>) ${where}`,
      "The first argument to SET_ADD must equal the assignment value at 1:26:7",
    ],
    [
      `SET tags = set_add(tags, 'x') ${where}`,
      "The second argument to SET_ADD must be a value with type SET at 1:33:4",
    ],
    [`SET tags = set_add(tags, <<1>>) ${where}`, "An operand in the update expression has an incorrect data type"],
    [
      `SET none = list_append(none, [1]) ${where}`,
      "The provided expression refers to an attribute that does not exist in the item",
    ],
    [
      `SET n = n + 'x' ${where}`,
      "Incorrect operand type for operator or function; operator or function: +, operand type: S",
    ],
    [
      `SET m.x = 1 REMOVE m ${where}`,
      "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m]",
    ],
    [`."of-year" SET n = 1 ${where}`, "This operation is not supported on an index"],
  ])("refuses UPDATE music %s", async (rest, message) => {
    await put("a", "1", { tags: { SS: ["y"] }, n: { N: "1" } });
    expect(await errorOf(`UPDATE music ${rest}`)).toBe(`Validation: ${message}`);
  });
});

describe("DELETE", () => {
  const where = "WHERE artist = 'a' AND song = '1'";

  it("removes an item, and gives it where RETURNING asks", async () => {
    await put("a", "1", { n: { N: "1" } });
    expect(await errorOf(`DELETE FROM music ${where} AND n = 2`)).toBe(
      "ConditionalCheckFailed: The conditional request failed",
    );
    expect(await run(`DELETE FROM music ${where} AND n = 1 RETURNING ALL OLD *;`)).toEqual({
      Items: [{ artist: { S: "a" }, song: { S: "1" }, n: { N: "1" } }],
    });
    expect(await get("a")).toBeUndefined();
    // Of an item that is not there, nothing is asked.
    expect(await run(`DELETE FROM music ${where} AND n = 1 RETURNING ALL OLD *`)).toEqual({ Items: [] });
  });

  it("refuses another RETURNING, and an index", async () => {
    expect(await errorOf(`DELETE FROM music ${where} RETURNING MODIFIED OLD *`)).toBe(
      "Validation: Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE statements.",
    );
    expect(await errorOf(`DELETE FROM music."of-year" ${where}`)).toBe(
      "Validation: This operation is not supported on an index",
    );
  });
});

it("writes of statements are in the stream, as others are", async () => {
  await run(`INSERT INTO music VALUE {'artist': 'a', 'song': '1', 'n': 1}`);
  await run(`UPDATE music SET n = 2 WHERE artist = 'a' AND song = '1'`);
  await run(`UPDATE music SET n = 2 WHERE artist = 'a' AND song = '1'`); // changes nothing
  await run(`DELETE FROM music WHERE artist = 'a' AND song = '1'`);
  const { Table } = await test.call<{ Table: { LatestStreamArn: string } }>("DescribeTable", { TableName: "music" });
  const StreamArn = Table.LatestStreamArn;
  const { StreamDescription } = await test.call<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
    "DescribeStream",
    { StreamArn },
  );
  const { ShardIterator } = await test.call<{ ShardIterator: string }>("GetShardIterator", {
    StreamArn,
    ShardId: StreamDescription.Shards[0]?.ShardId,
    ShardIteratorType: "TRIM_HORIZON",
  });
  const { Records } = await test.call<{
    Records: { eventName: string; dynamodb: { OldImage?: Item; NewImage?: Item } }[];
  }>("GetRecords", { ShardIterator });
  expect(
    Records.map(({ eventName, dynamodb }) => [eventName, dynamodb.OldImage?.["n"], dynamodb.NewImage?.["n"]]),
  ).toEqual([
    ["INSERT", undefined, { N: "1" }],
    ["MODIFY", { N: "1" }, { N: "2" }],
    ["REMOVE", { N: "2" }, undefined],
  ]);
});

describe("BatchExecuteStatement", () => {
  const batch = (statements: (string | object)[], more: object = {}): Promise<{ Responses: object[] }> =>
    test.call("BatchExecuteStatement", {
      Statements: statements.map((one) => (typeof one === "string" ? { Statement: one } : one)),
      ...more,
    });

  it("gives each statement its item or its error", async () => {
    await put("a", "1", { n: { N: "1" } });
    await put("b");
    expect(
      await batch(
        [
          `SELECT n FROM music WHERE artist = 'a' AND song = '1'`,
          `SELECT n FROM music WHERE artist = 'c' AND song = '1'`,
          `SELECT n FROM music WHERE artist = 'a'`,
          `SELECT * FROM absent WHERE artist = 'a'`,
          `nonsense`,
          {
            Statement: `SELECT n FROM music WHERE artist = 'b' AND song = ?`,
            Parameters: [{ S: "1" }],
            ConsistentRead: true,
          },
        ],
        { ReturnConsumedCapacity: "TOTAL" },
      ),
    ).toEqual({
      Responses: [
        { TableName: "music", Item: { n: { N: "1" } } },
        { TableName: "music" },
        {
          Error: {
            Code: "ValidationError",
            Message: "Select statements within BatchExecuteStatement must specify the primary key in the where clause.",
          },
        },
        { TableName: "absent", Error: { Code: "ResourceNotFound", Message: "Requested resource not found" } },
        {
          Error: {
            Code: "ValidationError",
            Message: "Statement wasn't well formed, can't be processed: Expected data manipulation",
          },
        },
        { TableName: "music", Item: {} },
      ],
      ConsumedCapacity: [{ TableName: "music", CapacityUnits: 2 }],
    });
  });

  it("writes each by itself", async () => {
    await put("a", "1", { n: { N: "1" } });
    const outcome = await batch([
      `INSERT INTO music VALUE {'artist': 'b', 'song': '1'}`,
      `INSERT INTO music VALUE {'artist': 'a', 'song': '1'}`,
      `UPDATE music SET n = 2 WHERE artist = 'c' AND song = '1'`,
      {
        Statement: `DELETE FROM music WHERE artist = 'a' AND song = '2' RETURNING ALL OLD *`,
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
      `EXISTS(SELECT * FROM music WHERE artist = 'z' AND song = '1' AND n = 1)`,
    ]);
    expect(outcome.Responses).toEqual([
      { TableName: "music" },
      { TableName: "music", Error: { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" } },
      { TableName: "music", Error: { Code: "ConditionalCheckFailed", Message: "The conditional request failed" } },
      { TableName: "music" },
      { Error: { Code: "ValidationError", Message: "EXISTS can only be used in ExecuteTransaction write requests." } },
    ]);
    expect(await get("b")).toBeDefined();
    const shown = await batch([
      {
        Statement: `UPDATE music SET n = 2 WHERE artist = 'a' AND song = '1' AND n = 5`,
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    ]);
    expect(shown.Responses).toEqual([
      {
        TableName: "music",
        Error: {
          Code: "ConditionalCheckFailed",
          Message: "The conditional request failed",
          Item: { artist: { S: "a" }, song: { S: "1" }, n: { N: "1" } },
        },
      },
    ]);
  });

  it("refuses reads among writes, and two statements on one item", async () => {
    const of = (statements: string[]): Promise<[string, string]> =>
      test.errorOf("BatchExecuteStatement", { Statements: statements.map((Statement) => ({ Statement })) });
    const read = `SELECT * FROM music WHERE artist = 'a' AND song = '1'`;
    expect(await of([read, `INSERT INTO music VALUE {'artist': 'b', 'song': '1'}`])).toEqual([
      "ValidationException",
      "Read and write requests together in the same batch is not supported.",
    ]);
    expect(await of([read, read])).toEqual(["ValidationException", "Provided list of item keys contains duplicates"]);
  });
});

describe("ExecuteTransaction", () => {
  const transact = (statements: string[], more: object = {}): Promise<{ Responses: object[] }> =>
    test.call("ExecuteTransaction", { TransactStatements: statements.map((Statement) => ({ Statement })), ...more });
  const failure = async (statements: (string | object)[]): Promise<unknown> => {
    const TransactStatements = statements.map((one) => (typeof one === "string" ? { Statement: one } : one));
    const error = await test.call("ExecuteTransaction", { TransactStatements }).catch((one: unknown) => one);
    const { message, members } = error as { message: string; members: { CancellationReasons?: object[] } };
    return members.CancellationReasons ?? message;
  };

  it("writes all, under conditions on others, and counts twice", async () => {
    await put("x");
    await put("u", "1", { n: { N: "1" } });
    expect(
      await transact(
        [
          `INSERT INTO music VALUE {'artist': 'a', 'song': '1', 'year': 1}`,
          `UPDATE music SET n = 2 WHERE artist = 'u' AND song = '1'`,
          `EXISTS(SELECT * FROM music WHERE artist = 'x' AND song = '1' AND n IS MISSING)`,
        ],
        { ReturnConsumedCapacity: "INDEXES" },
      ),
    ).toEqual({
      Responses: [{}, {}, {}],
      ConsumedCapacity: [
        {
          TableName: "music",
          CapacityUnits: 8,
          WriteCapacityUnits: 8,
          Table: { CapacityUnits: 6, WriteCapacityUnits: 6 },
          GlobalSecondaryIndexes: { "of-year": { CapacityUnits: 1, WriteCapacityUnits: 1 } },
          LocalSecondaryIndexes: { "by-year": { CapacityUnits: 1, WriteCapacityUnits: 1 } },
        },
      ],
    });
    expect([await get("a"), await get("u")]).toMatchObject([{ year: { N: "1" } }, { n: { N: "2" } }]);
  });

  it("reads items by their keys", async () => {
    await put("a", "1", { m: { M: { n: { N: "1" } } } });
    expect(
      await transact([
        `SELECT m.n FROM music WHERE artist = 'a' AND song = '1'`,
        `SELECT * FROM music WHERE artist = 'b' AND song = '1'`,
      ]),
    ).toEqual({ Responses: [{ Item: { n: { N: "1" } } }, {}] });
  });

  it("is done once for a token", async () => {
    const insert = [`INSERT INTO music VALUE {'artist': 'a', 'song': '1'}`];
    const more = { ClientRequestToken: "once" };
    await transact(insert, more);
    expect(await transact(insert, more)).toEqual({ Responses: [{}] });
    const other = {
      TransactStatements: [{ Statement: `DELETE FROM music WHERE artist = 'a' AND song = '1'` }],
      ...more,
    };
    expect((await test.errorOf("ExecuteTransaction", other))[0]).toBe("IdempotentParameterMismatchException");
    expect(await get("a")).toBeDefined();
  });

  it("cancels with a reason for each statement, and writes nothing", async () => {
    await put("a", "1", { n: { N: "1" } });
    const update = `UPDATE music SET n = 9 WHERE artist = 'b' AND song = '1'`;
    await put("b");
    expect(await failure([`INSERT INTO music VALUE {'artist': 'a', 'song': '1'}`, update])).toEqual([
      { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" },
      { Code: "None" },
    ]);
    expect(
      await failure([
        {
          Statement: `EXISTS(SELECT * FROM music WHERE artist = 'a' AND song = '1' AND n IS MISSING)`,
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
        update,
      ]),
    ).toEqual([
      {
        Code: "ConditionalCheckFailed",
        Message: "The conditional request failed",
        Item: { artist: { S: "a" }, song: { S: "1" }, n: { N: "1" } },
      },
      { Code: "None" },
    ]);
    expect(
      await failure([
        update,
        `DELETE FROM absent WHERE artist = 'a'`,
        `DELETE FROM music WHERE artist = 'a'`,
        `INSERT INTO music VALUE {'artist': 'z'}`,
      ]),
    ).toEqual([
      { Code: "None" },
      { Code: "ResourceNotFound", Message: "Requested resource not found" },
      { Code: "ValidationError", Message: "The provided key element does not match the schema" },
      {
        Code: "ValidationError",
        Message: "One or more parameter values were invalid: Missing the key song in the item",
      },
    ]);
    expect(await get("b")).toEqual({ artist: { S: "b" }, song: { S: "1" } });
  });

  it.each([
    [
      [`SELECT * FROM music WHERE artist = 'a' AND song = '1'`, `INSERT INTO music VALUE {'artist': 'b', 'song': '1'}`],
      "ExecuteTransaction API does not support both read and write operations in the same request.",
    ],
    [
      [
        `INSERT INTO music VALUE {'artist': 'b', 'song': '1'}`,
        `UPDATE music SET n = 1 WHERE artist = 'c' AND song = '1' RETURNING ALL OLD *`,
      ],
      "Validation failed in TransactStatements[1]: RETURNING clause is not supported in ExecuteTransaction.",
    ],
    [
      [`SELECT * FROM music."of-year" WHERE "year" = 1`],
      "Validation failed in TransactStatements[0]: Reads on indices are not supported within transactions.",
    ],
    [
      [`SELECT * FROM music WHERE artist = 'a'`],
      "Validation failed in TransactStatements[0]: Select statements within ExecuteTransaction must specify the primary key in the where clause.",
    ],
    [
      [`EXISTS(SELECT * FROM music WHERE artist = 'a' AND song = '1')`],
      "Validation failed in TransactStatements[0]: EXISTS() must contain a single item read with additional condition",
    ],
    [
      [`INSERT INTO music VALUE {'artist': 'b', 'song': '1'}`, `DELETE FROM music WHERE artist = 'b' AND song = '1'`],
      "Transaction request cannot include multiple operations on one item",
    ],
    [[`SELECT`], "Statement wasn't well formed, can't be processed: Unexpected term"],
  ])("refuses %j", async (statements, message) => {
    expect(await failure(statements)).toBe(message);
  });
});
