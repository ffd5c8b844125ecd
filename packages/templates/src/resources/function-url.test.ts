import { expect, it } from "vitest";
import { loadText, planOf, withoutRoles } from "../testing/load-text.ts";

const code = "Runtime: nodejs22.x, Handler: a.b, CodeUri: code";
const arn = "arn:aws:lambda:us-east-1:000000000000:function:Shop";

it("AWS::Lambda::Url becomes CreateFunctionUrlConfig with every property", () => {
  const template = `
Shop: { Type: AWS::Serverless::Function, Properties: { ${code} } }
Url:
  Type: AWS::Lambda::Url
  Properties:
    TargetFunctionArn: !GetAtt Shop.Arn
    Qualifier: live
    AuthType: AWS_IAM
    InvokeMode: RESPONSE_STREAM
    Cors: { AllowOrigins: ["*"], AllowMethods: [GET], AllowHeaders: [a], ExposeHeaders: [b], MaxAge: 5, AllowCredentials: false }
`;
  const name = { FunctionName: arn, Qualifier: "live" };
  expect(planOf(template, "Url")).toEqual({
    found: [
      {
        logicalId: "Url",
        type: "AWS::Lambda::Url",
        line: 4,
        physicalId: `URL of ${arn}:live`,
        calls: [
          {
            service: "lambda",
            operation: "CreateFunctionUrlConfig",
            input: {
              ...name,
              AuthType: "AWS_IAM",
              InvokeMode: "RESPONSE_STREAM",
              Cors: {
                AllowOrigins: ["*"],
                AllowMethods: ["GET"],
                AllowHeaders: ["a"],
                ExposeHeaders: ["b"],
                MaxAge: 5,
                AllowCredentials: false,
              },
            },
          },
        ],
        removal: [{ service: "lambda", operation: "DeleteFunctionUrlConfig", input: name }],
      },
    ],
    unsupported: [],
    withoutLocalEffect: [],
  });
});

it("FunctionUrlConfig makes a URL that can be referred to, and lets everyone in where AuthType is NONE", () => {
  const plan = loadText(`Resources:
  Shop: { Type: AWS::Serverless::Function, Properties: { ${code}, FunctionUrlConfig: { AuthType: NONE } } }
  Inner: { Type: AWS::Serverless::Function, Properties: { ${code}, FunctionUrlConfig: { AuthType: AWS_IAM } } }
Outputs:
  Url: { Value: !GetAtt ShopUrl.FunctionUrl }
`);
  expect(withoutRoles(plan).map(({ logicalId, calls }) => [logicalId, calls[0]?.operation])).toEqual([
    ["Shop", "CreateFunction"],
    ["ShopUrl", "CreateFunctionUrlConfig"],
    ["ShopUrlPublicPermissions", "AddPermission"],
    ["ShopURLInvokeAllowPublicAccess", "AddPermission"],
    ["Inner", "CreateFunction"],
    ["InnerUrl", "CreateFunctionUrlConfig"],
  ]);
  expect(
    withoutRoles(plan)
      .slice(2, 4)
      .map(({ calls }) => calls[0]?.input),
  ).toEqual([
    {
      FunctionName: "Shop",
      StatementId: "app-ShopUrlPublicPermissions",
      Action: "lambda:InvokeFunctionUrl",
      Principal: "*",
      FunctionUrlAuthType: "NONE",
    },
    {
      FunctionName: "Shop",
      StatementId: "app-ShopURLInvokeAllowPublicAccess",
      Action: "lambda:InvokeFunction",
      Principal: "*",
      InvokedViaFunctionUrl: true,
    },
  ]);
  expect(plan.outputs[0]?.value).toMatch(/^https:\/\/[a-z0-9]{32}\.lambda-url\.us-east-1\.on\.aws\/$/);
});

it("FunctionUrlConfig of a function that publishes to an alias makes the URL of the alias", () => {
  const plan = loadText(`Resources:
  Shop: { Type: AWS::Serverless::Function, Properties: { ${code}, AutoPublishAlias: live, FunctionUrlConfig: { AuthType: NONE } } }
Outputs:
  Arn: { Value: !GetAtt ShopUrl.FunctionArn }
`);
  expect(plan.outputs[0]?.value).toBe(`${arn}:live`);
  const url = plan.resources.find((one) => one.logicalId === "ShopUrl");
  expect([url?.physicalId, url?.calls[0]?.input]).toEqual([
    `URL of ${arn}:live`,
    { FunctionName: "Shop", Qualifier: "live", AuthType: "NONE" },
  ]);
});
