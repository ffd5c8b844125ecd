import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestSqs, type TestSqs } from "../testing/create-test-sqs.ts";

let test: TestSqs;
beforeEach(async () => {
  test = await createTestSqs();
});
afterEach(() => test.stop());

const tags = async (): Promise<object> => test.call("ListQueueTags", { QueueUrl: "q" });

describe("TagQueue, UntagQueue, ListQueueTags", () => {
  it("add, change and remove tags; without any, Tags is left out", async () => {
    await test.call("CreateQueue", { QueueName: "q" });
    expect(await tags()).toEqual({});
    await test.call("TagQueue", { QueueUrl: "q", Tags: { tag1: "value1", tag2: "value2", tag3: "" } });
    expect(await tags()).toEqual({ Tags: { tag1: "value1", tag2: "value2", tag3: "" } });
    await test.call("TagQueue", { QueueUrl: "q", Tags: { tag1: "other" } });
    await test.call("UntagQueue", { QueueUrl: "q", TagKeys: ["tag1", "tag3", "none"] });
    expect(await tags()).toEqual({ Tags: { tag2: "value2" } });
    await test.call("UntagQueue", { QueueUrl: "q", TagKeys: ["tag2"] });
    expect(await tags()).toEqual({});
  });

  it("CreateQueue gives tags, does not compare them, and with upsert takes those given", async () => {
    await test.call("CreateQueue", { QueueName: "q", tags: { a: "1", b: "2" } });
    await test.call("CreateQueue", { QueueName: "q", tags: { c: "3" } });
    expect(await tags()).toEqual({ Tags: { a: "1", b: "2" } });
    await test.call("CreateQueue", { QueueName: "q", tags: { b: "3" } }, { upsert: true });
    expect(await tags()).toEqual({ Tags: { b: "3" } });
  });

  const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, ""]));
  it.each([
    ["TagQueue", { Tags: {} }, "The request must contain the parameter Tags."],
    ["TagQueue", { Tags: { "": "x" } }, "Tag keys must be between 1 and 128 characters in length."],
    ["TagQueue", { Tags: { ["k".repeat(129)]: "x" } }, "Tag keys must be between 1 and 128 characters in length."],
    ["TagQueue", { Tags: { k: "v".repeat(257) } }, "Tag values must be between 0 and 256 characters in length."],
    ["TagQueue", { Tags: { "aws:k": "" } }, 'Tag keys must not start with "aws:".'],
    ["TagQueue", { Tags: { ...fifty, more: "" } }, "Too many tags added for queue q."],
    ["UntagQueue", { TagKeys: [] }, "Tag keys must be between 1 and 128 characters in length."],
  ])("%s refuses %j and changes nothing", async (operation, input, message) => {
    await test.call("CreateQueue", { QueueName: "q", tags: { a: "1" } });
    expect(await test.errorOf(operation, { QueueUrl: "q", ...input })).toMatchObject({ status: 400, message });
    expect(await tags()).toEqual({ Tags: { a: "1" } });
  });
});
