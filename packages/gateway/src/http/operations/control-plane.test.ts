import { describe, expect, it } from "vitest";
import { createTestGateway, functionArn, withHttpApi } from "../../testing/create-test-gateway.ts";

const service = "apigatewayv2";
const ok = () => ({ value: { statusCode: 200, body: "ok" } });

describe("the control plane of HTTP APIs", () => {
  it("changes, lists and deletes routes and integrations, seen at once on a stage that deploys by itself", async () => {
    const test = await createTestGateway(ok);
    const ApiId = await withHttpApi(test, ["GET /a"]);
    const { Items: routes } = await test.call<{ Items: Record<string, string>[] }>(service, "GetRoutes", { ApiId });
    const { Items: integrations } = await test.call<{ Items: Record<string, string>[] }>(service, "GetIntegrations", {
      ApiId,
    });
    const RouteId = routes[0]?.["RouteId"] ?? "";
    const IntegrationId = integrations[0]?.["IntegrationId"] ?? "";
    const route = {
      ApiKeyRequired: false,
      AuthorizationType: "NONE",
      RouteId,
      RouteKey: "GET /a",
      Target: `integrations/${IntegrationId}`,
    };
    expect(routes).toEqual([route]);
    const changed = await test.call(service, "UpdateRoute", { ApiId, RouteId, RouteKey: "GET /b", OperationName: "B" });
    expect(changed).toEqual({ ...route, RouteKey: "GET /b", OperationName: "B" });
    expect(await test.call(service, "GetRoute", { ApiId, RouteId })).toEqual(changed);
    expect((await test.send({ target: "/_api/Shop/$default/a" })).status).toBe(404);
    expect((await test.send({ target: "/_api/Shop/$default/b" })).status).toBe(200);

    const one = { ApiId, IntegrationId };
    expect(await test.call(service, "UpdateIntegration", { ...one, PayloadFormatVersion: "1.0" })).toEqual({
      ConnectionType: "INTERNET",
      IntegrationId,
      IntegrationMethod: "POST",
      IntegrationType: "AWS_PROXY",
      IntegrationUri: functionArn,
      PayloadFormatVersion: "1.0",
      TimeoutInMillis: 30000,
    });
    await test.send({ target: "/_api/Shop/$default/b" });
    expect(test.events.map((event) => event["version"])).toEqual(["2.0", "1.0"]);
    expect(await test.errorOf(service, "DeleteIntegration", one)).toMatch(/^ConflictException 409: /);
    await test.call(service, "DeleteRoute", { ApiId, RouteId });
    await test.call(service, "DeleteIntegration", one);
    expect(await test.errorOf(service, "GetIntegration", one)).toBe(
      `NotFoundException 404: Unable to find Integration by integration id ${IntegrationId}`,
    );
    expect((await test.send({ target: "/_api/Shop/$default/b" })).status).toBe(404);
  });

  it("a stage without AutoDeploy serves its deployment, until it is given another", async () => {
    const test = await createTestGateway(ok);
    const ApiId = await withHttpApi(test, ["GET /a"]);
    await test.call(service, "CreateStage", { ApiId, StageName: "dev" });
    const statusOf = async (path: string) => (await test.send({ target: `/_api/${ApiId}/dev${path}` })).status;
    expect(await statusOf("/a")).toBe(404);
    const { DeploymentId: first } = await test.call(service, "CreateDeployment", { ApiId, StageName: "dev" });
    expect(await statusOf("/a")).toBe(200);
    const { Items } = await test.call<{ Items: { RouteId: string }[] }>(service, "GetRoutes", { ApiId });
    await test.call(service, "UpdateRoute", { ApiId, RouteId: Items[0]?.RouteId, RouteKey: "GET /b" });
    expect([await statusOf("/a"), await statusOf("/b")]).toEqual([200, 404]);
    const { DeploymentId: second } = await test.call(service, "CreateDeployment", { ApiId, Description: "two" });
    await test.call(service, "UpdateStage", { ApiId, StageName: "dev", DeploymentId: second });
    expect([await statusOf("/a"), await statusOf("/b")]).toEqual([404, 200]);
    expect(await test.errorOf(service, "DeleteDeployment", { ApiId, DeploymentId: second })).toBe(
      "ConflictException 409: Active stages pointing to this deployment must be moved or deleted",
    );
    await test.call(service, "DeleteDeployment", { ApiId, DeploymentId: first });
    expect(await test.errorOf(service, "UpdateStage", { ApiId, StageName: "$default", DeploymentId: second })).toBe(
      "BadRequestException 400: Deployment ID cannot be set on stages with AutoDeploy enabled.",
    );
    await test.call(service, "DeleteStage", { ApiId, StageName: "dev" });
    expect(await statusOf("/b")).toBe(404);
  });

  it("an API is changed member by member; without its endpoint it is not found", async () => {
    const test = await createTestGateway(ok);
    const ApiId = await withHttpApi(test, ["GET /a"], { cors: { AllowOrigins: ["*"] } });
    const sent = { target: "/_api/Store/$default/a", headers: ["Host", "h", "Origin", "https://a.example"] };
    expect(await test.call(service, "UpdateApi", { ApiId, Name: "Store", Version: "2" })).toMatchObject({
      Name: "Store",
      Version: "2",
      CorsConfiguration: { AllowOrigins: ["*"] },
    });
    expect((await test.send(sent)).headers["access-control-allow-origin"]).toBe("*");
    await test.call(service, "DeleteCorsConfiguration", { ApiId });
    expect((await test.send(sent)).headers["access-control-allow-origin"]).toBeUndefined();
    await test.call(service, "UpdateApi", { ApiId, DisableExecuteApiEndpoint: true });
    expect(await test.send(sent)).toMatchObject({ status: 404, body: '{"message":"Not Found"}' });
  });

  it("quick create makes an integration, a route whose key stays, and a stage that deploys by itself", async () => {
    const test = await createTestGateway(ok);
    const input = { Name: "Quick", ProtocolType: "HTTP", Target: functionArn };
    const { ApiId } = await test.call(service, "CreateApi", input);
    expect((await test.send({ target: "/_api/Quick/$default/any/path" })).body).toBe("ok");
    const { Items } = await test.call<{ Items: { RouteId: string }[] }>(service, "GetRoutes", { ApiId });
    expect(Items).toMatchObject([{ RouteKey: "$default", ApiGatewayManaged: true }]);
    expect(
      await test.errorOf(service, "UpdateRoute", { ApiId, RouteId: Items[0]?.RouteId, RouteKey: "GET /" }),
    ).toMatch(/^BadRequestException 400: /);
    expect(await test.errorOf(service, "CreateApi", { ...input, Target: "a.example" })).toMatch(
      /^BadRequestException 400: /,
    );
  });

  it("lists are answered by pages", async () => {
    const test = await createTestGateway(ok);
    const ApiId = await withHttpApi(test, ["GET /a", "GET /b", "GET /c"]);
    const pageOf = (input: object) =>
      test.call<{ Items: { RouteKey: string }[]; NextToken?: string }>(service, "GetRoutes", { ApiId, ...input });
    const keys = ({ Items }: { Items: { RouteKey: string }[] }): string[] => Items.map((route) => route.RouteKey);
    const first = await pageOf({ MaxResults: "2" });
    expect(keys(first)).toEqual(["GET /a", "GET /b"]);
    const second = await pageOf({ MaxResults: "2", NextToken: first.NextToken });
    expect([keys(second), second.NextToken]).toEqual([["GET /c"], undefined]);
    expect(keys(await pageOf({}))).toEqual(["GET /a", "GET /b", "GET /c"]);
    for (const name of ["GetApis", "GetIntegrations", "GetStages", "GetDeployments"])
      expect((await test.call<{ Items: object[] }>(service, name, { ApiId, MaxResults: "1" })).Items).toHaveLength(1);
    for (const input of [{ MaxResults: "0" }, { MaxResults: "501" }, { MaxResults: "x" }, { NextToken: "%" }])
      expect(await test.errorOf(service, "GetRoutes", { ApiId, ...input })).toMatch(
        /^BadRequestException 400: Invalid /,
      );
  });

  it("tags APIs and stages", async () => {
    const test = await createTestGateway(ok);
    const ApiId = await withHttpApi(test, ["GET /a"]);
    for (const part of ["", "/stages/$default"]) {
      const ResourceArn = `arn:aws:apigateway:us-east-1::/apis/${ApiId}${part}`;
      await test.call(service, "TagResource", { ResourceArn, Tags: { a: "1", b: "2" } });
      await test.call(service, "UntagResource", { ResourceArn, TagKeys: ["a"] });
      expect(await test.call(service, "GetTags", { ResourceArn })).toEqual({ Tags: { b: "2" } });
    }
  });
});

describe("throttling of HTTP APIs", () => {
  it("a route's own limit outranks the stage's, and its bucket fills with time", async () => {
    const test = await createTestGateway(ok);
    const ApiId = await withHttpApi(test, ["GET /a", "GET /b"]);
    await test.call(service, "UpdateStage", {
      ApiId,
      StageName: "$default",
      DefaultRouteSettings: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 },
      RouteSettings: { "GET /a": { ThrottlingBurstLimit: 1 } },
    });
    const get = async (path: string) => (await test.send({ target: `/_api/Shop/$default/${path}` })).status;
    expect([await get("a"), await get("a"), await get("b"), await get("b"), await get("b")]).toEqual([
      200, 429, 200, 200, 429,
    ]);
    expect((await test.send({ target: "/_api/Shop/$default/a" })).body).toBe('{"message":"Too Many Requests"}');
    await test.clock.advance(1000);
    expect([await get("a"), await get("a")]).toEqual([200, 429]);
    await test.call(service, "DeleteRouteSettings", { ApiId, StageName: "$default", RouteKey: "GET /a" });
    await test.clock.advance(2000);
    expect([await get("a"), await get("a"), await get("a")]).toEqual([200, 200, 429]);
  });
});
