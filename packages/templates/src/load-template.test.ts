import { join } from "node:path";
import { expect, it } from "vitest";
import { defaultScope } from "@tripline/kernel";
import { loadTemplate } from "./index.ts";
import { loadText, withoutRoles } from "./testing/load-text.ts";

const shop = join(import.meta.dirname, "../../../fixtures/apps/shop");

it("loadTemplate plans the shop in dependency order", () => {
  const plan = loadTemplate({ path: shop, scope: defaultScope });
  expect(
    withoutRoles(plan).map(({ logicalId, line, calls }) => [logicalId, line, calls.map((call) => call.operation)]),
  ).toEqual([
    ["FailedOrders", 56, ["CreateQueue"]],
    ["Orders", 48, ["CreateQueue"]],
    ["TakeOrder", 32, ["CreateFunction"]],
    ["TakeOrderPostPermission", 41, ["AddPermission"]],
    ["ShopApi", 24, ["CreateApi", "CreateIntegration", "CreateRoute", "CreateStage"]],
    ["Receipts", 76, ["CreateBucket"]],
    ["OrdersTable", 112, ["CreateTable"]],
    ["Fulfil", 59, ["CreateFunction"]],
    ["FulfilOrders", 69, ["CreateEventSourceMapping"]],
    ["Uploads", 79, ["CreateBucket"]],
    ["ImportCatalog", 82, ["CreateFunction"]],
    ["ImportCatalogCsvPermission", 88, ["AddPermission"]],
    ["Report", 99, ["CreateFunction"]],
    ["ReportNightly", 106, ["PutRule", "PutTargets"]],
    ["ReportNightlyPermission", 106, ["AddPermission"]],
    ["ItemTotals", 123, ["CreateTable"]],
    ["SumUp", 132, ["CreateFunction"]],
    ["SumUpChanges", 141, ["CreateEventSourceMapping"]],
    ["Clicks", 150, ["CreateStream"]],
    ["CountClicks", 155, ["CreateFunction"]],
    ["CountClicksClicked", 161, ["CreateEventSourceMapping"]],
    ["UploadsNotifications", 79, ["PutBucketNotificationConfiguration"]],
  ]);
  expect({ ...plan, resources: [], metadata: {} }).toEqual({
    file: join(shop, "template.yaml"),
    stackName: "shop",
    resources: [],
    outputs: [
      {
        name: "OrdersUrl",
        value: `https://${withoutRoles(plan)[4]?.physicalId}.execute-api.us-east-1.amazonaws.com/orders`,
        description: "Where orders are posted",
      },
    ],
    unsupported: [],
    withoutLocalEffect: [],
    metadata: {},
  });
});

it("loadTemplate takes what `sam init` makes: an implicit API, its role, resources for monitoring", () => {
  const plan = loadText(`AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: { Timeout: 3, Tracing: Active }
  Api: { TracingEnabled: true }
Resources:
  HelloWorldFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code/
      Handler: app.lambda_handler
      Runtime: python3.13
      Policies: [{ Statement: [{ Effect: Allow, Resource: !Sub "arn:\${AWS::Partition}:x", Condition: { A: { B: c } } }] }]
      Events:
        HelloWorld: { Type: Api, Properties: { Path: /hello, Method: get } }
        Never: !If [IsLive, { Type: Api, Properties: { Path: /never, Method: get } }, !Ref AWS::NoValue]
  Group: { Type: AWS::ResourceGroups::Group, Properties: { Name: { "Fn::Sub": "g-\${AWS::StackName}" } } }
  Insights: { Type: AWS::ApplicationInsights::Application, Properties: { ResourceGroupName: !Ref Group } }
Conditions:
  IsLive: !Equals [a, b]
Outputs:
  Url: { Value: !Sub "https://\${ServerlessRestApi}.execute-api.\${AWS::Region}.amazonaws.com/Prod/hello/", Export: { Name: x } }
  Role: { Value: !GetAtt HelloWorldFunctionRole.Arn }
`);
  const api = withoutRoles(plan)[2]?.physicalId;
  expect([
    withoutRoles(plan).map(({ logicalId, calls }) => [logicalId, calls.map((call) => call.operation)]),
    plan.outputs,
    plan.unsupported,
  ]).toEqual([
    [
      ["HelloWorldFunction", ["CreateFunction"]],
      ["HelloWorldFunctionHelloWorldPermission", ["AddPermission"]],
      ["ServerlessRestApi", ["CreateRestApi", "CreateResource", "PutMethod", "PutIntegration", "CreateDeployment"]],
    ],
    [
      { name: "Url", value: `https://${api}.execute-api.us-east-1.amazonaws.com/Prod/hello/` },
      { name: "Role", value: "arn:aws:iam::000000000000:role/HelloWorldFunctionRole" },
    ],
    [],
  ]);
});
