import { describe, expect, it } from "vitest";
import { loadError, loadText, planOf } from "../testing/load-text.ts";

const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const withEvents = (events: string, more = ""): string => `
F:
  Type: AWS::Serverless::Function
  Properties:
    Runtime: nodejs22.x
    Handler: index.handler
    InlineCode: x
    Events:
${events.replaceAll(/^/gm, "      ")}
${more}`;
const idOf = (template: string, logicalId: string): string =>
  loadText(`Resources:${template.replaceAll("\n", "\n  ")}`).resources.find((one) => one.logicalId === logicalId)
    ?.physicalId ?? "";

describe("AWS::Serverless::HttpApi", () => {
  it("has the routes of functions' events, and is made after the functions, which may use its id", () => {
    const template = withEvents(
      `Post: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /orders, Method: post, TimeoutInMillis: 5000 } }
Any: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: "/{proxy+}", Method: any, PayloadFormatVersion: "1.0" } }
Rest: { Type: HttpApi, Properties: { ApiId: !Ref Api } }`,
      `
Api:
  Type: AWS::Serverless::HttpApi
  Properties:
    Name: shop
    Description: d
    StageName: live
    StageVariables: { a: 1 }
    CorsConfiguration: { AllowOrigins: ["*"], MaxAge: 300, AllowCredentials: false }
    Domain: { DomainName: shop.example }
`,
    ).replace("InlineCode: x", "InlineCode: x\n    Environment: { Variables: { API: !Ref Api } }");
    const ApiId = idOf(template, "Api");
    const calls = (planOf(template, "Api") as { found: { calls: { input: { IntegrationId?: string } }[] }[] }).found[0]
      ?.calls;
    const integrations = calls?.flatMap((call) => call.input.IntegrationId ?? []) ?? [];
    const call = (operation: string, input: object): object => ({ service: "apigatewayv2", operation, input });
    const integration = (index: number, version: string, more: object = {}): object =>
      call("CreateIntegration", {
        ApiId,
        IntegrationId: integrations[index],
        IntegrationType: "AWS_PROXY",
        IntegrationUri: functionArn("F"),
        PayloadFormatVersion: version,
        ...more,
      });
    const route = (index: number, RouteKey: string): object =>
      call("CreateRoute", { ApiId, RouteKey, Target: `integrations/${integrations[index]}` });
    expect(new Set(integrations).size).toBe(3);
    expect(planOf(template, "Api")).toEqual({
      found: [
        {
          logicalId: "Api",
          type: "AWS::Serverless::HttpApi",
          line: 15,
          physicalId: ApiId,
          calls: [
            call("CreateApi", {
              Name: "shop",
              ProtocolType: "HTTP",
              Description: "d",
              CorsConfiguration: { AllowOrigins: ["*"], MaxAge: 300, AllowCredentials: false },
              Tags: { "tripline:id": ApiId },
            }),
            integration(0, "2.0", { TimeoutInMillis: 5000 }),
            route(0, "POST /orders"),
            integration(1, "1.0"),
            route(1, "ANY /{proxy+}"),
            integration(2, "2.0"),
            route(2, "$default"),
            call("CreateStage", { ApiId, StageName: "live", AutoDeploy: true, StageVariables: { a: "1" } }),
          ],
          removal: [call("DeleteApi", { ApiId })],
        },
      ],
      unsupported: [
        {
          logicalId: "Api",
          type: "AWS::Serverless::HttpApi",
          property: "Domain",
          line: 23,
          reason: "Custom domains are not simulated: call the API by its own address.",
        },
      ],
      withoutLocalEffect: [],
    });
  });

  it("has its stage's settings, and those of events' routes; tags are the stage's too", () => {
    const template = withEvents(
      "A: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /a, Method: get, RouteSettings: { ThrottlingBurstLimit: 1 } } }",
      `
Api:
  Type: AWS::Serverless::HttpApi
  Properties:
    DisableExecuteApiEndpoint: true
    AccessLogSettings: { DestinationArn: "arn:aws:logs:us-east-1:000000000000:log-group:x", Format: $context.requestId }
    DefaultRouteSettings: { ThrottlingRateLimit: 1.5, DetailedMetricsEnabled: true }
    RouteSettings: { GET /a: { ThrottlingBurstLimit: 9 }, $default: { ThrottlingBurstLimit: 2 } }
    Tags: { team: shop }
    PropagateTags: true
`,
    );
    const ApiId = idOf(template, "Api");
    const plan = planOf(template, "Api") as { found: { calls: object[] }[]; withoutLocalEffect: object[] };
    expect([plan.found[0]?.calls[0], plan.found[0]?.calls.at(-1)]).toEqual([
      {
        service: "apigatewayv2",
        operation: "CreateApi",
        input: {
          Name: "Api",
          ProtocolType: "HTTP",
          DisableExecuteApiEndpoint: true,
          Tags: { team: "shop", "tripline:id": ApiId },
        },
      },
      {
        service: "apigatewayv2",
        operation: "CreateStage",
        input: {
          ApiId,
          StageName: "$default",
          AutoDeploy: true,
          AccessLogSettings: {
            DestinationArn: "arn:aws:logs:us-east-1:000000000000:log-group:x",
            Format: "$context.requestId",
          },
          DefaultRouteSettings: { ThrottlingRateLimit: 1.5 },
          RouteSettings: { "GET /a": { ThrottlingBurstLimit: 1 }, $default: { ThrottlingBurstLimit: 2 } },
          Tags: { team: "shop" },
        },
      },
    ]);
    expect(plan.withoutLocalEffect).toEqual([
      {
        logicalId: "Api",
        property: "DefaultRouteSettings.DetailedMetricsEnabled",
        reason: "There are no CloudWatch metrics.",
      },
      {
        logicalId: "Api",
        property: "PropagateTags",
        reason: "API and stage have the tags, and there is nothing else to have them.",
      },
    ]);
  });

  it("reads a document, which what the template says outranks; events add their routes to a DefinitionBody alone", () => {
    const api = (properties: string): string =>
      withEvents(
        "A: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /a, Method: get } }",
        `\nApi: { Type: AWS::Serverless::HttpApi, Properties: { ${properties} } }`,
      );
    const callsOf = (template: string): object[] =>
      (planOf(template, "Api") as { found: { calls: { operation: string; input: object }[] }[] }).found[0]?.calls ?? [];
    const body = api(
      "DefinitionBody: { openapi: 3.0.1, paths: { /b: {} } }, FailOnWarnings: true, Description: d, CorsConfiguration: true",
    );
    const ApiId = idOf(body, "Api");
    expect(callsOf(body).slice(1)).toMatchObject([
      {
        operation: "ReimportApi",
        input: {
          ApiId,
          Body: JSON.stringify({
            openapi: "3.0.1",
            paths: {
              "/b": {},
              "/a": {
                get: {
                  "x-amazon-apigateway-integration": {
                    type: "aws_proxy",
                    httpMethod: "POST",
                    payloadFormatVersion: "2.0",
                    uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:F/invocations",
                  },
                },
              },
            },
            info: { version: "1.0", title: "Api" },
          }),
          FailOnWarnings: true,
        },
      },
      { operation: "UpdateApi", input: { ApiId, Description: "d", CorsConfiguration: { AllowOrigins: ["*"] } } },
      { operation: "CreateStage" },
    ]);
    const file = callsOf(api("DefinitionUri: template.yaml"));
    expect(file).toMatchObject([
      { operation: "CreateApi" },
      { operation: "ReimportApi" },
      { operation: "CreateStage" },
    ]);
    expect(loadError(`Resources:${api("DefinitionUri: none.yaml").replaceAll("\n", "\n  ")}`)).toContain(
      "DefinitionUri of Api cannot be read: none.yaml.",
    );
    const both = api("DefinitionUri: template.yaml, DefinitionBody: { openapi: 3.0.1, paths: {} }");
    expect(loadError(`Resources:${both.replaceAll("\n", "\n  ")}`)).toContain(
      "Api has both DefinitionBody and DefinitionUri.",
    );
  });

  it("is made for events that name none, with what Globals say", () => {
    const template = withEvents("Get: { Type: HttpApi, Properties: { Path: /, Method: GET } }");
    const plan = loadText(
      `Globals: { HttpApi: { CorsConfiguration: true } }\nResources:${template.replaceAll("\n", "\n  ")}`,
    );
    const api = plan.resources.at(-1);
    expect(api).toMatchObject({
      logicalId: "ServerlessHttpApi",
      type: "AWS::Serverless::HttpApi",
      line: 10,
      calls: [
        {
          operation: "CreateApi",
          input: { Name: "ServerlessHttpApi", CorsConfiguration: { AllowOrigins: ["*"] } },
        },
        { operation: "CreateIntegration" },
        { operation: "CreateRoute", input: { RouteKey: "GET /" } },
        { operation: "CreateStage", input: { StageName: "$default" } },
      ],
    });
  });

  it.each([
    ["Path: orders, Method: GET", 'Events.A.Path of F must begin with /, and is "orders".', 'Write "/orders".'],
    ["Path: /orders", "Events.A of F has no Method.", "Give both Path and Method, or neither for the $default route."],
    [
      "Path: /a, Method: GOT",
      'Events.A.Method of F must be one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY, and is the text "GOT".',
      "Write one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY.",
    ],
    [
      "Path: /a, Method: GET, PayloadFormatVersion: 3.0",
      "Events.A.PayloadFormatVersion of F must be one of 2.0, 1.0, and is 3.0.",
      "Write one of 2.0, 1.0.",
    ],
  ])("refuses a route with %s", (properties, what, next) => {
    const template = withEvents(`A: { Type: HttpApi, Properties: { ${properties} } }`);
    expect(loadError(`Resources:${template.replaceAll("\n", "\n  ")}`)).toBe(
      `SIM_TEMPLATE_INVALID: ${what}\n  at template.yaml:9\n  ${next}`,
    );
  });

  it("refuses a route that is there twice, and lists one of an API elsewhere", () => {
    const twice = withEvents(
      "A: { Type: HttpApi, Properties: { Path: /a, Method: GET } }\nB: { Type: HttpApi, Properties: { Path: /a, Method: get } }",
    );
    expect(loadError(`Resources:${twice.replaceAll("\n", "\n  ")}`)).toBe(
      "SIM_TEMPLATE_INVALID: The route GET /a is there twice: in F (template.yaml:9) and in F.\n  at template.yaml:10\n  Give one of them another Method or Path.",
    );
    const elsewhere = withEvents("A: { Type: HttpApi, Properties: { ApiId: abc, Path: /a, Method: GET } }");
    expect(planOf(elsewhere, "F")).toMatchObject({
      unsupported: [
        {
          logicalId: "F",
          property: "Events.A",
          line: 10,
          reason: "abc is no API of this template: use !Ref with its logical id.",
        },
      ],
    });
  });
});

describe("AWS::Serverless::Api", () => {
  it("has a resource for each part of a path, and a method for each event", () => {
    const template = withEvents(
      `Get: { Type: Api, Properties: { RestApiId: !Ref Api, Path: "/orders/{id}", Method: get } }
Put: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /orders, Method: PUT, TimeoutInMillis: 1000 } }
Root: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /, Method: ANY, ResponseTransferMode: STREAM } }`,
      `
Api:
  Type: AWS::Serverless::Api
  Properties: { StageName: v1, Variables: { a: b }, BinaryMediaTypes: [image~1png], Domain: {}, TracingEnabled: true }
`,
    );
    const restApiId = idOf(template, "Api");
    const plan = planOf(template, "Api") as { found: { calls: { input: { resourceId?: string } }[] }[] };
    const [orders, order] = plan.found[0]?.calls.flatMap((call) => call.input.resourceId ?? []).filter(isNew) ?? [];
    const call = (operation: string, input: object): object => ({ service: "apigateway", operation, input });
    const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn("F")}/invocations`;
    const method = (resourceId: string | undefined, httpMethod: string, more: object = {}): object[] => [
      call("PutMethod", { restApiId, resourceId, httpMethod, authorizationType: "NONE" }),
      call("PutIntegration", {
        restApiId,
        resourceId,
        httpMethod,
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        uri,
        ...more,
      }),
    ];
    expect([orders, order]).toEqual([expect.stringMatching(/^\w{6}$/), expect.stringMatching(/^\w{6}$/)]);
    expect(plan).toEqual({
      found: [
        {
          logicalId: "Api",
          type: "AWS::Serverless::Api",
          line: 14,
          physicalId: restApiId,
          calls: [
            call("CreateRestApi", {
              name: "Api",
              binaryMediaTypes: ["image/png"],
              tags: { "tripline:id": restApiId },
            }),
            call("CreateResource", {
              restApiId,
              parentId: `${restApiId}0`,
              pathPart: "orders",
              resourceId: orders,
            }),
            call("CreateResource", { restApiId, parentId: orders, pathPart: "{id}", resourceId: order }),
            ...method(order, "GET"),
            ...method(orders, "PUT", { timeoutInMillis: 1000 }),
            ...method(`${restApiId}0`, "ANY"),
            call("CreateDeployment", { restApiId, stageName: "v1", variables: { a: "b" } }),
          ],
          removal: [call("DeleteRestApi", { restApiId })],
        },
      ],
      unsupported: [
        {
          logicalId: "F",
          type: "AWS::Serverless::Function",
          property: "Events.Root.ResponseTransferMode",
          line: 12,
          reason: "It is not simulated.",
        },
        {
          logicalId: "Api",
          type: "AWS::Serverless::Api",
          property: "Domain",
          line: 16,
          reason: "It is not simulated.",
        },
      ],
      withoutLocalEffect: [{ logicalId: "Api", property: "TracingEnabled", reason: "Nothing is traced." }],
    });
  });

  it("is made for events that name none, with stage Prod; a template's own needs a StageName", () => {
    const template = withEvents("Get: { Type: Api, Properties: { Path: /, Method: GET } }");
    expect(planOf(template, "ServerlessRestApi")).toMatchObject({
      found: [
        {
          line: 10,
          calls: [
            { operation: "CreateRestApi", input: { name: "ServerlessRestApi" } },
            { operation: "PutMethod" },
            { operation: "PutIntegration" },
            { operation: "CreateDeployment", input: { stageName: "Prod" } },
          ],
        },
      ],
    });
    expect(loadError("Resources:\n  Api: { Type: AWS::Serverless::Api }\n")).toBe(
      "SIM_TEMPLATE_INVALID: Api (AWS::Serverless::Api) has no StageName.\n  at template.yaml:2\n  Add StageName: a text, such as Prod.",
    );
  });
});

function isNew(one: string, index: number, all: readonly string[]): boolean {
  return all.indexOf(one) === index;
}
