import { describe, expect, it } from "vitest";
import { loadError, planOf } from "../../testing/load-text.ts";

interface Planned {
  found: { physicalId: string; calls: { operation: string; input: Record<string, unknown> }[] }[];
  unsupported: object[];
}

const guardArn = "arn:aws:lambda:us-east-1:000000000000:function:Guard";
const fn = (name: string, events = ""): string => `${name}:
  Type: AWS::Serverless::Function
  Properties: { Runtime: nodejs22.x, Handler: index.handler, InlineCode: x, Events: { ${events} } }
`;
const template = (auth: string, eventAuth = "", more = ""): string => `${fn(
  "F",
  `A: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /a, Method: get${eventAuth === "" ? "" : `, Auth: ${eventAuth}`} } }`,
)}${fn("Guard")}Api:
  Type: AWS::Serverless::HttpApi
  Properties: { Auth: ${auth}${more} }`;
const tokens = `Tokens: { IdentitySource: $request.header.Authorization, JwtConfiguration: { issuer: https://issuer.example, audience: [shop] }, AuthorizationScopes: [shop/read] }`;
const guard = `Guard: { FunctionArn: !GetAtt Guard.Arn, AuthorizerPayloadFormatVersion: 2.0 }`;

const inputs = (text: string, operation: string, logicalId = "Api"): Record<string, unknown>[] => {
  const { found, unsupported } = planOf(text, logicalId) as Planned;
  expect(unsupported).toEqual([]);
  return (found[0]?.calls ?? []).filter((call) => call.operation === operation).map((call) => call.input);
};
const apiId = (text: string): string | undefined => (planOf(text, "Api") as Planned).found[0]?.physicalId;

describe("Auth of AWS::Serverless::HttpApi", () => {
  it.each([["issuer: https://issuer.example, audience: [shop]"], ["Issuer: https://issuer.example, Audience: shop"]])(
    "an OAuth2 authorizer is a JWT authorizer ({ %s })",
    (configuration) => {
      const text = template(
        `{ Authorizers: { Tokens: { IdentitySource: $request.header.Authorization, JwtConfiguration: { ${configuration} } } } }`,
      );
      expect(inputs(text, "CreateAuthorizer")).toEqual([
        {
          ApiId: apiId(text),
          AuthorizerId: expect.stringMatching(/^[a-z0-9]{6}$/),
          Name: "Tokens",
          AuthorizerType: "JWT",
          IdentitySource: ["$request.header.Authorization"],
          JwtConfiguration: { Issuer: "https://issuer.example", Audience: ["shop"] },
        },
      ]);
    },
  );

  it("a Lambda authorizer has its identity, its role and its format", () => {
    const text = template(
      `{ Authorizers: { Guard: { FunctionArn: !GetAtt Guard.Arn, FunctionInvokeRole: "arn:aws:iam::000000000000:role/r", AuthorizerPayloadFormatVersion: "2.0", EnableSimpleResponses: true, Identity: { Headers: [A], QueryStrings: [b], StageVariables: [c], Context: [routeKey], ReauthorizeEvery: 60 } } } }`,
    );
    expect(inputs(text, "CreateAuthorizer")).toEqual([
      {
        ApiId: apiId(text),
        AuthorizerId: expect.any(String),
        Name: "Guard",
        AuthorizerType: "REQUEST",
        AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${guardArn}/invocations`,
        AuthorizerCredentialsArn: "arn:aws:iam::000000000000:role/r",
        AuthorizerPayloadFormatVersion: "2.0",
        AuthorizerResultTtlInSeconds: 60,
        EnableSimpleResponses: true,
        IdentitySource: ["$request.header.A", "$request.querystring.b", "$stageVariables.c", "$context.routeKey"],
      },
    ]);
  });

  it.each<[string, string, object]>([
    [`{ Authorizers: { ${tokens} } }`, "", {}],
    [
      `{ Authorizers: { ${tokens} }, DefaultAuthorizer: Tokens }`,
      "",
      { AuthorizationType: "JWT", AuthorizationScopes: ["shop/read"] },
    ],
    [`{ Authorizers: { ${tokens} }, DefaultAuthorizer: Tokens }`, "{ Authorizer: NONE }", {}],
    [
      `{ Authorizers: { ${tokens} } }`,
      "{ Authorizer: Tokens, AuthorizationScopes: [x] }",
      { AuthorizationType: "JWT", AuthorizationScopes: ["x"] },
    ],
    [
      `{ Authorizers: { ${tokens} }, DefaultAuthorizer: Tokens }`,
      "{ AuthorizationScopes: [x] }",
      { AuthorizationType: "JWT", AuthorizationScopes: ["x"] },
    ],
    [
      `{ Authorizers: { ${tokens}, ${guard} }, DefaultAuthorizer: Tokens }`,
      "{ Authorizer: Guard }",
      { AuthorizationType: "CUSTOM" },
    ],
    [`{ DefaultAuthorizer: AWS_IAM }`, "", { AuthorizationType: "AWS_IAM" }],
  ])("%s with %s of an event", (auth, eventAuth, expected) => {
    const [route = {}] = inputs(template(auth, eventAuth), "CreateRoute");
    const { ApiId: _api, RouteKey: _key, Target: _target, AuthorizerId, ...rest } = route;
    expect(rest).toEqual(expected);
    const type = (expected as { AuthorizationType?: string }).AuthorizationType;
    const authorizers = inputs(template(auth, eventAuth), "CreateAuthorizer");
    const named = authorizers.find((one) => one["Name"] === (type === "CUSTOM" ? "Guard" : "Tokens"));
    expect(AuthorizerId).toEqual(type === "JWT" || type === "CUSTOM" ? named?.["AuthorizerId"] : undefined);
  });

  it("lets API Gateway call a function only where the template says so", () => {
    const permitted = (more: string): Record<string, unknown>[] =>
      inputs(
        template(`{ Authorizers: { ${guard.replace(" }", `${more} }`)} } }`),
        "AddPermission",
        "ApiGuardAuthorizerPermission",
      );
    expect(permitted("")).toEqual([]);
    expect(permitted(", EnableFunctionDefaultPermissions: true")).toMatchObject([
      {
        FunctionName: guardArn,
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
        SourceArn: expect.stringMatching(/^arn:aws:execute-api:us-east-1:000000000000:[a-z0-9]{10}\/authorizers\/\*$/),
      },
    ]);
  });

  it.each([
    ["{ DefaultAuthorizer: Nope }", "", "there is no authorizer Nope.", "Add Nope to Auth.Authorizers."],
    ["{ }", "{ Authorizer: Nope }", "there is no authorizer Nope.", "Add Nope to Auth.Authorizers."],
    [
      "{ }",
      "{ Authorizer: NONE }",
      "the authorizer NONE of an event is only valid where the API has a DefaultAuthorizer.",
      "Leave Auth out: everyone is let in.",
    ],
    [
      "{ Authorizers: { A: { JwtConfiguration: { issuer: x } } } }",
      "",
      "A OAuth2 Authorizer must define 'IdentitySource'.",
      "Add IdentitySource.",
    ],
    [
      "{ Authorizers: { A: { AuthorizerPayloadFormatVersion: 2.0 } } }",
      "",
      "A Lambda Authorizer must define 'FunctionArn'.",
      "Add FunctionArn, or JwtConfiguration for tokens of an issuer.",
    ],
    [
      "{ Authorizers: { A: { FunctionArn: x } } }",
      "",
      "A Lambda Authorizer must define 'AuthorizerPayloadFormatVersion'.",
      "Add AuthorizerPayloadFormatVersion, or JwtConfiguration for tokens of an issuer.",
    ],
    [
      "{ Authorizers: { A: { FunctionArn: x, AuthorizerPayloadFormatVersion: 2.0, AuthorizationScopes: [x] } } }",
      "",
      "AuthorizationScopes of A must be defined only for OAuth2 Authorizer.",
      "Take AuthorizationScopes out.",
    ],
    [
      "{ Authorizers: { A: { IdentitySource: x, EnableSimpleResponses: true, JwtConfiguration: { issuer: x } } } }",
      "",
      "EnableSimpleResponses of A must be defined only for Lambda Authorizer.",
      "Take EnableSimpleResponses out.",
    ],
  ])("refuses %s %s", (auth, eventAuth, what, next) => {
    const line = eventAuth === "" ? 8 : 4;
    const error = loadError(`Resources:\n  ${template(auth, eventAuth).replaceAll("\n", "\n  ")}`);
    expect(error).toBe(`SIM_TEMPLATE_INVALID: Api: ${what}\n  at template.yaml:${line}\n  ${next}`);
  });

  it("lists what is not simulated", () => {
    expect((planOf(template("{ EnableIamAuthorizer: true }"), "Api") as Planned).unsupported).toMatchObject([
      {
        property: "Auth.EnableIamAuthorizer",
        reason: "The authorization type AWS_IAM of HTTP APIs is not simulated: use a JWT or a Lambda authorizer.",
      },
    ]);
  });
});

describe("Auth beside the document of AWS::Serverless::HttpApi", () => {
  const integrated = (more = ""): string => `{ x-amazon-apigateway-integration: { type: http_proxy }${more} }`;
  const body = (paths: string, schemes = ""): string =>
    `, DefinitionBody: { openapi: 3.0.1, info: { title: T, version: "1" }, ${schemes}paths: ${paths} }`;
  interface Document {
    paths: Record<string, Record<string, { security?: object; "x-amazon-apigateway-integration"?: { type: string } }>>;
    components: { securitySchemes: Record<string, Record<string, object>> };
  }
  const documentOf = (text: string): Document => {
    const { found, unsupported } = planOf(text, "Api") as Planned;
    expect(unsupported).toEqual([]);
    expect(found[0]?.calls.map(({ operation }) => operation)).toEqual(["CreateApi", "ReimportApi", "CreateStage"]);
    return JSON.parse(found[0]?.calls[1]?.input["Body"] as string) as Document;
  };

  it("becomes security schemes, and guards every operation that has an integration and no security, but OPTIONS", () => {
    const written = documentOf(
      template(
        `{ Authorizers: { ${tokens}, ${guard} }, DefaultAuthorizer: Tokens }`,
        "",
        body(
          `{ /d: { get: ${integrated()}, post: ${integrated(", security: [{ Own: [] }]")}, put: ${integrated(", security: []")}, delete: ${integrated(", security: [{ NONE: [] }]")}, options: ${integrated()}, patch: {}, parameters: [] } }`,
          `components: { securitySchemes: { Own: { type: http }, Tokens: { type: http } } }, `,
        ),
      ),
    );
    expect(written.components.securitySchemes).toEqual({
      Own: { type: "http" },
      Tokens: {
        type: "oauth2",
        "x-amazon-apigateway-authorizer": {
          type: "jwt",
          jwtConfiguration: { issuer: "https://issuer.example", audience: ["shop"] },
          identitySource: "$request.header.Authorization",
        },
      },
      Guard: {
        type: "apiKey",
        name: "Unused",
        in: "header",
        "x-amazon-apigateway-authorizer": {
          type: "request",
          authorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${guardArn}/invocations`,
          identitySource: [],
          authorizerPayloadFormatVersion: "2.0",
        },
      },
    });
    const { parameters: _none, ...operations } = written.paths["/d"] ?? {};
    expect(Object.entries(operations).map(([method, { security }]) => [method, security])).toEqual([
      ["get", [{ Tokens: ["shop/read"] }]],
      ["post", [{ Own: [] }]],
      ["put", [{ Tokens: ["shop/read"] }]],
      ["delete", []],
      ["options", undefined],
      ["patch", undefined],
    ]);
    expect(written.paths["/a"]?.["get"]?.security).toEqual([{ Tokens: ["shop/read"] }]);
  });

  it.each([
    ["", "", "{}", undefined, "aws_proxy"],
    [", DefaultAuthorizer: Tokens", "{ Authorizer: NONE }", "{}", [], "aws_proxy"],
    ["", "{ Authorizer: Guard }", "{}", [{ Guard: [] }], "aws_proxy"],
    [", DefaultAuthorizer: Tokens", "{ AuthorizationScopes: [x] }", "{}", [{ Tokens: ["x"] }], "aws_proxy"],
    ["", "{ Authorizer: Guard }", `{ /a: { get: ${integrated()} } }`, [{ Guard: [] }], "http_proxy"],
    [
      ", DefaultAuthorizer: Tokens",
      "",
      `{ /a: { get: ${integrated(", security: [{ Own: [] }]")} } }`,
      [{ Own: [] }],
      "http_proxy",
    ],
  ])("an event's route, with %s and %s, in the paths %s", (more, eventAuth, paths, security, type) => {
    const text = template(`{ Authorizers: { ${tokens}, ${guard} }${more} }`, eventAuth, body(paths));
    const operation = documentOf(text).paths["/a"]?.["get"];
    expect(operation?.security).toEqual(security);
    expect(operation?.["x-amazon-apigateway-integration"]?.type).toBe(type);
  });

  it.each([
    [
      ", DefinitionUri: template.yaml",
      "Auth of Api works only with a document in DefinitionBody, as in SAM: it is not written into the file of DefinitionUri.",
      "Include the file in DefinitionBody with AWS::Include, or write into the file what it says.",
    ],
    [
      ", DefinitionBody: { info: { title: T } }",
      "Auth of Api cannot be written into its DefinitionBody, which is no OpenAPI document.",
      "Give the document openapi or swagger, and paths.",
    ],
  ])("refuses %s", (more, what, next) => {
    const error = loadError(
      `Resources:\n  ${template(`{ Authorizers: { ${tokens} } }`, "", more).replaceAll("\n", "\n  ")}`,
    );
    expect(error).toBe(`SIM_TEMPLATE_INVALID: ${what}\n  at template.yaml:10\n  ${next}`);
  });
});

describe("AWS::ApiGatewayV2::Authorizer", () => {
  it("is made with its API, and Ref is its id", () => {
    const text = `Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: shop, ProtocolType: HTTP } }
Tokens:
  Type: AWS::ApiGatewayV2::Authorizer
  Properties:
    ApiId: !Ref Api
    Name: tokens
    AuthorizerType: JWT
    IdentitySource: [$request.header.Authorization]
    JwtConfiguration: { Issuer: https://issuer.example, Audience: [shop] }
Gate:
  Type: AWS::ApiGatewayV2::Authorizer
  Properties:
    ApiId: !Ref Api
    Name: gate
    AuthorizerType: REQUEST
    AuthorizerUri: !Sub arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/${guardArn}/invocations
    AuthorizerCredentialsArn: arn:aws:iam::000000000000:role/r
    AuthorizerPayloadFormatVersion: "2.0"
    AuthorizerResultTtlInSeconds: 0
    EnableSimpleResponses: true
R:
  Type: AWS::ApiGatewayV2::Route
  Properties: { ApiId: !Ref Api, RouteKey: GET /a, AuthorizationType: JWT, AuthorizerId: !Ref Tokens, AuthorizationScopes: [shop/read] }`;
    const ApiId = apiId(text);
    const [jwt] = inputs(text, "CreateAuthorizer", "Tokens");
    expect(jwt).toEqual({
      ApiId,
      AuthorizerId: expect.stringMatching(/^[a-z0-9]+$/),
      Name: "tokens",
      AuthorizerType: "JWT",
      IdentitySource: ["$request.header.Authorization"],
      JwtConfiguration: { Issuer: "https://issuer.example", Audience: ["shop"] },
    });
    expect(inputs(text, "CreateAuthorizer", "Gate")).toEqual([
      {
        ApiId,
        AuthorizerId: expect.any(String),
        Name: "gate",
        AuthorizerType: "REQUEST",
        AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${guardArn}/invocations`,
        AuthorizerCredentialsArn: "arn:aws:iam::000000000000:role/r",
        AuthorizerPayloadFormatVersion: "2.0",
        AuthorizerResultTtlInSeconds: 0,
        EnableSimpleResponses: true,
      },
    ]);
    expect(inputs(text, "CreateRoute", "R")).toMatchObject([
      { AuthorizationType: "JWT", AuthorizerId: jwt?.["AuthorizerId"], AuthorizationScopes: ["shop/read"] },
    ]);
  });
});
