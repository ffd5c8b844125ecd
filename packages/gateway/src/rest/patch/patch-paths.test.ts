/** Every path that AWS documents for an Update operation, each with the operations that it takes. https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html */
import { expect, it } from "vitest";
import { createTestGateway, functionUri, type TestGateway } from "../../testing/create-test-gateway.ts";
import { deployOpenApi, mock } from "../../testing/deploy-open-api.ts";

const poolArn = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a";

interface Made {
  test: TestGateway;
  /** Input members that name each kind of resource. */
  names: Record<string, Record<string, string>>;
}

async function make(): Promise<Made> {
  const test = await createTestGateway(() => ({ value: {} }));
  const restApiId = await deployOpenApi(test, {
    operations: { "GET /pets": mock("{}"), "GET /{id}": mock("{}") },
    stage: { variables: { old: "1" } },
  });
  const call = (name: string, input: object) => test.call("apigateway", name, { restApiId, ...input });
  const { items } = (await call("GetResources", {})) as never as { items: { id: string; path: string }[] };
  const resourceId = items.find((one) => one.path === "/pets")?.id ?? "";
  const method = { restApiId, resourceId, httpMethod: "POST" };
  const authorizer = await call("CreateAuthorizer", {
    name: "guard",
    type: "REQUEST",
    authorizerUri: functionUri,
    identitySource: "method.request.header.a",
  });
  const pool = await call("CreateAuthorizer", {
    name: "pool",
    type: "COGNITO_USER_POOLS",
    providerARNs: [poolArn],
    identitySource: "method.request.header.Authorization",
  });
  const { id: requestValidatorId = "" } = await call("CreateRequestValidator", { name: "all" });
  for (const name of ["Empty", "Pet"])
    await call("CreateModel", { name, contentType: "application/json", schema: `{"type":"object"}` });
  const requestParameters = { "method.request.querystring.q": true, "method.request.querystring.r": false };
  await call("PutMethod", { ...method, authorizationType: "NONE", requestParameters });
  await call("PutMethodResponse", {
    ...method,
    statusCode: "200",
    responseModels: { "text/plain": "Empty" },
    responseParameters: { "method.response.header.x": false },
  });
  await call("PutIntegration", {
    ...method,
    type: "AWS",
    integrationHttpMethod: "POST",
    uri: functionUri,
    requestParameters: { "integration.request.header.x": "'a'" },
    requestTemplates: { "text/plain": "a" },
    cacheKeyParameters: ["method.request.querystring.q"],
  });
  await call("PutIntegrationResponse", {
    ...method,
    statusCode: "200",
    responseParameters: { "method.response.header.x": "'a'" },
    responseTemplates: { "text/plain": "a" },
  });
  await call("PutGatewayResponse", { responseType: "THROTTLED", responseTemplates: { "text/plain": "a" } });
  const plan = await call("CreateUsagePlan", { name: "basic", quota: { limit: 5, period: "DAY" } });
  const key = await call("CreateApiKey", { name: "k" });
  await call("CreateUsagePlanKey", { usagePlanId: plan["id"], keyId: key["id"], keyType: "API_KEY" });
  const canary = await call("CreateDeployment", {});
  test.clock.now();
  return {
    test,
    names: {
      Account: {},
      ApiKey: { apiKey: key["id"] ?? "" },
      Authorizer: { restApiId, authorizerId: authorizer["id"] ?? "" },
      Pool: { restApiId, authorizerId: pool["id"] ?? "" },
      Deployment: { restApiId, deploymentId: canary["id"] ?? "" },
      GatewayResponse: { restApiId, responseType: "THROTTLED" },
      Integration: method,
      IntegrationResponse: { ...method, statusCode: "200" },
      Method: method,
      MethodResponse: { ...method, statusCode: "200" },
      Model: { restApiId, modelName: "Pet" },
      RequestValidator: { restApiId, requestValidatorId },
      Resource: { restApiId, resourceId },
      RestApi: { restApiId },
      Stage: { restApiId, stageName: "dev" },
      Usage: { usagePlanId: plan["id"] ?? "", keyId: key["id"] ?? "" },
      UsagePlan: { usagePlanId: plan["id"] ?? "" },
      Ids: { restApiId, canary: canary["id"] ?? "", root: items.find((one) => one.path === "/")?.id ?? "" },
    },
  };
}

type Step = [op: string, path: string, value?: string];

/** `$api`, `$canary` and `$root` stand for ids. */
const steps: Record<string, { steps: Step[]; expected: object }> = {
  Account: {
    steps: [
      ["replace", "/cloudwatchRoleArn", "arn:aws:iam::1:role/logs"],
      ["add", "/features", "UsagePlans"],
    ],
    expected: { cloudwatchRoleArn: "arn:aws:iam::1:role/logs", features: ["UsagePlans"] },
  },
  ApiKey: {
    steps: [
      ["replace", "/customerId", "c"],
      ["replace", "/description", "d"],
      ["replace", "/enabled", "true"],
      ["replace", "/name", "n"],
      ["add", "/stages", "$api/dev"],
      ["remove", "/stages", "$api/dev"],
    ],
    expected: { customerId: "c", description: "d", enabled: true, name: "n", stageKeys: [] },
  },
  Authorizer: {
    steps: [
      ["replace", "/authorizerCredentials", "arn:aws:iam::1:role/r"],
      ["replace", "/authorizerResultTtlInSeconds", "5"],
      ["replace", "/authorizerUri", functionUri.replace("orders", "guards")],
      ["replace", "/authType", "own"],
      ["replace", "/identitySource", "method.request.header.b"],
      ["add", "/identitySource", "context.stage"],
      ["add", "/identitySource", "stageVariables.v"],
      ["remove", "/identitySource", "context.stage"],
      ["replace", "/identityValidationExpression", ".*"],
      ["replace", "/name", "guards"],
      ["replace", "/type", "REQUEST"],
    ],
    expected: {
      name: "guards",
      type: "REQUEST",
      authType: "own",
      authorizerCredentials: "arn:aws:iam::1:role/r",
      authorizerResultTtlInSeconds: 5,
      authorizerUri: functionUri.replace("orders", "guards"),
      identitySource: "method.request.header.b,stageVariables.v",
      identityValidationExpression: ".*",
    },
  },
  Pool: {
    steps: [
      ["add", "/providerARNs", poolArn.replace("_a", "_b")],
      ["remove", "/providerARNs", poolArn],
    ],
    expected: { providerARNs: [poolArn.replace("_a", "_b")] },
  },
  Deployment: { steps: [["replace", "/description", "d"]], expected: { description: "d" } },
  GatewayResponse: {
    steps: [
      ["replace", "/statusCode", "430"],
      ["add", "/responseParameters/gatewayresponse.header.x", "'a'"],
      ["replace", "/responseParameters/gatewayresponse.header.x", "'b'"],
      ["add", "/responseParameters/gatewayresponse.header.y", "'a'"],
      ["remove", "/responseParameters/gatewayresponse.header.y"],
      ["replace", "/responseTemplates/text~1plain", "b"],
      ["add", "/responseTemplates/text~1html", "c"],
      ["remove", "/responseTemplates/text~1html"],
    ],
    expected: {
      statusCode: "430",
      responseParameters: { "gatewayresponse.header.x": "'b'" },
      responseTemplates: { "text/plain": "b" },
    },
  },
  Integration: {
    steps: [
      ["replace", "/cacheKeyParameters/method.request.querystring.q", "method.request.querystring.r"],
      ["add", "/cacheKeyParameters/method.request.querystring.q"],
      ["remove", "/cacheKeyParameters/method.request.querystring.r"],
      ["replace", "/cacheNamespace", "ns"],
      ["replace", "/connectionType", "INTERNET"],
      ["replace", "/contentHandling", "CONVERT_TO_TEXT"],
      ["replace", "/httpMethod", "ANY"],
      ["replace", "/passthroughBehavior", "NEVER"],
      ["replace", "/requestParameters/integration.request.header.x", "'b'"],
      ["add", "/requestParameters/integration.request.header.y", "'c'"],
      ["remove", "/requestParameters/integration.request.header.x"],
      ["replace", "/requestTemplates/text~1plain", "b"],
      ["add", "/requestTemplates/application~1json", ""],
      ["remove", "/requestTemplates/text~1plain"],
      ["replace", "/responseTransferMode", "BUFFERED"],
      ["replace", "/timeoutInMillis", "100"],
      ["replace", "/tlsConfig/insecureSkipVerification", "true"],
      ["replace", "/uri", functionUri.replace("orders", "pets")],
    ],
    expected: {
      cacheKeyParameters: ["method.request.querystring.q"],
      cacheNamespace: "ns",
      contentHandling: "CONVERT_TO_TEXT",
      httpMethod: "ANY",
      passthroughBehavior: "NEVER",
      requestParameters: { "integration.request.header.y": "'c'" },
      requestTemplates: { "application/json": null },
      timeoutInMillis: 100,
      tlsConfig: { insecureSkipVerification: true },
      uri: functionUri.replace("orders", "pets"),
    },
  },
  IntegrationResponse: {
    steps: [
      ["replace", "/contentHandling", "CONVERT_TO_BINARY"],
      ["replace", "/responseParameters/method.response.header.x", "'b'"],
      ["remove", "/responseParameters/method.response.header.x"],
      ["add", "/responseParameters/method.response.header.x", "'c'"],
      ["replace", "/responseTemplates/text~1plain", "b"],
      ["add", "/responseTemplates/application~1json", "c"],
      ["remove", "/responseTemplates/text~1plain"],
      ["replace", "/selectionPattern", "5.."],
    ],
    expected: {
      contentHandling: "CONVERT_TO_BINARY",
      responseParameters: { "method.response.header.x": "'c'" },
      responseTemplates: { "application/json": "c" },
      selectionPattern: "5..",
    },
  },
  Method: {
    steps: [
      ["add", "/authorizationScopes", "a"],
      ["add", "/authorizationScopes", "b"],
      ["remove", "/authorizationScopes", "a"],
      ["replace", "/authorizationType", "NONE"],
      ["replace", "/authorizerId", "nope"],
      ["replace", "/apiKeyRequired", "true"],
      ["replace", "/operationName", "AddPet"],
      ["replace", "/requestParameters/method.request.querystring.q", "false"],
      ["add", "/requestParameters/method.request.header.h", "true"],
      ["remove", "/requestParameters/method.request.querystring.r"],
      ["add", "/requestModels/text~1plain", "Empty"],
      ["replace", "/requestModels/text~1plain", "Pet"],
      ["add", "/requestModels/application~1json", "Pet"],
      ["remove", "/requestModels/text~1plain"],
      ["replace", "/requestValidatorId", "$validator"],
    ],
    expected: {
      authorizationType: "NONE",
      authorizationScopes: ["b"],
      apiKeyRequired: true,
      operationName: "AddPet",
      requestParameters: { "method.request.querystring.q": false, "method.request.header.h": true },
      requestModels: { "application/json": "Pet" },
    },
  },
  MethodResponse: {
    steps: [
      ["replace", "/responseModels/text~1plain", "Pet"],
      ["add", "/responseModels/application~1json", "Empty"],
      ["remove", "/responseModels/text~1plain"],
      ["replace", "/responseParameters/method.response.header.x", "true"],
      ["add", "/responseParameters/method.response.header.y", "false"],
      ["remove", "/responseParameters/method.response.header.x"],
    ],
    expected: {
      responseModels: { "application/json": "Empty" },
      responseParameters: { "method.response.header.y": false },
    },
  },
  Model: {
    steps: [
      ["replace", "/description", "d"],
      ["replace", "/schema", '{"type":"array"}'],
    ],
    expected: { description: "d", schema: '{"type":"array"}' },
  },
  RequestValidator: {
    steps: [
      ["replace", "/name", "n"],
      ["replace", "/validateRequestBody", "true"],
      ["replace", "/validateRequestParameters", "true"],
    ],
    expected: { name: "n", validateRequestBody: true, validateRequestParameters: true },
  },
  Resource: {
    steps: [
      ["replace", "/pathPart", "animals"],
      ["replace", "/parentId", "$root"],
    ],
    expected: { path: "/animals" },
  },
  RestApi: {
    steps: [
      ["replace", "/apiKeySource", "AUTHORIZER"],
      ["add", "/binaryMediaTypes/image~1png"],
      ["add", "/binaryMediaTypes/a~1b"],
      ["replace", "/binaryMediaTypes/a~1b", "c/d"],
      ["remove", "/binaryMediaTypes/image~1png"],
      ["add", "/description", "a"],
      ["remove", "/description"],
      ["replace", "/description", "d"],
      ["replace", "/disableExecuteApiEndpoint", "true"],
      ["replace", "/endpointConfiguration/types/EDGE", "REGIONAL"],
      ["replace", "/endpointConfiguration/ipAddressType", "dualstack"],
      ["replace", "/minimumCompressionSize", "5"],
      ["replace", "/name", "n"],
      ["replace", "/policy", '{"Statement":[]}'],
    ],
    expected: {
      apiKeySource: "AUTHORIZER",
      binaryMediaTypes: ["c/d"],
      description: "d",
      disableExecuteApiEndpoint: true,
      endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "dualstack" },
      minimumCompressionSize: 5,
      name: "n",
      policy: String.raw`{\"Statement\":[]}`,
    },
  },
  Stage: {
    steps: [
      ["add", "/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:1:log-group:a"],
      ["add", "/accessLogSettings/format", "$context.requestId"],
      ["replace", "/cacheClusterEnabled", "true"],
      ["replace", "/cacheClusterSize", "0.5"],
      ["replace", "/canarySettings/deploymentId", "$canary"],
      ["replace", "/canarySettings/percentTraffic", "10"],
      ["replace", "/canarySettings/stageVariableOverrides", '{"a":"1","b":"2"}'],
      ["remove", "/canarySettings/stageVariableOverrides/a"],
      ["replace", "/canarySettings/useStageCache", "true"],
      ["replace", "/description", "d"],
      ["replace", "/variables", '{"c":"3"}'],
      ["remove", "/variables"],
      ["replace", "/variables/e", "4"],
      ["replace", "/tracingEnabled", "false"],
      ["replace", "/~1pets/GET/metrics/enabled", "false"],
      ["replace", "/~1pets/GET/logging/dataTrace", "true"],
      ["replace", "/~1pets/GET/logging/loglevel", "INFO"],
      ["replace", "/~1pets/GET/throttling/burstLimit", "6"],
      ["replace", "/~1pets/GET/throttling/rateLimit", "7"],
      ["replace", "/~1pets/GET/caching/enabled", "true"],
      ["replace", "/~1pets/GET/caching/dataEncrypted", "true"],
      ["replace", "/~1pets/GET/caching/ttlInSeconds", "8"],
      ["replace", "/~1pets/GET/caching/requireAuthorizationForCacheControl", "false"],
      ["replace", "/~1pets/GET/caching/unauthorizedCacheControlHeaderStrategy", "FAIL_WITH_403"],
    ],
    expected: {
      accessLogSettings: { destinationArn: "arn:aws:logs:us-east-1:1:log-group:a", format: "$context.requestId" },
      cacheClusterEnabled: true,
      cacheClusterSize: "0.5",
      canarySettings: { percentTraffic: 10, stageVariableOverrides: { b: "2" }, useStageCache: true },
      description: "d",
      variables: { e: "4" },
      methodSettings: {
        "~1pets/GET": {
          metricsEnabled: false,
          dataTraceEnabled: true,
          loggingLevel: "INFO",
          throttlingBurstLimit: 6,
          throttlingRateLimit: 7,
          cachingEnabled: true,
          cacheDataEncrypted: true,
          cacheTtlInSeconds: 8,
          requireAuthorizationForCacheControl: false,
          unauthorizedCacheControlHeaderStrategy: "FAIL_WITH_403",
        },
      },
    },
  },
  Usage: { steps: [["replace", "/remaining", "9"]], expected: {} },
  UsagePlan: {
    steps: [
      ["add", "/apiStages", "$api:dev"],
      ["replace", "/apiStages/$api:dev/throttle/~1pets/GET/rateLimit", "1"],
      ["add", "/apiStages/$api:dev/throttle/~1pets/GET/burstLimit", "2"],
      // As Terraform sends it.
      ["replace", "/apiStages/$api:dev/throttle//{id}/GET/rateLimit", "3"],
      ["replace", "/apiStages/$api:dev/throttle/~1/GET/rateLimit", "4"],
      ["remove", "/apiStages/$api:dev/throttle/~1pets/GET"],
      ["replace", "/description", "d"],
      ["replace", "/name", "n"],
      ["add", "/productCode", "p"],
      ["replace", "/quota/limit", "6"],
      ["replace", "/quota/offset", "0"],
      ["replace", "/quota/period", "WEEK"],
      ["add", "/throttle/burstLimit", "7"],
      ["add", "/throttle/rateLimit", "8"],
    ],
    expected: {
      apiStages: [
        { apiId: "$api", stage: "dev", throttle: { "/{id}/GET": { rateLimit: 3 }, "//GET": { rateLimit: 4 } } },
      ],
      description: "d",
      name: "n",
      productCode: "p",
      quota: { limit: 6, offset: 0, period: "WEEK" },
      throttle: { burstLimit: 7, rateLimit: 8 },
    },
  },
};

it.each(Object.entries(steps))("Update%s takes every documented path", async (noun, { steps: wanted, expected }) => {
  const { test, names } = await make();
  const { restApiId = "", canary = "", root = "" } = names["Ids"] ?? {};
  const { requestValidatorId = "" } = names["RequestValidator"] ?? {};
  const fill = (text: string): string =>
    text
      .replace("$api", restApiId)
      .replace("$canary", canary)
      .replace("$root", root)
      .replace("$validator", requestValidatorId);
  const operation = `Update${noun === "Pool" ? "Authorizer" : noun}`;
  const patchOperations = wanted.map(([op, path, value]) => ({
    op,
    path: fill(path),
    ...(value === undefined ? {} : { value: fill(value) }),
  }));
  const answer = await test.call("apigateway", operation, { ...names[noun], patchOperations });
  expect(answer).toMatchObject(JSON.parse(fill(JSON.stringify(expected))) as object);
});

it("a usage plan's method throttles are set whole, taken away, and refused where they are none", async () => {
  const { test, names } = await make();
  const { restApiId = "" } = names["Ids"] ?? {};
  const plan = { ...names["UsagePlan"] };
  const path = `/apiStages/${restApiId}:dev/throttle`;
  const update = (...patchOperations: object[]): Promise<{ apiStages?: unknown }> =>
    test.call("apigateway", "UpdateUsagePlan", { ...plan, patchOperations });
  await update({ op: "add", path: "/apiStages", value: `${restApiId}:dev` });
  const stage = { apiId: restApiId, stage: "dev" };
  expect((await update({ op: "replace", path, value: '{"/pets/GET":{"rateLimit":5}}' })).apiStages).toEqual([
    { ...stage, throttle: { "/pets/GET": { rateLimit: 5 } } },
  ]);
  expect((await update({ op: "remove", path })).apiStages).toEqual([stage]);
  for (const value of ["x", "[]", '{"/pets/GET":{"rate":5}}', '{"/pets/GET":{"rateLimit":"5"}}'])
    expect(
      await test.errorOf("apigateway", "UpdateUsagePlan", { ...plan, patchOperations: [{ op: "add", path, value }] }),
    ).toBe("BadRequestException 400: Invalid method throttle settings specified");
  const limit = [{ op: "replace", path: "/throttle/rateLimit", value: "many" }];
  expect(await test.errorOf("apigateway", "UpdateUsagePlan", { ...plan, patchOperations: limit })).toBe(
    "BadRequestException 400: Usage Plan throttle limits cannot be negative",
  );
});

it.each([
  ["Account", "remove", "/features", "BadRequestException 400: The UsagePlans feature cannot be removed"],
  ["ApiKey", "add", "/labels", "NotImplemented 501: Tripline does not simulate labels of API keys: use tags."],
  [
    "Integration",
    "replace",
    "/integrationTarget",
    "NotImplemented 501: Tripline does not simulate private integrations (VPC_LINK).",
  ],
  ["Integration", "replace", "/type", "BadRequestException 400: Invalid patch path /type"],
  [
    "RestApi",
    "replace",
    "/securityPolicy",
    "NotImplemented 501: Tripline does not simulate /securityPolicy: APIs are reached without TLS, and without a VPC.",
  ],
  ["Stage", "replace", "/variables", "BadRequestException 400: Invalid variables specified: a map as JSON is"],
])("Update%s refuses %s of %s by name", async (noun, op, path, error) => {
  const { test, names } = await make();
  const patchOperations = [{ op, path, value: "UsagePlans" }];
  expect(await test.errorOf("apigateway", `Update${noun}`, { ...names[noun], patchOperations })).toBe(error);
});
