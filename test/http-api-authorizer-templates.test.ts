/** Authorizers of HTTP APIs of templates: SAM's `Auth`, and CloudFormation's own type. */
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTokenIssuer, type TokenIssuer } from "../packages/gateway/src/testing/create-token-issuer.ts";

const ref = (name: string): object => ({ Ref: name });
const arn = (name: string): object => ({ "Fn::GetAtt": [name, "Arn"] });
const lambda = (InlineCode: string, Events: object = {}): object => ({
  Type: "AWS::Serverless::Function",
  Properties: { Runtime: "nodejs20.x", Handler: "index.handler", InlineCode, Events },
});
const app = "exports.handler = async (event) => ({ authorizer: event.requestContext.authorizer ?? null });";
const guard =
  'exports.handler = async ({ identitySource: [word] }) => ({ isAuthorized: word === "please", context: { word } });';

const authorizers = (issuer: string): object => ({
  Tokens: {
    IdentitySource: "$request.header.Authorization",
    JwtConfiguration: { issuer, audience: ["shop"] },
    AuthorizationScopes: ["shop/read"],
  },
  Word: {
    FunctionArn: arn("Guard"),
    AuthorizerPayloadFormatVersion: "2.0",
    EnableSimpleResponses: true,
    EnableFunctionDefaultPermissions: true,
    Identity: { QueryStrings: ["word"] },
  },
});
const documented = {
  "x-amazon-apigateway-integration": {
    type: "aws_proxy",
    payloadFormatVersion: "2.0",
    uri: {
      "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${App.Arn}/invocations",
    },
  },
};

const resourcesOf = (issuer: string): Record<string, object> => ({
  // SAM: a default, a function that decides, and what is open.
  Sam: {
    Type: "AWS::Serverless::HttpApi",
    Properties: {
      Name: "sam",
      Auth: {
        DefaultAuthorizer: "Tokens",
        Authorizers: authorizers(issuer),
      },
    },
  },
  Guard: lambda(guard),
  App: lambda(
    app,
    Object.fromEntries([
      [
        "written",
        {
          Type: "HttpApi",
          Properties: { ApiId: ref("Written"), Path: "/word", Method: "get", Auth: { Authorizer: "Word" } },
        },
      ],
      ...Object.entries({
        token: undefined,
        write: { AuthorizationScopes: ["shop/write"] },
        word: { Authorizer: "Word" },
        open: { Authorizer: "NONE" },
      }).map(([name, Auth]) => [
        name,
        { Type: "HttpApi", Properties: { ApiId: ref("Sam"), Path: `/${name}`, Method: "get", ...(Auth && { Auth }) } },
      ]),
    ]),
  ),
  // SAM: a document of its own beside Auth and events.
  Written: {
    Type: "AWS::Serverless::HttpApi",
    Properties: {
      Name: "written",
      Auth: { DefaultAuthorizer: "Tokens", Authorizers: authorizers(issuer) },
      DefinitionBody: {
        openapi: "3.0.1",
        paths: {
          "/guarded": { get: documented },
          "/open": { get: { ...documented, security: [{ NONE: [] }] } },
        },
      },
    },
  },
  // CloudFormation: everything by hand.
  Shop: { Type: "AWS::ApiGatewayV2::Api", Properties: { Name: "shop", ProtocolType: "HTTP" } },
  AppPermission: {
    Type: "AWS::Lambda::Permission",
    Properties: { FunctionName: ref("App"), Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com" },
  },
  Back: {
    Type: "AWS::ApiGatewayV2::Integration",
    Properties: {
      ApiId: ref("Shop"),
      IntegrationType: "AWS_PROXY",
      IntegrationUri: arn("App"),
      PayloadFormatVersion: "2.0",
    },
  },
  Tokens: {
    Type: "AWS::ApiGatewayV2::Authorizer",
    Properties: {
      ApiId: ref("Shop"),
      Name: "tokens",
      AuthorizerType: "JWT",
      IdentitySource: ["$request.header.Authorization"],
      JwtConfiguration: { Issuer: issuer, Audience: ["shop"] },
    },
  },
  Route: {
    Type: "AWS::ApiGatewayV2::Route",
    Properties: {
      ApiId: ref("Shop"),
      RouteKey: "GET /token",
      Target: { "Fn::Sub": "integrations/${Back}" },
      AuthorizationType: "JWT",
      AuthorizerId: ref("Tokens"),
    },
  },
  Stage: {
    Type: "AWS::ApiGatewayV2::Stage",
    DependsOn: ["Route"],
    Properties: { ApiId: ref("Shop"), StageName: "$default", AutoDeploy: true },
  },
});

let issuer: TokenIssuer;
let simulator: Simulator;
beforeAll(async () => {
  issuer = await createTokenIssuer();
  simulator = await createSimulator({ resources: resourcesOf(issuer.url) });
});
afterAll(async () => {
  await simulator.stop();
  await issuer[Symbol.asyncDispose]();
});

const call = async (path: string, scope?: string): Promise<[number, unknown]> => {
  const exp = Math.floor(simulator.clock.now() / 1000) + 60;
  const headers: Record<string, string> =
    scope === undefined ? {} : { authorization: `Bearer ${issuer.sign({ iss: issuer.url, aud: "shop", exp, scope })}` };
  const response = await fetch(`${simulator.endpoint ?? ""}/_api/${path}`, { headers });
  return [response.status, await response.json()];
};
const unauthorized = [401, { message: "Unauthorized" }];
const forbidden = [403, { message: "Forbidden" }];

it("SAM's Auth: the default with its scopes, an event's own scopes, a function that decides, and NONE", async () => {
  expect(await call("sam/$default/token")).toEqual(unauthorized);
  expect(await call("sam/$default/token", "shop/write")).toEqual(forbidden);
  expect(await call("sam/$default/token", "shop/read")).toMatchObject([
    200,
    { authorizer: { jwt: { claims: { aud: "shop" }, scopes: ["shop/read"] } } },
  ]);
  expect(await call("sam/$default/write", "shop/read")).toEqual(forbidden);
  expect((await call("sam/$default/write", "shop/write"))[0]).toBe(200);
  expect(await call("sam/$default/word")).toEqual(unauthorized);
  expect(await call("sam/$default/word?word=now")).toEqual(forbidden);
  expect(await call("sam/$default/word?word=please")).toEqual([200, { authorizer: { lambda: { word: "please" } } }]);
  expect(await call("sam/$default/open")).toEqual([200, { authorizer: null }]);
});

it("SAM's Auth beside a document guards its routes that have no security, and those of events", async () => {
  expect(await call("written/$default/guarded")).toEqual(unauthorized);
  expect(await call("written/$default/guarded", "shop/write")).toEqual(forbidden);
  expect((await call("written/$default/guarded", "shop/read"))[0]).toBe(200);
  expect(await call("written/$default/open")).toEqual([200, { authorizer: null }]);
  expect(await call("written/$default/word")).toEqual(unauthorized);
  expect(await call("written/$default/word?word=please")).toEqual([
    200,
    { authorizer: { lambda: { word: "please" } } },
  ]);
});

it("AWS::ApiGatewayV2::Authorizer guards the routes that refer to it", async () => {
  expect(await call("shop/$default/token")).toEqual(unauthorized);
  expect(await call("shop/$default/token", "any")).toMatchObject([200, { authorizer: { jwt: { scopes: null } } }]);
});
