import { describe, expect, it } from "vitest";
import { loadText, planOf } from "../../testing/load-text.ts";

interface Planned {
  found: { physicalId: string; calls: { operation: string; input: Record<string, unknown> }[]; removal: object[] }[];
  unsupported: object[];
}

const api = "Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: shop, ProtocolType: HTTP, Tags: { team: a } } }";
const plan = (more: string, logicalId: string): Planned => planOf(`${api}\n${more}`, logicalId) as Planned;
const only = (more: string, logicalId: string): { operation: string; input: Record<string, unknown> } | undefined => {
  const { found, unsupported } = plan(more, logicalId);
  expect([unsupported, found[0]?.calls.length, found[0]?.removal]).toEqual([[], 1, []]);
  return found[0]?.calls[0];
};

describe("AWS::ApiGatewayV2", () => {
  it("Api is made with its tags and keeps its id; Ref and GetAtt give id and endpoint", () => {
    const { found } = plan("", "Api");
    const ApiId = found[0]?.physicalId;
    expect(ApiId).toMatch(/^[a-z0-9]{10}$/);
    expect(found[0]).toMatchObject({
      calls: [
        {
          operation: "CreateApi",
          input: { Name: "shop", ProtocolType: "HTTP", Tags: { team: "a", "tripline:id": ApiId } },
        },
      ],
      removal: [{ operation: "DeleteApi", input: { ApiId } }],
    });
    const { outputs } = loadText(
      `Resources:\n  ${api}\nOutputs:\n  A: { Value: !Ref Api }\n  B: { Value: !GetAtt Api.ApiId }\n  C: { Value: !GetAtt Api.ApiEndpoint }`,
    );
    expect(outputs.map((one) => one.value)).toEqual([
      ApiId,
      ApiId,
      `https://${ApiId ?? ""}.execute-api.us-east-1.amazonaws.com`,
    ]);
  });

  it("Api with a Body is imported, and what stands beside it outranks it", () => {
    const { found } = planOf(
      "Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Body: { openapi: 3.0.1, info: { title: T, version: 1 } }, BasePath: split, FailOnWarnings: true, Description: d } }",
      "Api",
    ) as Planned;
    const ApiId = found[0]?.physicalId;
    expect(found[0]?.calls).toMatchObject([
      { operation: "CreateApi", input: { Name: "T" } },
      {
        operation: "ReimportApi",
        input: {
          ApiId,
          Body: '{"openapi":"3.0.1","info":{"title":"T","version":1}}',
          Basepath: "split",
          FailOnWarnings: true,
        },
      },
      { operation: "UpdateApi", input: { ApiId, Description: "d" } },
    ]);
  });

  it("Integration, Route, Deployment and Stage name each other by Ref", () => {
    const parts = `I: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: "https://a.example", PayloadFormatVersion: "1.0", ConnectionType: INTERNET, ResponseParameters: { 500: { ResponseParameters: [{ Destination: "overwrite:statuscode", Source: "403" }] } } } }
R: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: GET /a, Target: !Sub "integrations/\${I}", OperationName: A } }
D: { Type: AWS::ApiGatewayV2::Deployment, DependsOn: R, Properties: { ApiId: !Ref Api } }
S: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Api, StageName: live, DeploymentId: !Ref D, DefaultRouteSettings: { ThrottlingBurstLimit: 1 }, StageVariables: { k: v }, Tags: { team: a } } }`;
    const ApiId = plan(parts, "Api").found[0]?.physicalId;
    const IntegrationId = plan(parts, "I").found[0]?.physicalId;
    const DeploymentId = plan(parts, "D").found[0]?.physicalId;
    expect(only(parts, "I")).toEqual({
      service: "apigatewayv2",
      operation: "CreateIntegration",
      input: {
        ApiId,
        IntegrationId,
        IntegrationType: "HTTP_PROXY",
        IntegrationMethod: "GET",
        IntegrationUri: "https://a.example",
        PayloadFormatVersion: "1.0",
        ResponseParameters: { 500: { "overwrite:statuscode": "403" } },
      },
    });
    expect(only(parts, "R")).toMatchObject({
      operation: "CreateRoute",
      input: {
        ApiId,
        RouteId: plan(parts, "R").found[0]?.physicalId,
        RouteKey: "GET /a",
        Target: `integrations/${IntegrationId ?? ""}`,
        OperationName: "A",
      },
    });
    expect(only(parts, "D")).toMatchObject({ operation: "CreateDeployment", input: { ApiId, DeploymentId } });
    expect(only(parts, "S")).toMatchObject({
      operation: "CreateStage",
      input: {
        ApiId,
        StageName: "live",
        DeploymentId,
        DefaultRouteSettings: { ThrottlingBurstLimit: 1 },
        StageVariables: { k: "v" },
        Tags: { team: "a" },
      },
    });
    expect(
      loadText(`Resources:\n  ${api}\n  ${parts.replaceAll("\n", "\n  ")}\nOutputs:\n  S: { Value: !Ref S }`).outputs,
    ).toEqual([{ name: "S", value: "live" }]);
  });

  it.each([
    [
      "X: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: WEBSOCKET } }",
      "WebSocket APIs are not simulated.",
    ],
    [
      "X: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: abc, RouteKey: GET /a } }",
      "abc is no AWS::ApiGatewayV2::Api of this template: use !Ref with its logical id.",
    ],
    [
      "X: { Type: AWS::ApiGatewayV2::DomainName, Properties: { DomainName: a.example } }",
      "Custom domains are not simulated: call the API by its own address.",
    ],
    [
      "X: { Type: AWS::ApiGatewayV2::ApiMapping, Properties: { ApiId: !Ref Api, DomainName: a.example, Stage: live } }",
      "Custom domains are not simulated: call the API by its own address.",
    ],
    ["X: { Type: AWS::ApiGatewayV2::VpcLink }", "There is no VPC on one machine."],
    ["X: { Type: AWS::ApiGatewayV2::Model }", "WebSocket APIs are not simulated."],
  ])("lists %s with the reason", (more, reason) => {
    const { found, unsupported } = plan(more, "X");
    expect(found).toEqual([]);
    expect(unsupported).toMatchObject([{ logicalId: "X", reason }]);
  });
});
