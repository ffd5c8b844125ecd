/** Where APIs answer: by the hosts that AWS gives them, by those of this machine, and by a path that any client can reach. */
import type { Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { httpApi, proxy, restApi, send, startEcho } from "./support/echo-apis.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startEcho();
});
afterAll(() => simulator.stop());

type Kind = "rest" | "http";
const disabled: Record<Kind, [object, number, string]> = {
  rest: [
    {
      more: { "x-amazon-apigateway-endpoint-configuration": { types: ["REGIONAL"], disableExecuteApiEndpoint: true } },
    },
    403,
    '{"message":"Forbidden"}',
  ],
  http: [{ api: { DisableExecuteApiEndpoint: true } }, 404, '{"message":"Not Found"}'],
};
const make = (kind: Kind, options: object = {}): Promise<string> =>
  kind === "rest"
    ? restApi(simulator, { "GET /orders/{id}": proxy() }, options)
    : httpApi(simulator, ["GET /orders/{id}"], { stage: "dev", ...options });

/** Host and path of every way to `/orders/7` on the stage `dev` of the API `id`. */
const urls = (id: string, name: string): [string, string][] => [
  [`${id}.execute-api.us-east-1.amazonaws.com`, "/dev/orders/7"],
  [`${id}.execute-api.eu-west-1.amazonaws.com:443`, "/dev/orders/7"],
  [`${id.toUpperCase()}.EXECUTE-API.us-east-1.amazonaws.com`, "/dev/orders/7"],
  [`${id}.execute-api.localhost:4566`, "/dev/orders/7"],
  [`${id}.execute-api.localhost.localstack.cloud:4566`, "/dev/orders/7"],
  ["127.0.0.1:4566", `/_api/${id}/dev/orders/7`],
  ["anything", `/_api/${name}/dev/orders/7`],
];

describe.each(["rest", "http"] as const)("%s", (kind) => {
  it("each URL reaches the same stage; the event names the API's own domain", async () => {
    const id = await make(kind);
    const name = simulator.house.gateway.apis().find((api) => api.id === id)?.name ?? "";
    for (const [host, target] of urls(id, name)) {
      const answer = await send(simulator, { host, target });
      const event = JSON.parse(answer.body) as { requestContext: object; pathParameters: object };
      expect([host, answer.status, event.pathParameters]).toEqual([host, 200, { id: "7" }]);
      expect(event.requestContext).toMatchObject({
        apiId: id,
        stage: "dev",
        domainName: `${id}.execute-api.us-east-1.amazonaws.com`,
        domainPrefix: id,
      });
    }
  });

  it("the URL that `tripline start` prints is one of them", async () => {
    const id = await make(kind);
    const { endpoint = "" } = simulator;
    const url = simulator.house.gateway.url(id, endpoint);
    expect(url).toMatch(new RegExp(`^${endpoint}/_api/[\\w-]+/dev/$`));
    expect((await fetch(`${url}orders/7`)).status).toBe(200);
  });

  it("disableExecuteApiEndpoint shuts each of them", async () => {
    const [options, status, body] = disabled[kind];
    const id = await make(kind, options);
    for (const [host, target] of urls(id, id)) {
      const answer = await send(simulator, { host, target });
      expect([host, answer.status, answer.body]).toEqual([host, status, body]);
    }
  });
});

it("an HTTP API's $default stage is served at the root, and beside it stages by their names", async () => {
  const id = await httpApi(simulator, ["GET /dev/x", "GET /x"]);
  const host = `${id}.execute-api.us-east-1.amazonaws.com`;
  const pathOf = async (target: string): Promise<unknown> => {
    const answer = await send(simulator, { host, target });
    return answer.status === 200 ? (JSON.parse(answer.body) as { rawPath: string }).rawPath : answer.status;
  };
  expect([await pathOf("/x"), await pathOf("/dev/x")]).toEqual(["/x", "/dev/x"]);
  const { call } = await import("./support/call.ts");
  await call(simulator, "apigatewayv2", "CreateStage", { ApiId: id, StageName: "dev", AutoDeploy: true });
  expect([await pathOf("/x"), await pathOf("/dev/x"), await pathOf("/dev/dev/x")]).toEqual([
    "/x",
    "/dev/x",
    "/dev/dev/x",
  ]);
});
