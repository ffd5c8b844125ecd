import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestLogs, startMs, type TestLogs } from "../testing/test-logs.ts";

let logs: TestLogs;
beforeEach(async () => {
  logs = await createTestLogs();
});
afterEach(() => logs.stop());

const arn = "arn:aws:logs:us-east-1:000000000000:log-group:orders";

describe("groups", () => {
  it("CreateLogGroup makes one that DescribeLogGroups shows", async () => {
    await logs.call("CreateLogGroup", { logGroupName: "orders", tags: { team: "a" }, deletionProtectionEnabled: true });
    await logs.call("PutRetentionPolicy", { logGroupName: "orders", retentionInDays: 7 });
    await logs.call("CreateLogStream", { logGroupName: "orders", logStreamName: "s" });
    const logEvents = [{ timestamp: startMs, message: "four" }];
    await logs.call("PutLogEvents", { logGroupName: "orders", logStreamName: "s", logEvents });
    expect(await logs.call("DescribeLogGroups", {})).toEqual({
      logGroups: [
        {
          logGroupName: "orders",
          creationTime: startMs,
          retentionInDays: 7,
          metricFilterCount: 0,
          arn: `${arn}:*`,
          storedBytes: 30,
          logGroupClass: "STANDARD",
          logGroupArn: arn,
          deletionProtectionEnabled: true,
        },
      ],
    });
  });

  it("CreateLogGroup refuses a name that is taken or none", async () => {
    await logs.call("CreateLogGroup", { logGroupName: "orders" });
    expect(await logs.errorOf("CreateLogGroup", { logGroupName: "orders" })).toBe(
      "ResourceAlreadyExistsException: The specified log group already exists",
    );
    expect(await logs.errorOf("CreateLogGroup", { logGroupName: "a b" })).toBe(
      "InvalidParameterException: 1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
    );
    expect(await logs.errorOf("CreateLogGroup", { logGroupName: "ia", logGroupClass: "INFREQUENT_ACCESS" })).toBe(
      "NotImplemented: Tripline does not simulate log groups of the class INFREQUENT_ACCESS.",
    );
  });

  it("CreateLogGroup with upsert takes the tags of the template", async () => {
    await logs.call("CreateLogGroup", { logGroupName: "orders", tags: { a: "1" } });
    await logs.call("CreateLogGroup", { logGroupName: "orders", tags: { b: "2" } }, { upsert: true });
    expect(await logs.call("ListTagsForResource", { resourceArn: arn })).toEqual({ tags: { b: "2" } });
  });

  it("DescribeLogGroups selects by prefix, pattern and identifiers, in pages", async () => {
    for (const logGroupName of ["/aws/lambda/a", "/aws/lambda/b", "orders", "Orders"])
      await logs.call("CreateLogGroup", { logGroupName });
    const names = async (input: object): Promise<string[]> =>
      (await logs.call<{ logGroups: { logGroupName: string }[] }>("DescribeLogGroups", input)).logGroups.map(
        (one) => one.logGroupName,
      );
    expect(await names({ logGroupNamePrefix: "/aws" })).toEqual(["/aws/lambda/a", "/aws/lambda/b"]);
    expect(await names({ logGroupNamePattern: "rders" })).toEqual(["Orders", "orders"]);
    expect(await names({ logGroupIdentifiers: [arn] })).toEqual(["orders"]);
    expect(await names({ logGroupClass: "DELIVERY" })).toEqual([]);
    const first = await logs.call<{ nextToken: string }>("DescribeLogGroups", { limit: 3 });
    expect(await names({ limit: 3, nextToken: first.nextToken })).toEqual(["orders"]);
    expect(await logs.errorOf("DescribeLogGroups", { logGroupNamePrefix: "a", logGroupNamePattern: "b" })).toBe(
      "InvalidParameterException: LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
    );
    expect(await logs.errorOf("DescribeLogGroups", { limit: 51 })).toBe(
      "InvalidParameterException: 1 validation error detected: Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50",
    );
    expect(await logs.call("ListLogGroups", { logGroupNamePattern: "^/aws/lambda/b|Ord" })).toEqual({
      logGroups: ["/aws/lambda/b", "Orders"].map((name) => ({
        logGroupName: name,
        logGroupArn: `arn:aws:logs:us-east-1:000000000000:log-group:${name}`,
        logGroupClass: "STANDARD",
      })),
    });
  });

  it("DeleteLogGroup takes everything along, unless the group is protected", async () => {
    await logs.call("CreateLogGroup", { logGroupName: "orders", deletionProtectionEnabled: true });
    await logs.call("CreateLogStream", { logGroupName: "orders", logStreamName: "s" });
    expect(await logs.errorOf("DeleteLogGroup", { logGroupName: "orders" })).toBe(
      "InvalidParameterException: The log group cannot be deleted because deletion protection is enabled. Disable deletion protection and try again.",
    );
    await logs.call("PutLogGroupDeletionProtection", { logGroupIdentifier: arn, deletionProtectionEnabled: false });
    await logs.call("DeleteLogGroup", { logGroupName: "orders" });
    expect(await logs.errorOf("DeleteLogGroup", { logGroupName: "orders" })).toBe(
      "ResourceNotFoundException: The specified log group does not exist.",
    );
    await logs.call("CreateLogGroup", { logGroupName: "orders" });
    expect(await logs.call("DescribeLogStreams", { logGroupName: "orders" })).toEqual({ logStreams: [] });
  });

  it("PutRetentionPolicy takes AWS's days only", async () => {
    await logs.call("CreateLogGroup", { logGroupName: "orders" });
    expect(await logs.errorOf("PutRetentionPolicy", { logGroupName: "orders", retentionInDays: 2 })).toMatch(
      /^InvalidParameterException: 1 validation error detected: Value '2' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: \[1, 3, /,
    );
    expect(await logs.errorOf("PutRetentionPolicy", { logGroupName: "nobody", retentionInDays: 1 })).toBe(
      "ResourceNotFoundException: The specified log group does not exist.",
    );
  });

  it("tags are added, shown and taken away, by ARN and by name", async () => {
    await logs.call("CreateLogGroup", { logGroupName: "orders", tags: { a: "1" } });
    await logs.call("TagResource", { resourceArn: `${arn}:*`, tags: { b: "2" } });
    await logs.call("TagLogGroup", { logGroupName: "orders", tags: { c: "3" } });
    await logs.call("UntagResource", { resourceArn: arn, tagKeys: ["a", "x"] });
    expect(await logs.call("ListTagsForResource", { resourceArn: arn })).toEqual({ tags: { b: "2", c: "3" } });
    await logs.call("UntagLogGroup", { logGroupName: "orders", tags: ["b"] });
    expect(await logs.call("ListTagsLogGroup", { logGroupName: "orders" })).toEqual({ tags: { c: "3" } });
    expect(await logs.errorOf("TagResource", { resourceArn: `${arn}2`, tags: {} })).toBe(
      "ResourceNotFoundException: The specified resource does not exist.",
    );
    expect(await logs.errorOf("TagResource", { resourceArn: arn, tags: { "aws:x": "1" } })).toBe(
      "InvalidParameterException: aws: prefixed tag key names are not allowed for external use.",
    );
  });
});

describe("streams", () => {
  it("CreateLogStream refuses what exists, what has no group, and names with a colon", async () => {
    const input = { logGroupName: "orders", logStreamName: "s" };
    expect(await logs.errorOf("CreateLogStream", input)).toBe(
      "ResourceNotFoundException: The specified log group does not exist.",
    );
    await logs.call("CreateLogGroup", { logGroupName: "orders" });
    await logs.call("CreateLogStream", input);
    expect(await logs.errorOf("CreateLogStream", input)).toBe(
      "ResourceAlreadyExistsException: The specified log stream already exists",
    );
    expect(await logs.errorOf("CreateLogStream", { ...input, logStreamName: "a:b" })).toBe(
      "InvalidParameterException: 1 validation error detected: Value 'a:b' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*",
    );
    await logs.call("DeleteLogStream", input);
    expect(await logs.errorOf("DeleteLogStream", input)).toBe(
      "ResourceNotFoundException: The specified log stream does not exist.",
    );
  });

  it("DescribeLogStreams orders by name or by last event, in pages", async () => {
    await logs.call("CreateLogGroup", { logGroupName: "orders" });
    for (const [index, logStreamName] of ["a1", "b", "a2"].entries()) {
      await logs.call("CreateLogStream", { logGroupName: "orders", logStreamName });
      const logEvents = [{ timestamp: startMs - index, message: "m" }];
      await logs.call("PutLogEvents", { logGroupName: "orders", logStreamName, logEvents });
    }
    const page = async (input: object): Promise<{ logStreams: { logStreamName: string }[]; nextToken?: string }> =>
      logs.call("DescribeLogStreams", { logGroupIdentifier: arn, ...input });
    const names = async (input: object): Promise<string[]> =>
      (await page(input)).logStreams.map((one) => one.logStreamName);
    expect(await names({})).toEqual(["a1", "a2", "b"]);
    expect(await names({ logStreamNamePrefix: "a", descending: true })).toEqual(["a2", "a1"]);
    expect(await names({ orderBy: "LastEventTime", descending: true })).toEqual(["a1", "b", "a2"]);
    const { nextToken } = await page({ limit: 2 });
    expect(await names({ limit: 2, nextToken })).toEqual(["b"]);
    expect(
      await logs.errorOf("DescribeLogStreams", {
        logGroupName: "orders",
        orderBy: "LastEventTime",
        logStreamNamePrefix: "a",
      }),
    ).toBe("InvalidParameterException: Cannot order by LastEventTime with a logStreamNamePrefix.");
    expect(await logs.errorOf("DescribeLogStreams", {})).toBe(
      "InvalidParameterException: Exactly one of logGroupName and logGroupIdentifier must be specified.",
    );
  });
});
