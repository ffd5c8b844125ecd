/** DefinitionBody by AWS::Include, in the way of SAM applications: a file beside the template, with functions of the template in it. */
import { APIGatewayClient, GetRestApisCommand } from "@aws-sdk/client-api-gateway";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "./support/tripline-process.ts";

const template = `Transform: AWS::Serverless-2016-10-31
Resources:
  Rest:
    Type: AWS::Serverless::Api
    Properties: { StageName: v1, Name: rest, DefinitionBody: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: ./openapi.yaml } } } }
  Http:
    Type: AWS::Serverless::HttpApi
    Properties:
      Name: http
      Auth:
        DefaultAuthorizer: Word
        Authorizers:
          Word:
            FunctionArn: !GetAtt Guard.Arn
            AuthorizerPayloadFormatVersion: "2.0"
            EnableSimpleResponses: true
            EnableFunctionDefaultPermissions: true
            Identity: { QueryStrings: [word] }
      DefinitionBody: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: ./openapi.yaml } } }
  Guard:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs20.x
      Handler: index.handler
      InlineCode: "exports.handler = async ({ identitySource: [word] }) => ({ isAuthorized: word === 'please' });"
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs20.x
      Handler: index.handler
      InlineCode: "exports.handler = async () => ({ statusCode: 200, body: 'hello' });"
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !Ref Hello, Action: "lambda:InvokeFunction", Principal: apigateway.amazonaws.com }
`;
const document = `openapi: 3.0.1
info: { title: included, version: "1" }
paths:
  /hello:
    get:
      responses: {}
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        payloadFormatVersion: "2.0"
        uri: { Fn::Sub: "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Hello.Arn}/invocations" }
`;

const { folder, remove } = temporaryFolder();
let simulator: Simulator;
beforeAll(async () => {
  writeFileSync(join(folder, "template.yaml"), template);
  writeFileSync(join(folder, "openapi.yaml"), document);
  simulator = await createSimulator({ template: folder });
});
afterAll(async () => {
  await simulator.stop();
  remove();
});
const get = async (path: string): Promise<[number, string]> => {
  const response = await fetch(`${simulator.endpoint ?? ""}/_api/${path}`);
  return [response.status, await response.text()];
};

it("a REST API and an HTTP API are what the file says, and Auth guards what it included", async () => {
  expect(await get("rest/v1/hello")).toEqual([200, "hello"]);
  expect(await get("http/$default/hello")).toEqual([401, '{"message":"Unauthorized"}']);
  expect(await get("http/$default/hello?word=please")).toEqual([200, "hello"]);
  const client = new APIGatewayClient({
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  });
  expect((await client.send(new GetRestApisCommand({}))).items).toMatchObject([{ name: "rest", version: "1" }]);
});
