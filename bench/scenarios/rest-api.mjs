// REST API -> function against raw node:http and serverless-offline, the cost of each link of the chain, and routing among 10,000 routes. The account's throttle
// (10,000 requests a second) holds here as on AWS: a link that is faster than that is measured up to it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { httpRequest, load } from "../load.mjs";
import { startServerlessOffline } from "../serverless-offline.mjs";
import { root, startTripline } from "../tripline.mjs";

const rawServer = `
import { createServer } from "node:http";
const server = createServer((request, response) => { response.writeHead(200, { "content-type": "text/plain", "content-length": 5 }); response.end("hello"); });
server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;
const key = "0123456789abcdefghij";

export async function restApi(print) {
  const raw = spawn(process.execPath, ["--input-type=module", "-e", rawServer], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(createInterface({ input: raw.stdout }), "line");
  const measure = async (target, connections, total) => {
    await load({ ...target, connections, total: Math.min(1000, total) });
    return load({ ...target, connections, total });
  };
  const peer = await startServerlessOffline();
  const peerTarget = { port: peer?.port, request: httpRequest({ path: "/dev/rest" }) };
  const peerResult = peer === undefined ? undefined : await measure(peerTarget, 16, 5000);
  await peer?.stop();
  const tripline = await startTripline([`${root}/bench/app`, "--ephemeral", "--no-freeze"]);
  const api = await deploy(tripline.port);
  const to = (path, headers = {}) => ({
    port: tripline.port,
    request: httpRequest({
      path: `/_api/${api}/dev${path}`,
      headers: { "x-api-key": key, authorization: "token", ...headers },
    }),
  });
  for (const connections of [1, 16, 64]) {
    const reference = await measure({ port: Number(port), request: httpRequest({ path: "/" }) }, connections, 20_000);
    const result = await measure(to("/proxy"), connections, 5000);
    print({
      what: `REST API -> warm function, ${connections} connections`,
      value: `${Math.round(result.perSecond)}/s`,
      ratio: result.perSecond / reference.perSecond,
      against: `raw node:http (${Math.round(reference.perSecond)}/s)`,
      note: `p50 ${result.p50.toFixed(2)} ms, p99 ${result.p99.toFixed(2)} ms`,
    });
    if (connections === 16 && peerResult !== undefined)
      print({
        what: "the same, against a peer",
        value: `${Math.round(result.perSecond)}/s`,
        ratio: result.perSecond / peerResult.perSecond,
        against: `serverless-offline (${Math.round(peerResult.perSecond)}/s)`,
      });
  }
  const mock = await measure(to("/mock"), 1, 5000);
  for (const [what, path] of [
    ["a key's check", "/keyed"],
    ["an authorizer's cached answer", "/guarded"],
    ["a template of 20 lines", "/mapped"],
    ["the last of 10,000 routes", "/r9999/7"],
  ]) {
    const result = await measure(to(path), 1, 5000);
    print({
      what: `a mock behind ${what}, 1 connection`,
      value: `${(1000 * (result.p50 - mock.p50)).toFixed(0)} us more`,
      ratio: result.p50 / mock.p50,
      against: `a mock alone (${(1000 * mock.p50).toFixed(0)} us)`,
    });
  }
  const called = await measure(to("/proxy"), 1, 2000);
  const cached = await measure(to("/cached"), 1, 5000);
  print({
    what: "the stage's cached answer of the function, 1 connection",
    value: `${(1000 * cached.p50).toFixed(0)} us`,
    ratio: cached.p50 / called.p50,
    against: `the function itself (${(1000 * called.p50).toFixed(0)} us)`,
  });
  await tripline.stop();
  raw.kill();
}

/** Imports the API, with its key and plan, through the endpoint. */
async function deploy(port) {
  const call = async (method, path, body) => {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/apigateway/aws4_request, SignedHeaders=host, Signature=none";
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  };
  const uriOf = (name) =>
    `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${name}/invocations`;
  const credentials = "arn:aws:iam::000000000000:role/any";
  const proxy = {
    responses: {},
    "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri: uriOf("Hello"), credentials },
  };
  const mock = (template = "ok", more = {}) => ({
    responses: { 200: { description: "" } },
    ...more,
    "x-amazon-apigateway-integration": {
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: { default: { statusCode: 200, responseTemplates: { "application/json": template } } },
    },
  });
  const lines = Array.from(
    { length: 20 },
    (_, index) => `"n${index}": "$context.requestId $input.params('q') #if($foreach.hasNext)x#{else}y#end"`,
  );
  const paths = {
    "/proxy": { get: proxy },
    "/cached": { get: proxy },
    "/guarded": { get: mock("ok", { security: [{ guard: [] }] }) },
    "/mock": { get: mock() },
    "/keyed": { get: mock("ok", { security: [{ api_key: [] }] }) },
    "/mapped": { get: mock(`{${lines.join(",\n")}}`) },
  };
  for (let index = 0; index < 10_000; index++) paths[`/r${index}/{id}`] = { get: mock() };
  const document = {
    openapi: "3.0.1",
    info: { title: "bench", version: "1" },
    paths,
    components: {
      securitySchemes: {
        api_key: { type: "apiKey", name: "x-api-key", in: "header" },
        guard: {
          type: "apiKey",
          name: "authorization",
          in: "header",
          "x-amazon-apigateway-authtype": "custom",
          "x-amazon-apigateway-authorizer": {
            type: "token",
            authorizerUri: uriOf("Guard"),
            authorizerCredentials: credentials,
            authorizerResultTtlInSeconds: 3600,
          },
        },
      },
    },
  };
  const { id } = await call("POST", "/restapis?mode=import", document);
  await call("POST", `/restapis/${id}/deployments`, { stageName: "dev" });
  const set = (path, value) => ({ op: "replace", path, value });
  await call("PATCH", `/restapis/${id}/stages/dev`, {
    patchOperations: [
      set("/cacheClusterEnabled", "true"),
      set("/cacheClusterSize", "0.5"),
      set("/~1cached/GET/caching/enabled", "true"),
      set("/~1cached/GET/caching/ttlInSeconds", "3600"),
    ],
  });
  const { id: keyId } = await call("POST", "/apikeys", { value: key, enabled: true });
  const { id: planId } = await call("POST", "/usageplans", { name: "bench", apiStages: [{ apiId: id, stage: "dev" }] });
  await call("POST", `/usageplans/${planId}/keys`, { keyId, keyType: "API_KEY" });
  return id;
}
