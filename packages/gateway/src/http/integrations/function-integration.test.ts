import { describe, expect, it } from "vitest";
import { createTestGateway, functionArn, functionUri, withHttpApi } from "../../testing/create-test-gateway.ts";

const service = "apigatewayv2";

/** The integration of an API made by `withHttpApi`. */
async function integrationOf(test: Awaited<ReturnType<typeof createTestGateway>>, ApiId: string) {
  const { Items } = await test.call<{ Items: { IntegrationId: string }[] }>(service, "GetIntegrations", { ApiId });
  return { ApiId, IntegrationId: Items[0]?.IntegrationId };
}

describe("parameter mapping of an integration with a function", () => {
  it.each(["2.0", "1.0"] as const)("the event of format %s has what mappings make of the request", async (format) => {
    const test = await createTestGateway(() => ({ value: { statusCode: 200, body: "ok" } }));
    const id = await withHttpApi(test, ["GET /pets/{id}"], { format, stage: "dev", variables: { k: "v" } });
    await test.call(service, "UpdateIntegration", {
      ...(await integrationOf(test, id)),
      RequestParameters: {
        "append:header.x-two": "$request.header.x-one",
        "overwrite:header.x-one": "${request.path.id}/${stageVariables.k}",
        "remove:header.x-gone": "''",
        "append:querystring.a": "$context.httpMethod",
        "overwrite:querystring.b": "x y",
        "overwrite:path": "/v2/$context.routeKey",
      },
    });
    await test.send({
      target: "/_api/Shop/dev/pets/7?a=1&b=2",
      headers: ["Host", "h", "X-One", "1", "X-Two", "2", "X-Gone", "3", "Cookie", "c=1"],
    });
    const [event] = test.events;
    expect(event?.["headers"]).toMatchObject({ host: "h", "x-one": "7/v", "x-two": format === "2.0" ? "2,1" : "1" });
    expect(event?.["headers"]).not.toHaveProperty("x-gone");
    expect(event).toMatchObject(
      format === "2.0"
        ? {
            rawPath: "/v2/$context.routeKey",
            rawQueryString: "a=1&a=GET&b=x%20y",
            queryStringParameters: { a: "1,GET", b: "x y" },
            cookies: ["c=1"],
            requestContext: { http: { path: "/dev/pets/7" } },
          }
        : {
            path: "/v2/$context.routeKey",
            multiValueQueryStringParameters: { a: ["1", "GET"], b: ["x y"] },
            multiValueHeaders: { "x-two": ["2", "1"] },
            requestContext: { path: "/dev/pets/7" },
          },
    );
  });

  it("changes the answer of the status that it is for, and no answer of the gateway's own", async () => {
    let statusCode = 404;
    const test = await createTestGateway(() => ({
      value: { statusCode, headers: { "X-Reason": "none" }, body: '{"code":409}' },
    }));
    const id = await withHttpApi(test, ["GET /"]);
    await test.call(service, "UpdateIntegration", {
      ...(await integrationOf(test, id)),
      ResponseParameters: {
        404: { "overwrite:statuscode": "$response.body.code", "append:header.why": "$response.header.X-Reason" },
        500: { "overwrite:statuscode": "200" },
      },
    });
    const get = () => test.send({ target: "/_api/Shop/$default/" });
    expect(await get()).toMatchObject({ status: 409, headers: { why: "none", "x-reason": "none" } });
    statusCode = 200;
    expect((await get()).headers).not.toHaveProperty("why");
    statusCode = 999;
    expect(await get()).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' });
  });

  it("an update merges mappings: an empty value deletes one, an empty map those of a status", async () => {
    const test = await createTestGateway(() => ({ value: "ok" }));
    const one = await integrationOf(test, await withHttpApi(test, ["GET /"]));
    const update = (input: object) => test.call<object>(service, "UpdateIntegration", { ...one, ...input });
    await update({
      RequestParameters: { "append:header.a": "1", "append:header.b": "2" },
      ResponseParameters: { 200: { "append:header.c": "3" }, 404: { "remove:header.d": "''" } },
    });
    expect(
      await update({
        RequestParameters: { "append:header.a": "", "append:header.e": "5" },
        ResponseParameters: { 200: { "append:header.f": "6" }, 404: {} },
      }),
    ).toMatchObject({
      RequestParameters: { "append:header.b": "2", "append:header.e": "5" },
      ResponseParameters: { 200: { "append:header.c": "3", "append:header.f": "6" } },
    });
    const error = await test.errorOf(service, "UpdateIntegration", {
      ...one,
      RequestParameters: { "append:header.Host2": "$request.nothing" },
    });
    expect(error).toBe(
      "BadRequestException 400: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: $request.nothing]",
    );
  });
});

describe("the function of an integration", () => {
  it.each([functionArn, functionUri])("is answered as it was given: %s", async (IntegrationUri) => {
    const test = await createTestGateway(() => ({ value: "ok" }));
    const one = await integrationOf(test, await withHttpApi(test, ["GET /"]));
    await test.call(service, "UpdateIntegration", { ...one, IntegrationUri });
    expect(await test.call(service, "GetIntegration", one)).toMatchObject({ IntegrationUri });
    expect((await test.send({ target: "/_api/Shop/$default/" })).body).toBe("ok");
  });

  it("can be chosen by a stage variable", async () => {
    const test = await createTestGateway(() => ({ value: "ok" }));
    const one = await integrationOf(test, await withHttpApi(test, ["GET /"], { variables: { name: "orders" } }));
    const IntegrationUri = functionArn.replace("orders", "${stageVariables.name}");
    await test.call(service, "UpdateIntegration", { ...one, IntegrationUri });
    expect((await test.send({ target: "/_api/Shop/$default/" })).body).toBe("ok");
    expect(test.gateway.apis()[0]?.routes).toEqual([{ method: "GET", path: "/", functionName: "orders" }]);
  });
});
