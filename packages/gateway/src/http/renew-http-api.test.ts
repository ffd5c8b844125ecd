/** Definitions as earlier versions kept them. */
import { Activity } from "@tripline/kernel";
import { createDocumentStore, openDatabase } from "@tripline/storage";
import { expect, it } from "vitest";
import { createTestGateway, functionArn } from "../testing/create-test-gateway.ts";

const service = "apigatewayv2";
const ok = () => ({ value: { statusCode: 200, body: "ok" } });
const integration = { functionArn, payloadFormatVersion: "2.0", timeoutMs: 30_000 };
const facts = { id: "abcde12345", name: "Old", type: "HTTP", createdAtMs: 1000, tags: { a: "b" } };
const deployed = { variables: { k: "v" }, routes: [{ routeKey: "GET /a", ...integration }] };

it.each([
  [
    "routes by key, and stages that say nothing but what they serve",
    { integrations: { i1: integration }, routes: { "GET /a": "i1" }, stages: { $default: deployed } },
    { RouteId: "route0", AutoDeploy: true },
  ],
  [
    "routes with ids, stages with settings, deployments with functions",
    {
      integrations: { i1: integration },
      routes: { r1: { id: "r1", routeKey: "GET /a", integrationId: "i1" } },
      stages: {
        $default: {
          ...deployed,
          autoDeploy: false,
          deploymentId: "d1",
          tags: {},
          routeSettings: {},
          createdAtMs: 1000,
          updatedAtMs: 1000,
        },
      },
      deployments: { d1: { id: "d1", createdAtMs: 1000, autoDeployed: false, routes: deployed.routes } },
    },
    { RouteId: "r1", AutoDeploy: false },
  ],
])(
  "an API that was kept with %s is served, shown, and changed as any other",
  async (_what, kept, { RouteId, AutoDeploy }) => {
    const database = openDatabase({ dataDir: undefined, activity: new Activity() });
    await createDocumentStore(database).put("api", facts.id, { ...facts, ...kept });
    const test = await createTestGateway(ok, database);
    const ApiId = facts.id;
    expect((await test.send({ target: "/_api/Old/$default/a" })).body).toBe("ok");
    expect(test.events[0]).toMatchObject({ version: "2.0", routeKey: "GET /a", stageVariables: { k: "v" } });

    expect(await test.call(service, "GetApi", { ApiId })).toMatchObject({ Name: "Old", Tags: { a: "b" } });
    const route = { RouteId, RouteKey: "GET /a", Target: "integrations/i1", AuthorizationType: "NONE" };
    expect(await test.call(service, "GetRoutes", { ApiId })).toMatchObject({ Items: [route] });
    expect(await test.call(service, "GetIntegrations", { ApiId })).toMatchObject({
      Items: [{ IntegrationId: "i1", IntegrationType: "AWS_PROXY", IntegrationUri: functionArn }],
    });
    expect(await test.call(service, "GetAuthorizers", { ApiId })).toEqual({ Items: [] });
    expect(await test.call(service, "GetStages", { ApiId })).toMatchObject({
      Items: [{ StageName: "$default", AutoDeploy, CreatedDate: new Date(1000), RouteSettings: {}, Tags: {} }],
    });

    await test.call(service, "UpdateRoute", { ApiId, RouteId, RouteKey: "GET /b" });
    await test.call(service, "UpdateStage", { ApiId, StageName: "$default", AutoDeploy: true });
    const again = await createTestGateway(ok, database);
    expect((await again.send({ target: "/_api/Old/$default/b" })).body).toBe("ok");
    expect((await again.send({ target: "/_api/Old/$default/a" })).status).toBe(404);
  },
);
