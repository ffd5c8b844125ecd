/** Authorizers of HTTP APIs through the AWS SDK: tokens of an issuer on loopback, functions that decide, and what integrations get to know. */
import { get } from "node:http";
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  DeleteAuthorizerCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  GetRouteCommand,
  ResetAuthorizersCacheCommand,
  UpdateAuthorizerCommand,
  UpdateRouteCommand,
} from "@aws-sdk/client-apigatewayv2";
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTokenIssuer, type TokenIssuer } from "../packages/gateway/src/testing/create-token-issuer.ts";
import { toZip } from "./support/zip.ts";

let simulator: Simulator;
let issuer: TokenIssuer;
let api: ApiGatewayV2Client;
let lambda: LambdaClient;
let endpoint: string;
let ApiId: string;
let Target: string;

/** Answers with what the authorizer found out. */
const app = "exports.handler = async (event) => ({ authorizer: event.requestContext.authorizer });";
/** Lets in who says the magic word, and counts how often it was asked. */
const guard = `let count = 0;
exports.handler = async ({ type, identitySource: [word] }) => ({ isAuthorized: word === "please", context: { type, count: ++count } });`;

beforeAll(async () => {
  [simulator, issuer] = await Promise.all([createSimulator({}), createTokenIssuer()]);
  endpoint = simulator.endpoint ?? "";
  const options = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  api = new ApiGatewayV2Client(options);
  lambda = new LambdaClient(options);
  const IntegrationUri = await createFunction("app", app);
  ({ ApiId = "" } = await api.send(new CreateApiCommand({ Name: "guarded", ProtocolType: "HTTP" })));
  await allow("app");
  const { IntegrationId = "" } = await api.send(
    new CreateIntegrationCommand({ ApiId, IntegrationType: "AWS_PROXY", IntegrationUri, PayloadFormatVersion: "2.0" }),
  );
  Target = `integrations/${IntegrationId}`;
  await api.send(new CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true }));
});
afterAll(async () => {
  await simulator.stop();
  await issuer[Symbol.asyncDispose]();
});

async function createFunction(FunctionName: string, code: string): Promise<string> {
  const { FunctionArn = "" } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/any",
      Code: { ZipFile: await toZip({ "index.js": code }) },
    }),
  );
  return FunctionArn;
}

async function allow(FunctionName: string, SourceArn?: string): Promise<void> {
  const permission = { FunctionName, StatementId: "api", Action: "lambda:InvokeFunction" };
  await lambda.send(
    new AddPermissionCommand({
      ...permission,
      Principal: "apigateway.amazonaws.com",
      ...(SourceArn === undefined ? {} : { SourceArn }),
    }),
  );
}

interface Seen {
  status: number | undefined;
  challenge: string | undefined;
  body: unknown;
}

const send = (path: string, headers: Record<string, string> = {}): Promise<Seen> =>
  new Promise((resolve, reject) => {
    const host = `${ApiId}.execute-api.us-east-1.amazonaws.com`;
    get(new URL(path, endpoint), { headers: { host, ...headers } }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("end", () => {
        const challenge = response.headers["www-authenticate"];
        resolve({ status: response.statusCode, challenge, body: JSON.parse(body) as unknown });
      });
    }).on("error", reject);
  });

const nowSeconds = (): number => Math.floor(simulator.clock.now() / 1000);

it("a JWT authorizer: its issuer is discovered, scopes are the route's, a rotated key is trusted, and what it lets in is known", async () => {
  const { AuthorizerId = "" } = await api.send(
    new CreateAuthorizerCommand({
      ApiId,
      Name: "tokens",
      AuthorizerType: "JWT",
      IdentitySource: ["$request.header.Authorization"],
      JwtConfiguration: { Issuer: issuer.url, Audience: ["shop"] },
    }),
  );
  const { RouteId = "" } = await api.send(
    new CreateRouteCommand({
      ApiId,
      RouteKey: "GET /token",
      Target,
      AuthorizationType: "JWT",
      AuthorizerId,
      AuthorizationScopes: ["shop/read"],
    }),
  );
  expect(await api.send(new GetRouteCommand({ ApiId, RouteId }))).toMatchObject({
    AuthorizationType: "JWT",
    AuthorizerId,
    AuthorizationScopes: ["shop/read"],
  });
  const claims = { iss: issuer.url, aud: "shop", exp: nowSeconds() + 60, scope: "shop/read other" };
  const withToken = (more: object = {}): Promise<Seen> =>
    send("/token", { authorization: `Bearer ${issuer.sign({ ...claims, ...more })}` });
  const letIn = {
    status: 200,
    challenge: undefined,
    body: {
      authorizer: {
        jwt: {
          claims: { iss: issuer.url, aud: "shop", exp: String(claims.exp), scope: "shop/read other" },
          scopes: ["shop/read"],
        },
      },
    },
  };
  expect(await withToken()).toEqual(letIn);
  issuer.rotate();
  expect(await withToken()).toEqual(letIn);
  expect(issuer.requests).toEqual([
    "/.well-known/openid-configuration",
    "/keys",
    "/.well-known/openid-configuration",
    "/keys",
  ]);
  const unauthorized = { status: 401, body: { message: "Unauthorized" } };
  expect(await send("/token")).toEqual({ ...unauthorized, challenge: "Bearer" });
  expect(await withToken({ exp: nowSeconds() - 1 })).toEqual({
    ...unauthorized,
    challenge: 'Bearer scope="shop/read" error="invalid_token" error_description="the token has expired"',
  });
  expect(await withToken({ scope: "other" })).toEqual({
    status: 403,
    challenge:
      'Bearer scope="shop/read" error="insufficient_scope" error_description="the token does not have a valid scope"',
    body: { message: "Forbidden" },
  });

  await expect(api.send(new DeleteAuthorizerCommand({ ApiId, AuthorizerId }))).rejects.toMatchObject({
    name: "ConflictException",
    message: "Cannot delete authorizer 'tokens', is referenced in route: GET /token",
  });
  await api.send(
    new UpdateAuthorizerCommand({ ApiId, AuthorizerId, JwtConfiguration: { Audience: ["web"], Issuer: issuer.url } }),
  );
  expect(await withToken()).toMatchObject({
    status: 401,
    challenge:
      'Bearer scope="shop/read" error="invalid_token" error_description="the token does not have a valid audience"',
  });
  await api.send(new UpdateRouteCommand({ ApiId, RouteId, AuthorizationType: "NONE" }));
  expect(await send("/token")).toEqual({ status: 200, challenge: undefined, body: {} });
  await api.send(new DeleteAuthorizerCommand({ ApiId, AuthorizerId }));
  await expect(api.send(new GetAuthorizerCommand({ ApiId, AuthorizerId }))).rejects.toMatchObject({
    name: "NotFoundException",
  });
});

it("a Lambda authorizer: the function's policy must let it be asked, answers are kept until they are forgotten", async () => {
  const functionArn = await createFunction("guard", guard);
  const settings = {
    ApiId,
    Name: "guard",
    AuthorizerType: "REQUEST",
    AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
    AuthorizerPayloadFormatVersion: "2.0",
    EnableSimpleResponses: true,
    IdentitySource: ["$request.querystring.word"],
  } as const;
  const { AuthorizerId = "" } = await api.send(
    new CreateAuthorizerCommand({ ...settings, IdentitySource: [...settings.IdentitySource] }),
  );
  expect((await api.send(new GetAuthorizersCommand({ ApiId }))).Items).toEqual([
    expect.objectContaining({ AuthorizerId, Name: "guard", AuthorizerResultTtlInSeconds: 300 }),
  ]);
  await api.send(
    new CreateRouteCommand({ ApiId, RouteKey: "GET /word", Target, AuthorizationType: "CUSTOM", AuthorizerId }),
  );
  expect(await send("/word?word=please")).toMatchObject({ status: 500, body: { message: "Internal Server Error" } });
  await allow("guard", `arn:aws:execute-api:us-east-1:000000000000:${ApiId}/authorizers/${AuthorizerId}`);

  const asked = (count: number): object => ({
    status: 200,
    body: { authorizer: { lambda: { type: "REQUEST", count } } },
  });
  expect(await send("/word")).toEqual({ status: 401, challenge: undefined, body: { message: "Unauthorized" } });
  expect(await send("/word?word=please")).toMatchObject(asked(1));
  expect(await send("/word?word=please")).toMatchObject(asked(1));
  expect(await send("/word?word=now")).toMatchObject({ status: 403, body: { message: "Forbidden" } });
  await api.send(new ResetAuthorizersCacheCommand({ ApiId, StageName: "$default" }));
  expect(await send("/word?word=please")).toMatchObject(asked(3));
});
