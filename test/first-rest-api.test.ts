/** AWS's getting-started exercise for REST APIs, step by step through the SDK: docs/guides/first-rest-api.md. */
import { get } from "node:http";
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetAccountCommand,
  GetResourcesCommand,
  GetStageCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  TestInvokeMethodCommand,
} from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { createSimulator, type Simulator } from "tripline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { toZip } from "./support/zip.ts";

let simulator: Simulator;
let options: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

beforeAll(async () => {
  simulator = await createSimulator({});
  options = {
    endpoint: simulator.endpoint ?? "",
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "thing" },
  };
});
afterAll(async () => {
  await simulator.stop();
});

/** Any name leads here, whatever this machine's resolver says of it. */
function getByHost(host: string, path: string): Promise<[number | undefined, string]> {
  return new Promise((resolve, reject) => {
    get(new URL(path, options.endpoint), { headers: { host } }, (response) => {
      response.setEncoding("utf8");
      let body = "";
      response.on("data", (piece: string) => (body += piece));
      response.on("end", () => {
        resolve([response.statusCode, body]);
      });
    }).on("error", reject);
  });
}

const sentence = "The API Gateway REST API console is great!";

it("a function behind ANY / is tested, deployed to Prod, and answers at the invoke URL", async () => {
  const lambda = new LambdaClient(options);
  const gateway = new APIGatewayClient(options);

  // 1. A function.
  const code = `exports.handler = async () => ({ statusCode: 200, body: JSON.stringify(${JSON.stringify(sentence)}) });`;
  const { FunctionArn = "" } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "my-function",
      Runtime: "nodejs22.x",
      Role: "arn:aws:iam::000000000000:role/any",
      Handler: "index.handler",
      Code: { ZipFile: await toZip({ "index.js": code }) },
    }),
  );

  // 2. A REST API, regional.
  const { id: restApiId = "", rootResourceId: resourceId = "" } = await gateway.send(
    new CreateRestApiCommand({ name: "my-rest-api", endpointConfiguration: { types: ["REGIONAL"] } }),
  );
  const { items } = await gateway.send(new GetResourcesCommand({ restApiId }));
  expect(items).toEqual([{ id: resourceId, path: "/" }]);

  // 3. ANY on /, with Lambda proxy integration, and the permission for it.
  const method = { restApiId, resourceId, httpMethod: "ANY" };
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  await gateway.send(
    new PutIntegrationCommand({
      ...method,
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FunctionArn}/invocations`,
    }),
  );
  await expect(gateway.send(new TestInvokeMethodCommand(method))).resolves.toMatchObject({ status: 500 });
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: "my-function",
      StatementId: "api",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: `arn:aws:execute-api:us-east-1:000000000000:${restApiId}/*/*/`,
    }),
  );

  // 4. Tested before it is deployed.
  const tested = await gateway.send(new TestInvokeMethodCommand(method));
  expect([tested.status, tested.body]).toEqual([200, JSON.stringify(sentence)]);
  expect(tested.log).toContain("Method completed with status: 200");

  // 5. Deployed to the new stage Prod.
  const { id: deploymentId } = await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: "Prod" }));

  // 6. The invoke URL: by path, which a browser can open, and by host, as on AWS.
  const byPath = await fetch(`${options.endpoint}/_api/${restApiId}/Prod/`);
  expect([byPath.status, await byPath.text()]).toEqual([200, JSON.stringify(sentence)]);
  for (const host of ["localhost", "us-east-1.amazonaws.com"])
    expect(await getByHost(`${restApiId}.execute-api.${host}`, "/Prod")).toEqual([200, JSON.stringify(sentence)]);

  // 7. The stage's defaults: no setting of its own, the account's throttle.
  const stage = await gateway.send(new GetStageCommand({ restApiId, stageName: "Prod" }));
  expect([stage.deploymentId, stage.methodSettings, stage.cacheClusterEnabled]).toEqual([deploymentId, {}, false]);
  const account = await gateway.send(new GetAccountCommand({}));
  expect(account.throttleSettings).toEqual({ rateLimit: 10_000, burstLimit: 5000 });
});
