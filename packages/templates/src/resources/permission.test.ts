import { expect, it } from "vitest";
import { loadText, planOf, withoutRoles } from "../testing/load-text.ts";

const functionProperties = "{ Runtime: nodejs22.x, Handler: a.b, CodeUri: code";

it("AWS::Lambda::Permission becomes AddPermission, before the notifications of any bucket", () => {
  const template = `
Uploads:
  Type: AWS::S3::Bucket
  Properties:
    BucketName: in
    NotificationConfiguration:
      LambdaConfigurations: [{ Event: "s3:ObjectCreated:*", Function: !GetAtt Import.Arn }]
Import: { Type: AWS::Serverless::Function, Properties: ${functionProperties} } }
Allow:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: !Ref Import
    Action: lambda:InvokeFunction
    Principal: s3.amazonaws.com
    SourceArn: !GetAtt Uploads.Arn
    SourceAccount: !Ref AWS::AccountId
`;
  const statement = { FunctionName: "Import", StatementId: "app-Allow" };
  expect(planOf(template, "Allow")).toEqual({
    found: [
      {
        logicalId: "Allow",
        type: "AWS::Lambda::Permission",
        line: 10,
        physicalId: "Import app-Allow",
        calls: [
          {
            service: "lambda",
            operation: "AddPermission",
            input: {
              ...statement,
              Action: "lambda:InvokeFunction",
              Principal: "s3.amazonaws.com",
              SourceArn: "arn:aws:s3:::in",
              SourceAccount: "000000000000",
            },
          },
        ],
        removal: [{ service: "lambda", operation: "RemovePermission", input: statement }],
      },
    ],
    unsupported: [],
    withoutLocalEffect: [],
  });
  const order = withoutRoles(loadText(`Resources:${template.replaceAll("\n", "\n  ")}`)).map((one) => one.logicalId);
  expect(order).toEqual(["Import", "Uploads", "Allow", "UploadsNotifications"]);
});

it.each([
  [
    "{ Type: Api, Properties: { Path: '/a/{id}/', Method: get } }",
    "apigateway.amazonaws.com",
    /:\w{10}\/\*\/GET\/a\/\*$/,
  ],
  [
    "{ Type: HttpApi, Properties: { Path: '/{all+}', Method: any } }",
    "apigateway.amazonaws.com",
    /:\w{10}\/\*\/\*\/\*$/,
  ],
  ["{ Type: HttpApi }", "apigateway.amazonaws.com", /:\w{10}\/\*\/\$default$/],
  ["{ Type: Schedule, Properties: { Schedule: rate(1 hour) } }", "events.amazonaws.com", /:rule\/ImportOn$/],
])("the event %s lets %s in, for its own source", (event, Principal, sourceArn) => {
  const plan = loadText(`Resources:
  Import: { Type: AWS::Serverless::Function, Properties: ${functionProperties}, Events: { On: ${event} } } }
`);
  const [permission, ...others] = plan.resources.flatMap((one) =>
    one.calls.filter((call) => call.operation === "AddPermission"),
  );
  expect(permission?.input).toEqual({
    FunctionName: "Import",
    StatementId: "app-ImportOnPermission",
    Action: "lambda:InvokeFunction",
    Principal,
    SourceArn: expect.stringMatching(sourceArn),
  });
  expect(others).toEqual([]);
});

it("events that come with a role, or are polled, need no permission", () => {
  const plan = loadText(`Resources:
  Work: { Type: AWS::SQS::Queue }
  Import:
    Type: AWS::Serverless::Function
    Properties: ${functionProperties}, Events: { A: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 hour) } }, B: { Type: SQS, Properties: { Queue: !GetAtt Work.Arn } } } }
`);
  expect(withoutRoles(plan).map((one) => one.logicalId)).toEqual(["Work", "Import", "ImportA", "ImportB"]);
});
