import {
  Activity,
  type CallContext,
  createRng,
  defaultScope,
  EventBus,
  isServiceError,
  VirtualClock,
} from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { createDocumentStore, type Database, openDatabase } from "@tripline/storage";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FunctionPolicies } from "../policy/function-policies.ts";
import { addPermissionOperation } from "./add-permission.ts";
import { getPolicyOperation } from "./get-policy.ts";
import { removePermissionOperation } from "./remove-permission.ts";
import { createTestRegistry, type TestRegistry } from "../testing/create-test-registry.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:orders";
const bucket = { StatementId: "s3", Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com" };
const SourceArn = "arn:aws:s3:::photos";
const caller = { service: "s3.amazonaws.com", sourceArn: SourceArn, sourceAccount: "000000000000" };
const context = { headers: {}, requestId: "r" } as unknown as CallContext;

let database: Database;
let activity: Activity;
let bus: EventBus;
let notices: string[];
let test: TestRegistry;
let policies: FunctionPolicies;

beforeEach(async () => {
  activity = new Activity();
  bus = new EventBus();
  notices = [];
  bus.on("notice", ({ message }) => notices.push(message));
  database = openDatabase({ dataDir: undefined, activity });
  const documents = createDocumentStore(database);
  const clock = new VirtualClock({ activity, realTime });
  test = createTestRegistry({ clock, documents, scope: defaultScope });
  policies = createPolicies();
  await test.create("orders");
});
afterEach(() => {
  database.close();
});

function createPolicies(): FunctionPolicies {
  const documents = createDocumentStore(database);
  return new FunctionPolicies({ registry: test.registry, documents, activity, bus, rng: createRng("policies") });
}
async function add(input: object, upsert = false): Promise<unknown> {
  const operation = addPermissionOperation(test.registry, policies);
  const { Statement } = await operation.run({ FunctionName: "orders", ...bucket, ...input }, { ...context, upsert });
  return JSON.parse(Statement);
}
const remove = (input: object): Promise<object> =>
  removePermissionOperation(test.registry, policies).run(
    { FunctionName: "orders", StatementId: "s3", ...input },
    context,
  );
async function policy(input: object = {}): Promise<{ Policy: unknown; RevisionId: string }> {
  const output = await getPolicyOperation(policies).run({ FunctionName: "orders", ...input }, context);
  return { ...output, Policy: JSON.parse(output.Policy) };
}
async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    if (isServiceError(error)) return [error.code, error.status, error.message];
    throw error;
  }
  return "no error";
}

const printed = { Sid: "s3", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functionArn };

it.each<[object, object]>([
  [{}, { Principal: { Service: "s3.amazonaws.com" } }],
  [
    { SourceArn },
    { Principal: { Service: "s3.amazonaws.com" }, Condition: { ArnLike: { "AWS:SourceArn": SourceArn } } },
  ],
  [
    { Principal: "*", SourceAccount: "000000000000" },
    { Principal: "*", Condition: { StringEquals: { "AWS:SourceAccount": "000000000000" } } },
  ],
  [{ Principal: "111111111111" }, { Principal: { AWS: "arn:aws:iam::111111111111:root" } }],
  [{ Principal: "arn:aws:iam::111111111111:user/ada" }, { Principal: { AWS: "arn:aws:iam::111111111111:user/ada" } }],
  [
    { Principal: "*", EventSourceToken: "amzn1.ask.skill.x" },
    { Principal: "*", Condition: { StringEquals: { "lambda:EventSourceToken": "amzn1.ask.skill.x" } } },
  ],
  [
    { Principal: "*", InvokedViaFunctionUrl: true },
    { Principal: "*", Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } } },
  ],
  [
    {
      Action: "lambda:InvokeFunctionUrl",
      Principal: "*",
      SourceAccount: "000000000000",
      FunctionUrlAuthType: "NONE",
      PrincipalOrgID: "o-1234567890",
      SourceArn,
    },
    {
      Action: "lambda:InvokeFunctionUrl",
      Principal: "*",
      Condition: {
        StringEquals: {
          "AWS:SourceAccount": "000000000000",
          "lambda:FunctionUrlAuthType": "NONE",
          "aws:PrincipalOrgID": "o-1234567890",
        },
        ArnLike: { "AWS:SourceArn": SourceArn },
      },
    },
  ],
])("AddPermission with %j answers the statement as AWS builds it", async (input, statement) => {
  expect(await add(input)).toEqual({ ...printed, ...statement });
});

it("GetPolicy shows all statements and a revision that changes with them; the last one takes the policy along", async () => {
  const first = await add({ SourceArn });
  const before = await policy();
  expect(before.Policy).toEqual({ Version: "2012-10-17", Id: "default", Statement: [first] });
  const second = await add({ StatementId: "sqs" });
  const after = await policy();
  expect(after.Policy).toEqual({ Version: "2012-10-17", Id: "default", Statement: [first, second] });
  expect(after.RevisionId).not.toBe(before.RevisionId);
  await remove({});
  await remove({ StatementId: "sqs" });
  expect(await refusal(policy())).toEqual([
    "ResourceNotFoundException",
    404,
    "The resource you requested does not exist.",
  ]);
});

const revisionText =
  "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id";

it("a revision id that is not the latest changes nothing; the function's counts while there is no policy", async () => {
  expect(await refusal(add({ RevisionId: "wrong" }))).toEqual(["PreconditionFailedException", 412, revisionText]);
  const before = test.registry.get("orders")?.revisionId;
  await add({ RevisionId: before });
  const { revisionId } = test.registry.describe("orders");
  expect([revisionId === before, (await policy()).RevisionId]).toEqual([false, revisionId]);
  expect(await refusal(remove({ RevisionId: "wrong" }))).toEqual(["PreconditionFailedException", 412, revisionText]);
  await remove({ RevisionId: (await policy()).RevisionId });
});

const constraint = (member: string, value: string, pattern: string): string =>
  `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`;

it.each<[object, string, number, string]>([
  [
    { StatementId: "example.com" },
    "ValidationException",
    400,
    constraint("statementId", "example.com", "([a-zA-Z0-9-_]+)"),
  ],
  [
    { FunctionName: "orders:alias", Qualifier: "other" },
    "InvalidParameterValueException",
    400,
    "The derived qualifier from the function name does not match the specified qualifier.",
  ],
  [
    { Qualifier: "$LATEST" },
    "InvalidParameterValueException",
    400,
    "We currently do not support adding policies for $LATEST.",
  ],
  [
    { Principal: "invalid.nonaws.com" },
    "InvalidParameterValueException",
    400,
    "The provided principal was invalid. Please check the principal and try again.",
  ],
  [
    { FunctionName: "doesnotexist" },
    "ResourceNotFoundException",
    404,
    `Function not found: ${functionArn.replace("orders", "doesnotexist")}`,
  ],
  [{ Qualifier: "no-alias" }, "ResourceNotFoundException", 404, `Cannot find alias arn: ${functionArn}:no-alias`],
  [{ Qualifier: "42" }, "ResourceNotFoundException", 404, `Function not found: ${functionArn}:42`],
  [
    { Qualifier: "invalid-qualifier-with-?-char" },
    "ValidationException",
    400,
    constraint("qualifier", "invalid-qualifier-with-?-char", "\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+"),
  ],
  [{ Qualifier: "with-$-in-it" }, "ResourceNotFoundException", 404, `Function not found: ${functionArn}:with-$-in-it`],
])("AddPermission refuses %j", async (input, code, status, message) => {
  expect(await refusal(add(input))).toEqual([code, status, message]);
});

it("AddPermission refuses an id that is taken; a template replaces its own statement", async () => {
  await add({});
  expect(await refusal(add({}))).toEqual([
    "ResourceConflictException",
    409,
    "The statement id (s3) provided already exists. Please provide a new statement id, or remove the existing statement.",
  ]);
  const { RevisionId } = await policy();
  await add({}, true);
  expect((await policy()).RevisionId).toBe(RevisionId);
  const statement = await add({ SourceArn }, true);
  expect((await policy()).Policy).toMatchObject({ Statement: [statement] });
});

it("AddPermission refuses a policy over 20 KB, and keeps what was there", async () => {
  let refused: unknown;
  let count = 0;
  while (refused === undefined) {
    const answer = await refusal(add({ StatementId: `${"x".repeat(90)}${count}`, SourceArn }));
    if (answer === "no error") count++;
    else refused = answer;
  }
  expect(refused).toEqual([
    "PolicyLengthExceededException",
    400,
    expect.stringMatching(/^The final policy size \(2\d{4}\) is bigger than the limit \(20480\)\.$/),
  ]);
  expect((await policy()).Policy).toHaveProperty("Statement.length", count);
});

it.each<[object, string]>([
  [{ FunctionName: "doesnotexist" }, `No policy found for: ${functionArn.replace("orders", "doesnotexist")}`],
  [{ Qualifier: "no-alias" }, `Cannot find alias arn: ${functionArn}:no-alias`],
  [{}, "No policy is associated with the given resource."],
])("RemovePermission of %j answers 404", async (input, message) => {
  expect(await refusal(remove(input))).toEqual(["ResourceNotFoundException", 404, message]);
});

it("RemovePermission of a statement that is not there answers 404", async () => {
  await add({});
  expect(await refusal(remove({ StatementId: "non-existent" }))).toEqual([
    "ResourceNotFoundException",
    404,
    "Statement non-existent is not found in resource policy.",
  ]);
});

it("a service is let in by the policy of the function as it is named; the refusal names service, action and function", async () => {
  const authorize = (name: string): Promise<void> =>
    Promise.resolve().then(() => {
      policies.authorize(name, undefined, caller);
    });
  const text = `User: s3.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn} because no resource-based policy allows the lambda:InvokeFunction action`;
  expect(await refusal(authorize("orders"))).toEqual(["AccessDeniedException", 403, text]);
  await add({ SourceArn });
  await authorize("orders");
  await authorize(functionArn);
  expect(await refusal(authorize(`${functionArn}:$LATEST`))).toEqual([
    "AccessDeniedException",
    403,
    text.replace(functionArn, `${functionArn}:$LATEST`),
  ]);
  expect(policies.allows(functionArn, { ...caller, sourceArn: "arn:aws:s3:::other" })).toBe(false);
  expect(notices).toEqual(
    [functionArn, `${functionArn}:$LATEST`].map(
      (arn) =>
        `s3.amazonaws.com may not invoke ${arn} for arn:aws:s3:::photos: no statement of the function's policy lets it in. Add one with AddPermission, or an AWS::Lambda::Permission to the template.`,
    ),
  );
});

it("a URL lacks both actions until everyone has them", async () => {
  const url = "lambda:InvokeFunctionUrl";
  expect(policies.missingForUrl("orders", undefined)).toEqual([url, "lambda:InvokeFunction"]);
  await add({ StatementId: "a", Action: url, Principal: "*", FunctionUrlAuthType: "NONE" });
  expect(policies.missingForUrl("orders", undefined)).toEqual(["lambda:InvokeFunction"]);
  await add({ StatementId: "b", Principal: "*", InvokedViaFunctionUrl: true });
  expect(policies.missingForUrl("orders", undefined)).toEqual([]);
  await remove({ StatementId: "a" });
  await add({ StatementId: "a", Action: url, Principal: "*", FunctionUrlAuthType: "AWS_IAM" });
  expect(policies.missingForUrl("orders", undefined)).toEqual([url]);
});

it("a policy outlives a restart, and goes with its function", async () => {
  await add({});
  const kept = await policy();
  policies = createPolicies();
  await policies.load();
  expect(await policy()).toEqual(kept);
  await test.registry.delete("orders");
  await test.create("orders");
  policies = createPolicies();
  await policies.load();
  expect(await refusal(policy())).toEqual([
    "ResourceNotFoundException",
    404,
    "The resource you requested does not exist.",
  ]);
});
