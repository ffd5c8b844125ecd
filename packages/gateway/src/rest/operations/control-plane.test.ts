/** What AWS answers to the operations of REST APIs, case by case. */
import { describe, expect, it } from "vitest";
import { createTestGateway, functionUri, type TestGateway } from "../../testing/create-test-gateway.ts";

interface NewApi {
  test: TestGateway;
  ids: Record<string, string>;
  call(operation: string, input: object): Promise<Record<string, unknown>>;
  fails(operation: string, input: object): Promise<string>;
}

async function newApi(more: object = {}): Promise<NewApi> {
  const test = await createTestGateway(() => ({ value: {} }));
  const made = await test.call("apigateway", "CreateRestApi", { name: "shop", ...more });
  const ids: NewApi["ids"] = { restApiId: made["id"] ?? "", root: made["rootResourceId"] ?? "" };
  const call = (operation: string, input: object): Promise<Record<string, unknown>> =>
    test.call("apigateway", operation, { restApiId: ids["restApiId"], ...input });
  const fails = (operation: string, input: object): Promise<string> =>
    test.errorOf("apigateway", operation, { restApiId: ids["restApiId"], ...input });
  return { test, ids, call, fails };
}

const replace = (path: string, value?: string): object => ({
  op: "replace",
  path,
  ...(value === undefined ? {} : { value }),
});
const add = (path: string, value?: string): object => ({ ...replace(path, value), op: "add" });
const remove = (path: string): object => ({ op: "remove", path });

describe("REST APIs", () => {
  it("CreateRestApi has AWS's defaults; GetRestApi shows tags even where there are none", async () => {
    const { ids, call, test } = await newApi();
    const api = {
      id: ids["restApiId"],
      name: "shop",
      createdDate: new Date(test.clock.now()),
      apiKeySource: "HEADER",
      endpointConfiguration: { types: ["EDGE"], ipAddressType: "ipv4" },
      disableExecuteApiEndpoint: false,
      rootResourceId: ids["root"],
    };
    expect(await call("GetRestApi", {})).toEqual({ ...api, tags: {} });
    expect(await call("GetRestApis", {})).toEqual({ items: [api] });
    expect(await call("DeleteRestApi", {})).toEqual({});
    expect(await call("GetRestApis", {})).toEqual({ items: [] });
  });

  it.each([
    [{ description: "" }, "BadRequestException 400: Description cannot be an empty string"],
    [
      { minimumCompressionSize: -1 },
      "BadRequestException 400: Invalid minimum compression size, must be between 0 and 10485760",
    ],
    [
      { endpointConfiguration: { types: [] } },
      "BadRequestException 400: REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.",
    ],
    [
      { endpointConfiguration: { types: ["EDGE", "REGIONAL"] } },
      "BadRequestException 400: Cannot create an api with multiple Endpoint Types.",
    ],
    [
      { endpointConfiguration: { types: ["PRIVATE"], ipAddressType: "ipv4" } },
      "BadRequestException 400: Only dualstack ipAddressType is supported for Private APIs.",
    ],
    [
      { endpointConfiguration: { types: ["wrong"], ipAddressType: "wrong" } },
      "ValidationException 400: 2 validation errors detected: Value '[wrong]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]; Value 'wrong' at 'createRestApiInput.endpointConfiguration.ipAddressType' failed to satisfy constraint: Member must satisfy enum value set: [ipv4, dualstack]",
    ],
  ])("CreateRestApi refuses %j", async (input, text) => {
    const { fails } = await newApi();
    expect(await fails("CreateRestApi", { name: "x", ...input })).toBe(text);
  });

  it("UpdateRestApi edits media types one by one, and nothing where one operation is wrong", async () => {
    const { call, fails } = await newApi({ description: "d" });
    const update = (...patchOperations: object[]) => call("UpdateRestApi", { patchOperations });
    expect(await update(add("/binaryMediaTypes/image~1png"), add("/binaryMediaTypes/image~1jpeg"))).toMatchObject({
      binaryMediaTypes: ["image/png", "image/jpeg"],
    });
    expect(await update(replace("/binaryMediaTypes/image~1png", "image/gif"))).toMatchObject({
      binaryMediaTypes: ["image/jpeg", "image/gif"],
    });
    expect(await update(remove("/binaryMediaTypes/image~1gif"), remove("/description"))).not.toHaveProperty(
      "description",
    );
    expect(await update(replace("/minimumCompressionSize", "10"))).toMatchObject({ minimumCompressionSize: 10 });
    const refused = (...patchOperations: object[]) => fails("UpdateRestApi", { patchOperations });
    expect(await refused(replace("/name", "other"), add("/minimumCompressionSize", "1"))).toBe(
      "BadRequestException 400: Invalid patch operation specified. Must be one of: [replace]",
    );
    expect(await call("GetRestApi", {})).toMatchObject({ name: "shop", binaryMediaTypes: ["image/jpeg"] });
    expect(await refused(add("/binaryMediaTypes", "x"))).toBe(
      "BadRequestException 400: Invalid patch path /binaryMediaTypes",
    );
    expect(await refused({ op: "wrong", path: "/x" })).toBe(
      "ValidationException 400: 1 validation error detected: Value 'wrong' at 'updateRestApiInput.patchOperations.1.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]",
    );
    expect(await refused(replace("/endpointConfiguration/ipAddressType", "x"))).toBe(
      "BadRequestException 400: ipAddressType must be either ipv4 or dualstack.",
    );
    expect(await refused(remove("/endpointConfiguration/types/EDGE"))).toBe(
      "BadRequestException 400: Invalid patch operation specified. Must be 'add'|'remove'|'replace'",
    );
    expect(await refused(remove("/endpointConfiguration/ipAddressType"))).toBe(
      "BadRequestException 400: Invalid patch operation specified. Must be one of: [replace]",
    );
  });

  it("CreateRestApi clones resources, models and the rest of another API", async () => {
    const { ids, call, test } = await newApi();
    await call("CreateResource", { parentId: ids["root"], pathPart: "pets" });
    await call("PutMethod", { resourceId: ids["root"], httpMethod: "GET", authorizationType: "NONE" });
    const { id } = await test.call("apigateway", "CreateRestApi", { name: "copy", cloneFrom: ids["restApiId"] });
    const { items } = (await call("GetResources", { restApiId: id })) as { items: object[] };
    expect(items).toEqual([
      { id: expect.any(String) as string, path: "/", resourceMethods: { GET: {} } },
      { id: expect.any(String) as string, parentId: expect.any(String) as string, path: "/pets", pathPart: "pets" },
    ]);
  });
});

describe("resources", () => {
  it("are made, listed by path, moved, renamed and deleted with what is below them", async () => {
    const { ids, call, fails } = await newApi();
    const root = ids["root"] ?? "";
    const pets = await call("CreateResource", { parentId: root, pathPart: "pets" });
    expect(pets).toEqual({ id: pets["id"], parentId: root, pathPart: "pets", path: "/pets" });
    const sub = await call("CreateResource", { parentId: pets["id"], pathPart: "subpets" });
    const below = await call("CreateResource", { parentId: sub["id"], pathPart: "pets" });
    const update = (resourceId: unknown, ...patchOperations: object[]) =>
      call("UpdateResource", { resourceId, patchOperations });
    const refused = (resourceId: unknown, ...patchOperations: object[]) =>
      fails("UpdateResource", { resourceId, patchOperations });
    expect(await refused(pets["id"], replace("/invalid", "x"))).toBe(
      "BadRequestException 400: Invalid patch path  '/invalid' specified for op 'replace'. Must be one of: [/parentId, /pathPart]",
    );
    expect(await refused(pets["id"], remove("/pathPart"))).toBe(
      "BadRequestException 400: Invalid patch path  '/pathPart' specified for op 'remove'. Please choose supported operations",
    );
    expect(await refused(pets["id"], replace("/parentId", "nope"))).toBe(
      "NotFoundException 404: Invalid Resource identifier specified",
    );
    expect(await refused(pets["id"], replace("/parentId", String(sub["id"])))).toBe(
      "BadRequestException 400: Resources cannot be cyclical.",
    );
    expect(await refused(below["id"], replace("/parentId", root))).toBe(
      "ConflictException 409: Another resource with the same parent already has this name: pets",
    );
    expect(await refused(root, replace("/pathPart", "x"))).toBe(
      "BadRequestException 400: Root resource cannot update its pathPart.",
    );
    expect(await refused(root, replace("/parentId", "x"))).toBe(
      "BadRequestException 400: Root resource cannot update its parentId.",
    );
    expect(await update(sub["id"], replace("/parentId", root))).toMatchObject({ path: "/subpets" });
    expect(await update(pets["id"], replace("/pathPart", "dogs"))).toMatchObject({ path: "/dogs" });
    await call("DeleteResource", { resourceId: sub["id"] });
    const { items } = (await call("GetResources", {})) as { items: { path: string }[] };
    expect(items.map((one) => one.path)).toEqual(["/", "/dogs"]);
    expect(await fails("GetResource", { resourceId: below["id"] })).toBe(
      "NotFoundException 404: Invalid Resource identifier specified",
    );
  });

  it("one variable part a parent, and nothing below a greedy one", async () => {
    const { ids, call, fails } = await newApi();
    const proxy = await call("CreateResource", { parentId: ids["root"], pathPart: "{proxy+}" });
    expect(await fails("CreateResource", { parentId: ids["root"], pathPart: "{id}" })).toBe(
      "BadRequestException 400: A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed",
    );
    expect(await fails("CreateResource", { parentId: proxy["id"], pathPart: "x" })).toBe(
      "BadRequestException 400: Cannot create a child of a resource with a greedy path variable: {proxy+}",
    );
  });

  it("lists go on by position", async () => {
    const { ids, call } = await newApi();
    for (const pathPart of ["a", "b", "c"]) await call("CreateResource", { parentId: ids["root"], pathPart });
    const first = (await call("GetResources", { limit: 3 })) as { items: { path: string }[]; position: string };
    const second = (await call("GetResources", { limit: 3, position: first.position })) as {
      items: { path: string }[];
    };
    expect([first.items.map((one) => one.path), second.items.map((one) => one.path)]).toEqual([
      ["/", "/a", "/b"],
      ["/c"],
    ]);
    expect(second).not.toHaveProperty("position");
  });
});

describe("methods", () => {
  const any = { httpMethod: "ANY" };
  const none = { ...any, authorizationType: "NONE" };
  const noAuthorizer =
    "BadRequestException 400: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.";

  it("PutMethod refuses what cannot be", async () => {
    const { ids, fails } = await newApi();
    const put = (input: object) => fails("PutMethod", { resourceId: ids["root"], ...none, ...input });
    expect(await put({ restApiId: "nope" })).toBe("NotFoundException 404: Invalid Resource identifier specified");
    expect(await put({ httpMethod: "FETCH" })).toBe(
      "BadRequestException 400: Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY",
    );
    expect(await put({ authorizationType: "CUSTOM" })).toBe(noAuthorizer);
    expect(await put({ requestValidatorId: "nope" })).toBe(
      "BadRequestException 400: Invalid Request Validator identifier specified",
    );
    expect(await put({ requestModels: { "application/json": "petModel" } })).toBe(
      "BadRequestException 400: Invalid model identifier specified: petModel",
    );
    expect(
      await put({ requestParameters: { "method.request.header.q": true, "method.request.querystring.q": false } }),
    ).toBe("BadRequestException 400: Parameter names must be unique across querystring, header and path");
  });

  it("UpdateMethod edits members, and drops an authorizer that its type does not take", async () => {
    const { ids, call, fails } = await newApi();
    const at = { resourceId: ids["root"], ...any };
    expect(await call("PutMethod", { ...at, authorizationType: "NONE" })).toEqual({ ...none, apiKeyRequired: false });
    const update = (...patchOperations: object[]) => call("UpdateMethod", { ...at, patchOperations });
    const refused = (...patchOperations: object[]) => fails("UpdateMethod", { ...at, patchOperations });
    expect(
      await update(
        add("/requestParameters/method.request.querystring.optional", "true"),
        add("/requestModels/application~1json", "Empty"),
      ),
    ).toEqual({
      ...none,
      apiKeyRequired: false,
      requestParameters: { "method.request.querystring.optional": true },
      requestModels: { "application/json": "Empty" },
    });
    expect(
      await update(
        remove("/requestParameters/method.request.querystring.optional"),
        remove("/requestModels/application~1json"),
        replace("/apiKeyRequired", "True"),
        replace("/operationName", "Op"),
      ),
    ).toEqual({
      ...none,
      apiKeyRequired: true,
      operationName: "Op",
    });
    expect(await update(replace("/authorizerId", "abc"), replace("/apiKeyRequired", "whatever"))).toEqual({
      ...none,
      apiKeyRequired: false,
      operationName: "Op",
    });
    expect(await refused(replace("/authorizationType", "CUSTOM"))).toBe(noAuthorizer);
    expect(await refused(add("/authorizationType", "NONE"))).toBe(
      "BadRequestException 400: Invalid patch operation specified. Must be one of: [replace]",
    );
    expect(await refused(replace("/httpMethod", "GET"))).toBe(
      "BadRequestException 400: Invalid patch path /httpMethod",
    );
    expect(await refused(add("/requestModels/application/json", "Empty"))).toBe(
      "BadRequestException 400: Invalid patch path /requestModels/application/json",
    );
    await call("DeleteMethod", at);
    expect(await fails("GetMethod", at)).toBe("NotFoundException 404: Invalid Method identifier specified");
  });

  it("a model that a method names is not deleted", async () => {
    const { ids, call, fails } = await newApi();
    await call("CreateModel", {
      name: "Pet",
      contentType: "application/json",
      schema: '{"title":"Pet","type":"object"}',
    });
    await call("PutMethod", { resourceId: ids["root"], ...none, requestModels: { "application/json": "Pet" } });
    expect(await fails("DeleteModel", { modelName: "Pet" })).toBe(
      "ConflictException 409: Cannot delete model 'Pet', is referenced in method request: //ANY",
    );
    const nested = await call("CreateResource", { parentId: ids["root"], pathPart: "test" });
    await call("PutMethod", { resourceId: nested["id"], ...none, requestModels: { "application/json": "Pet" } });
    expect(await fails("DeleteModel", { modelName: "Pet" })).toContain("method request: /test/ANY");
    await call("DeleteMethod", { resourceId: nested["id"], ...any });
    await call("DeleteMethod", { resourceId: ids["root"], ...any });
    expect(await call("DeleteModel", { modelName: "Pet" })).toEqual({});
    expect(await fails("GetModel", { restApiId: "nope", modelName: "Pet" })).toBe(
      "NotFoundException 404: Invalid model name specified: Pet",
    );
    const plain = { name: "Plain", contentType: "application/json", schema: '{"type":"object"}', description: "" };
    expect(await call("CreateModel", plain)).not.toHaveProperty("description");
  });

  it("changes of one resource that are sent at once are all kept", async () => {
    const { ids, call } = await newApi();
    const verbs = ["GET", "POST", "PUT"];
    await Promise.all(
      verbs.map((httpMethod) => call("PutMethod", { resourceId: ids["root"], httpMethod, authorizationType: "NONE" })),
    );
    const { resourceMethods } = await call("GetResource", { resourceId: ids["root"] });
    expect(Object.keys(resourceMethods as object)).toEqual(verbs);
  });

  it("method responses are put, edited and deleted by status", async () => {
    const { ids, call, fails } = await newApi();
    const at = { resourceId: ids["root"], ...any, statusCode: "200" };
    await call("PutMethod", { ...at, authorizationType: "NONE" });
    expect(await call("PutMethodResponse", at)).toEqual({ statusCode: "200" });
    const update = (...patchOperations: object[]) => call("UpdateMethodResponse", { ...at, patchOperations });
    const refused = (more: object, ...patchOperations: object[]) =>
      fails("UpdateMethodResponse", { ...at, ...more, patchOperations });
    expect(
      await update(
        add("/responseParameters/method.response.header.x", "true"),
        add("/responseModels/application~1json", "Empty"),
      ),
    ).toEqual({
      statusCode: "200",
      responseParameters: { "method.response.header.x": true },
      responseModels: { "application/json": "Empty" },
    });
    expect(await refused({}, replace("/responseParameters/method.response.header.y", "true"))).toBe(
      "NotFoundException 404: Invalid parameter name specified",
    );
    expect(await refused({}, remove("/responseModels/text~1html"))).toBe(
      "NotFoundException 404: Content-Type specified was not found",
    );
    expect(await refused({ statusCode: "201" }, add("/x"))).toBe(
      "NotFoundException 404: Invalid Response status code specified",
    );
    expect(await refused({ statusCode: "wrong" }, { op: "wrong_op", path: "/x" })).toBe(
      "ValidationException 400: 2 validation errors detected: Value 'wrong_op' at 'updateMethodResponseInput.patchOperations.1.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]; Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d",
    );
    expect(await call("DeleteMethodResponse", at)).toEqual({});
    expect(await call("GetMethod", at)).toEqual({ ...none, apiKeyRequired: false });
  });
});

describe("integrations", () => {
  it("have AWS's defaults, and go with their responses", async () => {
    const { ids, call, fails } = await newApi();
    const at = { resourceId: ids["root"], httpMethod: "GET" };
    await call("PutMethod", { ...at, authorizationType: "NONE" });
    expect(await fails("GetIntegration", at)).toBe("NotFoundException 404: Invalid Integration identifier specified");
    const mock = {
      type: "MOCK",
      passthroughBehavior: "WHEN_NO_MATCH",
      timeoutInMillis: 29_000,
      cacheNamespace: ids["root"],
      cacheKeyParameters: [],
    };
    expect(
      await call("PutIntegration", {
        ...at,
        type: "MOCK",
        requestTemplates: { "application/json": '{"statusCode": 200}' },
      }),
    ).toEqual({ ...mock, requestTemplates: { "application/json": '{"statusCode": 200}' } });
    expect(
      await call("PutIntegrationResponse", {
        ...at,
        statusCode: "200",
        selectionPattern: "",
        responseTemplates: { "application/json": "" },
      }),
    ).toEqual({
      statusCode: "200",
      selectionPattern: "",
      responseTemplates: { "application/json": null },
    });
    expect(
      await call("UpdateIntegrationResponse", {
        ...at,
        statusCode: "200",
        patchOperations: [replace("/selectionPattern", "x")],
      }),
    ).toMatchObject({ selectionPattern: "x" });
    expect(await fails("GetIntegrationResponse", { ...at, statusCode: "404" })).toBe(
      "NotFoundException 404: Invalid Response status code specified",
    );
    expect(await fails("DeleteIntegrationResponse", { ...at, httpMethod: "PUT", statusCode: "200" })).toBe(
      "NotFoundException 404: Invalid Integration identifier specified",
    );
    expect(
      await call("PutIntegration", {
        ...at,
        type: "HTTP_PROXY",
        integrationHttpMethod: "GET",
        uri: "http://localhost",
      }),
    ).toEqual({
      ...mock,
      type: "HTTP_PROXY",
      httpMethod: "GET",
      uri: "http://localhost",
      connectionType: "INTERNET",
    });
    await call("DeleteIntegration", at);
    expect(await fails("DeleteIntegration", at)).toBe(
      "NotFoundException 404: Invalid Integration identifier specified",
    );
  });

  it.each([
    [
      { type: "AWS_PROXY", uri: "arn:aws:lambda:us-east-1:1:function:f" },
      "AWS ARN for integration must contain path or action",
    ],
    [{ type: "AWS_PROXY", uri: "arn:nonsense" }, "Invalid ARN specified in the request"],
    [
      { type: "AWS_PROXY", uri: "arn:aws:apigateway:us-east-1:sqs:path/1/q" },
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    ],
    [{ type: "HTTP", uri: "ftp://x" }, "Invalid HTTP endpoint specified for URI"],
    [
      { type: "HTTP", uri: "http://x", integrationHttpMethod: undefined },
      "Enumeration value for HttpMethod must be non-empty",
    ],
    [
      { type: "HTTP", uri: "http://x", requestParameters: { "integration.request.header.a": "true" } },
      "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: true]",
    ],
  ])("PutIntegration refuses %j", async (input, text) => {
    const { ids, call, fails } = await newApi();
    const at = { resourceId: ids["root"], httpMethod: "GET" };
    await call("PutMethod", { ...at, authorizationType: "NONE" });
    expect(await fails("PutIntegration", { ...at, integrationHttpMethod: "POST", ...input })).toBe(
      `BadRequestException 400: ${text}`,
    );
  });
});

describe("models and validators", () => {
  it("every API has Empty and Error; a schema must be one", async () => {
    const { call, fails } = await newApi();
    const { items } = (await call("GetModels", {})) as { items: { name: string; schema: string }[] };
    expect(items.map((one) => [one.name, (JSON.parse(one.schema) as { title: string }).title])).toEqual([
      ["Empty", "Empty Schema"],
      ["Error", "Error Schema"],
    ]);
    const model = { name: "Pet", contentType: "application/json" };
    expect(await fails("CreateModel", { ...model, restApiId: "nope", schema: "{}" })).toBe(
      "NotFoundException 404: Invalid API identifier specified 000000000000:nope",
    );
    for (const schema of [undefined, "", "{}"])
      expect(await fails("CreateModel", { ...model, schema })).toBe(
        "BadRequestException 400: Model schema must have at least 1 property or array items defined",
      );
    expect(await fails("CreateModel", { ...model, name: "" })).toBe(
      "BadRequestException 400: Model name must be non-empty",
    );
    expect(await fails("CreateModel", { ...model, name: "Empty", schema: '{"type":"object"}' })).toBe(
      "ConflictException 409: Model name already exists for this REST API",
    );
    await call("CreateModel", { ...model, schema: '{"type":"object"}' });
    const patch = (patchOperations: object[]) => ({ modelName: "Pet", patchOperations });
    expect(await fails("UpdateModel", patch([add("/wrong-path", "x")]))).toBe(
      "BadRequestException 400: Invalid patch path  '/wrong-path' specified for op 'add'. Please choose supported operations",
    );
    expect(await fails("UpdateModel", patch([replace("/name", "x")]))).toBe(
      "BadRequestException 400: Invalid patch path  '/name' specified for op 'replace'. Must be one of: [/description, /schema]",
    );
    expect(await fails("GetModel", { modelName: "MySchema" })).toBe(
      "NotFoundException 404: Invalid model name specified: MySchema",
    );
  });

  it("request validators live and die", async () => {
    const { call, fails } = await newApi();
    const made = await call("CreateRequestValidator", { name: "v" });
    const requestValidatorId = made["id"];
    expect(made).toEqual({
      id: requestValidatorId,
      name: "v",
      validateRequestBody: false,
      validateRequestParameters: false,
    });
    const patch = (...patchOperations: object[]) => ({ requestValidatorId, patchOperations });
    expect(await call("UpdateRequestValidator", patch(replace("/validateRequestBody", "true")))).toMatchObject({
      validateRequestBody: true,
    });
    expect(await call("UpdateRequestValidator", patch(replace("/validateRequestBody")))).toMatchObject({
      validateRequestBody: false,
    });
    expect(await fails("UpdateRequestValidator", patch(replace("/name", "")))).toBe(
      "BadRequestException 400: Request Validator name cannot be blank",
    );
    expect(await fails("CreateRequestValidator", { restApiId: "nope", name: "x" })).toBe(
      "BadRequestException 400: Invalid REST API identifier specified",
    );
    await call("DeleteRequestValidator", { requestValidatorId });
    expect(await fails("GetRequestValidator", { requestValidatorId })).toBe(
      "NotFoundException 404: Invalid Request Validator identifier specified",
    );
  });
});

describe("gateway responses", () => {
  it("are AWS's until they are set; others fall back to DEFAULT_5XX", async () => {
    const { call, fails } = await newApi();
    const templates = { "application/json": '{"message":$context.error.messageString}' };
    const missing = { responseType: "MISSING_AUTHENTICATION_TOKEN" };
    const builtIn = {
      defaultResponse: true,
      ...missing,
      statusCode: "403",
      responseParameters: {},
      responseTemplates: templates,
    };
    expect(await call("GetGatewayResponse", missing)).toEqual(builtIn);
    expect(await call("PutGatewayResponse", { ...missing, statusCode: "404" })).toEqual({
      ...builtIn,
      defaultResponse: false,
      statusCode: "404",
    });
    await call("PutGatewayResponse", { responseType: "DEFAULT_5XX", statusCode: "599" });
    expect(await call("GetGatewayResponse", { responseType: "INTEGRATION_FAILURE" })).toEqual({
      ...builtIn,
      responseType: "INTEGRATION_FAILURE",
      statusCode: "599",
    });
    await call("DeleteGatewayResponse", missing);
    expect(await call("GetGatewayResponse", missing)).toEqual(builtIn);
    expect(await fails("DeleteGatewayResponse", missing)).toBe(
      "NotFoundException 404: Gateway response type not defined on api",
    );
    expect(await fails("GetGatewayResponse", { responseType: "FAKE" })).toContain(
      "Value 'FAKE' at 'responseType' failed to satisfy constraint: Member must satisfy enum value set: [ACCESS_DENIED, ",
    );
    expect(((await call("GetGatewayResponses", {})) as { items: object[] }).items).toHaveLength(21);
  });

  it("UpdateGatewayResponse edits members by path", async () => {
    const { call, fails } = await newApi();
    const at = { responseType: "DEFAULT_4XX" };
    const update = (...patchOperations: object[]) => call("UpdateGatewayResponse", { ...at, patchOperations });
    const refused = (...patchOperations: object[]) => fails("UpdateGatewayResponse", { ...at, patchOperations });
    expect(
      await update(
        replace("/statusCode", "444"),
        add("/responseParameters/gatewayresponse.header.a", "'b'"),
        add("/responseTemplates/application~1xml", "<x/>"),
      ),
    ).toEqual({
      defaultResponse: false,
      ...at,
      statusCode: "444",
      responseParameters: { "gatewayresponse.header.a": "'b'" },
      responseTemplates: { "application/json": '{"message":$context.error.messageString}', "application/xml": "<x/>" },
    });
    expect(await refused(add("/statusCode", "1"))).toBe("BadRequestException 400: Invalid patch path /statusCode");
    expect(await refused({ op: "replace", value: "x" })).toBe("BadRequestException 400: Invalid patch path null");
    expect(await refused(replace("/responseParameters/gatewayresponse.header.zz", "'x'"))).toBe(
      "NotFoundException 404: Invalid parameter name specified",
    );
    expect(await refused(replace("/responseTemplates/application~1json"))).toBe(
      "BadRequestException 400: Invalid null or empty value in responseTemplates",
    );
  });
});

describe("deployments and stages", () => {
  async function deployable(): Promise<NewApi> {
    const made = await newApi();
    const at = { resourceId: made.ids["root"], httpMethod: "GET" };
    await made.call("PutMethod", { ...at, authorizationType: "NONE" });
    await made.call("PutIntegration", { ...at, type: "AWS_PROXY", integrationHttpMethod: "POST", uri: functionUri });
    return made;
  }

  it("CreateDeployment wants methods, each with an integration", async () => {
    const { ids, call, fails } = await newApi();
    expect(await fails("CreateDeployment", {})).toBe(
      "BadRequestException 400: The REST API doesn't contain any methods",
    );
    await call("PutMethod", { resourceId: ids["root"], httpMethod: "GET", authorizationType: "NONE" });
    expect(await fails("CreateDeployment", {})).toBe("BadRequestException 400: No integration defined for method");
  });

  it("a deployment that a stage points to is not deleted", async () => {
    const { call, fails, test } = await deployable();
    const { id: deploymentId } = await call("CreateDeployment", { stageName: "s1" });
    expect(await call("GetStages", {})).toEqual({
      item: [
        {
          stageName: "s1",
          deploymentId,
          methodSettings: {},
          cacheClusterEnabled: false,
          cacheClusterStatus: "NOT_AVAILABLE",
          tracingEnabled: false,
          createdDate: new Date(test.clock.now()),
          lastUpdatedDate: new Date(test.clock.now()),
        },
      ],
    });
    expect(await fails("DeleteDeployment", { deploymentId })).toBe(
      "BadRequestException 400: Active stages pointing to this deployment must be moved or deleted",
    );
    expect(await call("GetDeployment", { deploymentId, embed: ["apisummary"] })).toMatchObject({
      apiSummary: { "/": { GET: { authorizationType: "NONE", apiKeyRequired: false } } },
    });
    await call("DeleteStage", { stageName: "s1" });
    expect(await call("DeleteDeployment", { deploymentId })).toEqual({});
  });

  it("UpdateStage sets methods' settings with AWS's defaults, and takes them away", async () => {
    const { call, fails } = await deployable();
    await call("CreateDeployment", { stageName: "s1" });
    const update = (...patchOperations: object[]) => call("UpdateStage", { stageName: "s1", patchOperations });
    const refused = (...patchOperations: object[]) => fails("UpdateStage", { stageName: "s1", patchOperations });
    expect(await refused(remove("/*/*"))).toBe(
      "BadRequestException 400: Cannot remove method setting */* because there is no method setting for this method ",
    );
    expect(
      await update(
        replace("/*/*/caching/enabled", "true"),
        replace("/test/GET/throttling/burstLimit", "124"),
        add("/variables/a", "b"),
      ),
    ).toMatchObject({
      variables: { a: "b" },
      methodSettings: {
        "*/*": {
          metricsEnabled: false,
          dataTraceEnabled: false,
          throttlingBurstLimit: 5000,
          throttlingRateLimit: 10_000,
          cachingEnabled: true,
          cacheTtlInSeconds: 300,
          cacheDataEncrypted: false,
          requireAuthorizationForCacheControl: true,
          unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
        },
        "test/GET": { throttlingBurstLimit: 124, throttlingRateLimit: 10_000, cachingEnabled: true },
      },
    });
    expect(await update(remove("/*/*"), remove("/test/GET"))).toMatchObject({ methodSettings: {} });
    expect(await refused(replace("/documentation_version", "x"))).toContain(
      "BadRequestException 400: Invalid method setting path: /documentation_version. Must be one of: [/deploymentId, /description,",
    );
    expect(await refused(replace("/tags/tag1", "x"))).toContain(
      "Invalid method setting path: /tags/tag1. Must be one of: [",
    );
    expect(await refused(replace("/tracingEnabled", "true"))).toBe(
      "NotImplemented 501: Tripline does not simulate X-Ray tracing.",
    );
  });

  it("UpdateStage sets where access logs go", async () => {
    const { call, fails } = await deployable();
    await call("CreateDeployment", { stageName: "s1" });
    const update = (...patchOperations: object[]) => call("UpdateStage", { stageName: "s1", patchOperations });
    const refused = (...patchOperations: object[]) => fails("UpdateStage", { stageName: "s1", patchOperations });
    const wrong =
      "BadRequestException 400: Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]";
    for (const path of ["/accessLogSettings/x", "/accessLogSettings/*", "/accessLogSettings"]) {
      expect(await refused(add(path, "x"))).toBe(wrong);
      expect(await refused(replace(path, "x"))).toBe(wrong);
    }
    expect(await refused(remove("/accessLogSettings/x"))).toBe(
      "BadRequestException 400: Cannot remove method setting accessLogSettings/x because there is no method setting for this method ",
    );
    expect(await refused(add("/accessLogSettings/format", ""))).toBe(
      "BadRequestException 400: Access Log value must not be empty",
    );
    const arn = "arn:aws:logs:us-east-1:000000000000:log-group:shop";
    expect(
      await update(
        add("/accessLogSettings/destinationArn", `${arn}:*`),
        add("/accessLogSettings/format", "$context.requestId $context.status"),
      ),
    ).toMatchObject({
      accessLogSettings: { destinationArn: arn, format: "$context.requestId $context.status" },
    });
    expect(await update(remove("/accessLogSettings"))).not.toHaveProperty("accessLogSettings");
  });
});

describe("keys, plans, the account and tags", () => {
  it("a usage plan has API stages that there are", async () => {
    const { call, fails, ids } = await newApi();
    const { id: usagePlanId } = await call("CreateUsagePlan", { name: "basic" });
    const update = (...patchOperations: object[]) => call("UpdateUsagePlan", { usagePlanId, patchOperations });
    const refused = (...patchOperations: object[]) => fails("UpdateUsagePlan", { usagePlanId, patchOperations });
    expect(
      await update(
        replace("/throttle/rateLimit", "200"),
        replace("/throttle/burstLimit", "100"),
        replace("/quota/limit", "5000"),
        replace("/quota/period", "MONTH"),
      ),
    ).toEqual({
      id: usagePlanId,
      name: "basic",
      apiStages: [],
      throttle: { rateLimit: 200, burstLimit: 100 },
      quota: { limit: 5000, offset: 0, period: "MONTH" },
      tags: {},
    });
    expect(await refused(add("/apiStages"))).toBe("BadRequestException 400: Invalid API Stage specified");
    expect(await refused(add("/apiStages", `${ids["restApiId"] ?? ""}:nope`))).toBe(
      `NotFoundException 404: Invalid API Stage {api: ${ids["restApiId"] ?? ""}, stage: nope} specified for usageplan ${String(usagePlanId)}`,
    );
    expect(await fails("GetUsagePlan", { usagePlanId: "nope" })).toBe(
      "NotFoundException 404: Invalid Usage Plan ID specified",
    );
  });

  it("API keys hide their values, are imported from CSV, and join plans", async () => {
    const { call, fails, test } = await newApi();
    const made = await call("CreateApiKey", { name: "k", enabled: true, value: "0123456789012345678901234" });
    const dates = { createdDate: new Date(test.clock.now()), lastUpdatedDate: new Date(test.clock.now()) };
    expect(made).toEqual({
      id: made["id"],
      name: "k",
      enabled: true,
      value: "0123456789012345678901234",
      stageKeys: [],
      ...dates,
    });
    expect(await call("GetApiKey", { apiKey: made["id"] })).toEqual({
      id: made["id"],
      name: "k",
      enabled: true,
      stageKeys: [],
      tags: {},
      ...dates,
    });
    expect(await fails("CreateApiKey", { value: "0123456789012345678901234" })).toBe(
      "ConflictException 409: API Key already exists",
    );
    expect(await fails("CreateApiKey", { value: "short" })).toBe(
      "BadRequestException 400: API Key value should be at least 20 characters",
    );
    const { id: usagePlanId } = await call("CreateUsagePlan", { name: "basic" });
    const imported = (await call("ImportApiKeys", {
      format: "csv",
      body: Buffer.from(
        `Name,Key,Description,Enabled,UsagePlanIds\nimp,aaaaaaaaaaaaaaaaaaaaaaaaa,"a, b",true,${String(usagePlanId)}\nbad,short\n`,
      ),
    })) as { ids: string[]; warnings: string[] };
    expect(imported).toEqual({
      ids: [expect.any(String)],
      warnings: ["Line 3: API Key value should be at least 20 characters"],
    });
    expect(await call("GetUsagePlanKeys", { usagePlanId })).toEqual({
      items: [{ id: imported.ids[0], type: "API_KEY", name: "imp", value: "aaaaaaaaaaaaaaaaaaaaaaaaa" }],
    });
    expect(await call("CreateUsagePlanKey", { usagePlanId, keyId: made["id"], keyType: "API_KEY" })).toMatchObject({
      type: "API_KEY",
      name: "k",
    });
    expect(await fails("CreateUsagePlanKey", { usagePlanId, keyId: "nope", keyType: "API_KEY" })).toBe(
      "NotFoundException 404: Invalid API Key identifier specified",
    );
    await call("DeleteApiKey", { apiKey: made["id"] });
    expect(await fails("GetUsagePlanKey", { usagePlanId, keyId: made["id"] })).toBe(
      "NotFoundException 404: Invalid Usage Plan Key ID specified",
    );
  });

  it("texts of an API key have limits; an empty value is made up, an empty name left out", async () => {
    const { call, fails } = await newApi();
    const refused = (input: object) => fails("CreateApiKey", input);
    expect(await refused({ name: "a".repeat(1025) })).toBe(
      "BadRequestException 400: Invalid API Key name, can be at most 1024 characters.",
    );
    expect(await refused({ description: "a".repeat(125_001) })).toBe(
      "BadRequestException 400: Invalid API Key description specified.",
    );
    expect(await refused({ value: "short" })).toBe(
      "BadRequestException 400: API Key value should be at least 20 characters",
    );
    expect(await refused({ value: "a".repeat(129) })).toBe(
      "BadRequestException 400: API Key value exceeds maximum size of 128 characters",
    );
    const made = await call("CreateApiKey", { name: "", value: "" });
    expect(made).not.toHaveProperty("name");
    expect(made["value"]).toMatch(/^[a-z0-9]{40}$/);
    const update = (...patchOperations: object[]) => fails("UpdateApiKey", { apiKey: made["id"], patchOperations });
    expect(await update(replace("/id", "x"))).toBe(
      "BadRequestException 400: Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description, /enabled, /name, /customerId]",
    );
    expect(await update(replace("/description", "a".repeat(125_001)))).toBe(
      "BadRequestException 400: Invalid API Key description specified.",
    );
  });

  it("GetAccount shows the stage's defaults: rate 10000, burst 5000", async () => {
    const { call } = await newApi();
    const account = {
      throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
      features: ["UsagePlans"],
      apiKeyVersion: "4",
    };
    expect(await call("GetAccount", {})).toEqual(account);
    expect(
      await call("UpdateAccount", { patchOperations: [replace("/cloudwatchRoleArn", "arn:aws:iam::1:role/r")] }),
    ).toEqual({ ...account, cloudwatchRoleArn: "arn:aws:iam::1:role/r" });
  });

  it("tags of APIs come and go", async () => {
    const { call, fails, ids } = await newApi({ tags: { a: "1" } });
    const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${ids["restApiId"] ?? ""}`;
    await call("TagResource", { resourceArn, tags: { b: "2" } });
    await call("UntagResource", { resourceArn, tagKeys: ["a"] });
    expect(await call("GetTags", { resourceArn })).toEqual({ tags: { b: "2" } });
    await call("CreateRestApi", { name: "chosen", tags: { "tripline:id": "chosen1234" } });
    const chosen = { resourceArn: "arn:aws:apigateway:us-east-1::/restapis/chosen1234" };
    await call("UntagResource", { ...chosen, tagKeys: ["tripline:id"] });
    expect(await call("GetTags", chosen)).toEqual({ tags: {} });
    expect(await fails("GetTags", { resourceArn: "arn:aws:apigateway:us-east-1::/restapis/nope" })).toContain(
      "NotFoundException 404",
    );
  });
});
