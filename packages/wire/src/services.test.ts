import { crc32 } from "node:zlib";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient, ListStreamsCommand } from "@aws-sdk/client-dynamodb-streams";
import { APIGatewayClient, GetRestApisCommand } from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client, GetApisCommand } from "@aws-sdk/client-apigatewayv2";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { CreateScheduleGroupCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { ServiceError } from "@tripline/kernel";
import { expect, test } from "vitest";
import { clientOptions, disposable, errorOf, startEndpoint, type TestOperation } from "./testing/endpoint-fixture.ts";

const all = (answer: unknown, ...honoured: string[]): TestOperation => ({ honoured, answer: () => answer });

test("every service's client reaches its own service", async () => {
  const at = new Date(1_700_000_000_000);
  await using wire = await startEndpoint({
    "sts.GetCallerIdentity": all({ Account: "000000000000", Arn: "arn:aws:iam::000000000000:root", UserId: "me" }),
    "sts.AssumeRoleWithWebIdentity": all(
      { SubjectFromWebIdentityToken: "me" },
      "RoleArn",
      "RoleSessionName",
      "WebIdentityToken",
    ),
    "iam.GetRole": all(
      { Role: { RoleName: "r", Path: "/", RoleId: "i", Arn: "a", CreateDate: at, Tags: [{ Key: "k", Value: "v" }] } },
      "RoleName",
    ),
    "logs.DescribeLogGroups": all(
      { logGroups: [{ logGroupName: "/aws/lambda/f", creationTime: 1 }] },
      "logGroupNamePrefix",
    ),
    "events.PutEvents": all({ FailedEntryCount: 0, Entries: [{ EventId: "e" }] }, "Entries"),
    "scheduler.CreateScheduleGroup": all({ ScheduleGroupArn: "arn" }, "Name", "ClientToken"),
    "apigateway.GetRestApis": all({ items: [{ id: "rest", createdDate: at }] }, "limit"),
    "apigatewayv2.GetApis": all({ Items: [{ ApiId: "http", CreatedDate: at }] }, "MaxResults"),
    "kinesis.PutRecord": all({ ShardId: "s", SequenceNumber: "1" }, "StreamName", "Data", "PartitionKey"),
    "dynamodb.GetItem": all({ Item: { id: { N: "1" }, blob: { B: new Uint8Array([1]) } } }, "TableName", "Key"),
    "dynamodbstreams.ListStreams": all({ Streams: [{ StreamArn: "arn" }] }, "Limit"),
  });
  const options = clientOptions(wire.url);
  using sts = disposable(new STSClient(options));
  using iam = disposable(new IAMClient(options));
  using logs = disposable(new CloudWatchLogsClient(options));
  using events = disposable(new EventBridgeClient(options));
  using scheduler = disposable(new SchedulerClient(options));
  using rest = disposable(new APIGatewayClient(options));
  using http = disposable(new ApiGatewayV2Client(options));
  using kinesis = disposable(new KinesisClient(options));
  using dynamodb = disposable(new DynamoDBClient(options));
  using streams = disposable(new DynamoDBStreamsClient(options));
  const answers = [
    await sts.send(new GetCallerIdentityCommand()),
    await sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: "arn:aws:iam::000000000000:role/r",
        RoleSessionName: "me",
        WebIdentityToken: "token",
      }),
    ),
    await iam.send(new GetRoleCommand({ RoleName: "r" })),
    await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws" })),
    await events.send(new PutEventsCommand({ Entries: [{ Time: at, Detail: "{}" }] })),
    await scheduler.send(new CreateScheduleGroupCommand({ Name: "g", ClientToken: "t" })),
    await rest.send(new GetRestApisCommand({ limit: 1 })),
    await http.send(new GetApisCommand({ MaxResults: "1" })),
    await kinesis.send(new PutRecordCommand({ StreamName: "s", Data: Buffer.from("d"), PartitionKey: "p" })),
    await dynamodb.send(new GetItemCommand({ TableName: "t", Key: { id: { N: "1" } } })),
    await streams.send(new ListStreamsCommand({ Limit: 1 })),
  ].map((answer) => ({ ...answer, $metadata: undefined }));
  expect(answers).toEqual([
    { Account: "000000000000", Arn: "arn:aws:iam::000000000000:root", UserId: "me" },
    { SubjectFromWebIdentityToken: "me" },
    { Role: { RoleName: "r", Path: "/", RoleId: "i", Arn: "a", CreateDate: at, Tags: [{ Key: "k", Value: "v" }] } },
    { logGroups: [{ logGroupName: "/aws/lambda/f", creationTime: 1 }] },
    { FailedEntryCount: 0, Entries: [{ EventId: "e" }] },
    { ScheduleGroupArn: "arn" },
    { items: [{ id: "rest", createdDate: at }] },
    { Items: [{ ApiId: "http", CreatedDate: at }] },
    { ShardId: "s", SequenceNumber: "1" },
    { Item: { id: { N: "1" }, blob: { B: new Uint8Array([1]) } } },
    { Streams: [{ StreamArn: "arn" }] },
  ]);
  expect(wire.calls.map(({ service, operation, input }) => [`${service}.${operation}`, input])).toEqual([
    ["sts.GetCallerIdentity", {}],
    [
      "sts.AssumeRoleWithWebIdentity",
      { RoleArn: "arn:aws:iam::000000000000:role/r", RoleSessionName: "me", WebIdentityToken: "token" },
    ],
    ["iam.GetRole", { RoleName: "r" }],
    ["logs.DescribeLogGroups", { logGroupNamePrefix: "/aws" }],
    ["events.PutEvents", { Entries: [{ Time: at, Detail: "{}" }] }],
    ["scheduler.CreateScheduleGroup", { Name: "g", ClientToken: "t" }],
    ["apigateway.GetRestApis", { limit: 1 }],
    ["apigatewayv2.GetApis", { MaxResults: "1" }],
    ["kinesis.PutRecord", { StreamName: "s", Data: Buffer.from("d"), PartitionKey: "p" }],
    ["dynamodb.GetItem", { TableName: "t", Key: { id: { N: "1" } } }],
    ["dynamodbstreams.ListStreams", { Limit: 1 }],
  ]);
});

test("errors reach clients by the names of their service", async () => {
  await using wire = await startEndpoint({
    "iam.GetRole": {
      honoured: ["RoleName"],
      answer() {
        throw new ServiceError("NoSuchEntityException", "The role with name r cannot be found.", { status: 404 });
      },
    },
    "logs.PutRetentionPolicy": all({}, "logGroupName", "retentionInDays"),
  });
  using iam = disposable(new IAMClient(clientOptions(wire.url)));
  using logs = disposable(new CloudWatchLogsClient(clientOptions(wire.url)));
  const lacking = await errorOf(iam.send(new GetRoleCommand({ RoleName: "r" })));
  expect([lacking.name, lacking.message, lacking["Code"], lacking["Type"]]).toEqual([
    "NoSuchEntityException",
    "The role with name r cannot be found.",
    "NoSuchEntity",
    "Sender",
  ]);
  const empty = await errorOf(
    logs.send(new PutRetentionPolicyCommand({ logGroupName: undefined, retentionInDays: undefined })),
  );
  expect([empty.name, empty.message]).toEqual([
    "InvalidParameterException",
    "2 validation errors detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null; Value null at 'retentionInDays' failed to satisfy constraint: Member must not be null",
  ]);
});

test("DynamoDB's answers carry the checksum that its older clients check", async () => {
  await using wire = await startEndpoint({ "dynamodb.GetItem": all({ Item: { id: { S: "é" } } }, "TableName", "Key") });
  const ask = async (body: string): Promise<unknown> => {
    const headers = { "x-amz-target": "DynamoDB_20120810.GetItem", "content-type": "application/x-amz-json-1.0" };
    const answer = await fetch(wire.url, { method: "POST", headers, body });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return [answer.status, Number(answer.headers.get("x-amz-crc32")) === crc32(bytes)];
  };
  expect(await ask('{"TableName":"table","Key":{"id":{"S":"1"}}}')).toEqual([200, true]);
  expect(await ask("{")).toEqual([400, true]);
});
