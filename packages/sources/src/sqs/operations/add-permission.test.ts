import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestSqs, type TestSqs } from "../testing/create-test-sqs.ts";

let test: TestSqs;
beforeEach(async () => {
  test = await createTestSqs();
  await test.call("CreateQueue", { QueueName: "q" });
});
afterEach(() => test.stop());

const arn = "arn:aws:sqs:us-east-1:000000000000:q";
const root = (account: string): string => `arn:aws:iam::${account}:root`;
const add = (Label: string, AWSAccountIds: string[], Actions = ["ReceiveMessage"]): Promise<object> =>
  test.call("AddPermission", { QueueUrl: "q", Label, AWSAccountIds, Actions });
const policy = async (): Promise<unknown> => {
  const output = await test.call<{ Attributes?: { Policy: string } }>("GetQueueAttributes", {
    QueueUrl: "q",
    AttributeNames: ["Policy"],
  });
  return output.Attributes === undefined ? output : JSON.parse(output.Attributes.Policy);
};
const withStatements = (...Statement: object[]): object => ({
  Version: "2008-10-17",
  Id: `${arn}/SQSDefaultPolicy`,
  Statement,
});
const statement = (Sid: string, AWS: unknown, Action: unknown = "SQS:ReceiveMessage"): object => ({
  Sid,
  Effect: "Allow",
  Principal: { AWS },
  Action,
  Resource: arn,
});

describe("AddPermission, RemovePermission", () => {
  it("write the queue's policy as AWS writes it, and take it away with the last statement", async () => {
    expect(await add("crossaccountpermission", ["000000000000", "668614515564"])).toEqual({});
    expect(await policy()).toEqual(
      withStatements(statement("crossaccountpermission", [root("668614515564"), root("000000000000")])),
    );
    await test.call("RemovePermission", { QueueUrl: "q", Label: "crossaccountpermission" });
    expect(await policy()).toEqual({});
    await add("one", ["000000000000"]);
    await add("two", ["000000000000"], ["SendMessage", "*"]);
    expect(await policy()).toEqual(
      withStatements(
        statement("one", root("000000000000")),
        statement("two", root("000000000000"), ["SQS:SendMessage", "SQS:*"]),
      ),
    );
    await test.call("RemovePermission", { QueueUrl: "q", Label: "one" });
    expect(await policy()).toMatchObject({ Statement: [{ Sid: "two" }] });
  });

  it("keep what a Policy that was set says besides", async () => {
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: { Sid: "mine", Effect: "Deny" } });
    await test.call("SetQueueAttributes", { QueueUrl: "q", Attributes: { Policy } });
    await add("more", ["000000000000"]);
    expect(await policy()).toEqual({
      Version: "2012-10-17",
      Statement: [{ Sid: "mine", Effect: "Deny" }, statement("more", root("000000000000"))],
    });
  });

  it.each([
    [
      { Label: "taken" },
      "InvalidParameterValueException",
      400,
      "Value taken for parameter Label is invalid. Reason: Already exists.",
    ],
    [
      { Label: "a b" },
      "InvalidParameterValueException",
      400,
      "Value a b for parameter Label is invalid. Reason: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.",
    ],
    [
      { Actions: ["CreateQueue"] },
      "InvalidParameterValueException",
      400,
      "Value SQS:CreateQueue for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.",
    ],
    [
      { AWSAccountIds: ["me"] },
      "InvalidParameterValueException",
      400,
      "Value [me] for parameter PrincipalId is invalid. Reason: Unable to verify.",
    ],
    [
      { Actions: Array.from({ length: 8 }, () => "SendMessage") },
      "OverLimit",
      403,
      "8 Actions were found, maximum allowed is 7.",
    ],
    [{ Actions: [] }, "MissingRequiredParameterException", 400, "The request must contain the parameter Actions."],
  ])("refuse %j", async (more, code, status, message) => {
    await add("taken", ["000000000000"]);
    const input = { QueueUrl: "q", Label: "new", AWSAccountIds: ["000000000000"], Actions: ["SendMessage"], ...more };
    expect(await test.errorOf("AddPermission", input)).toMatchObject({ code, status, message });
    expect(await policy()).toMatchObject({ Statement: [{ Sid: "taken" }] });
  });

  it("RemovePermission of a label that is not there is refused", async () => {
    expect(await test.errorOf("RemovePermission", { QueueUrl: "q", Label: "none" })).toEqual({
      code: "InvalidParameterValueException",
      queryCode: "InvalidParameterValue",
      status: 400,
      message: "Value none for parameter Label is invalid. Reason: can't find label.",
    });
  });
});
