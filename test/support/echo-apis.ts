/**
 * APIs in front of one function that answers with its event, or with what the request's `x-answer` header asks for. As an authorizer it does
 * what the token says: `allow`, `deny`, `elsewhere` (allow something else), `garbage`; anything else is the error that it throws.
 */
import { connect } from "node:net";
import { createSimulator, type Simulator } from "tripline";
import { call } from "./call.ts";

/** What a client got. */
export interface EchoAnswer {
  status: number;
  /** Lower-case names; values of one name joined by ` | `. Those of the connection are left out. */
  headers: Record<string, string>;
  /** As latin1. */
  body: string;
  /** What came before: `100 Continue`. */
  interim: boolean;
}

/** A request, byte by byte as it is given. */
export interface EchoRequest {
  method?: string;
  target: string;
  host?: string;
  /** `Name: value` lines. */
  headers?: readonly string[];
  /** With a Content-Length unless `headers` say how it is framed. */
  body?: string | Uint8Array;
}

/** What the function shall do: `value` is returned, `payload` too as it is written; it throws, or never ends. */
export type EchoOrder = { value: unknown } | { error: string } | { hangs: true } | { bytes: number };

/** The header that tells the function. */
export function orderHeader(order: EchoOrder): string {
  return `x-answer: ${Buffer.from(JSON.stringify(order)).toString("base64")}`;
}

const echo = `exports.handler = async (event) => {
  const headers = event.headers ?? {};
  if (event.type === "TOKEN" || event.type === "REQUEST") {
    const token = event.authorizationToken ?? headers.authorization;
    if (token === "garbage") return "no policy";
    if (token !== "allow" && token !== "deny" && token !== "elsewhere") throw new Error(token);
    const Effect = token === "deny" ? "Deny" : "Allow";
    const Resource = token === "elsewhere" ? "arn:aws:execute-api:*:*:*/other" : "*";
    return { principalId: "p", policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect, Resource }] } };
  }
  const given = headers["x-answer"];
  if (given === undefined) return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(event) };
  const order = JSON.parse(Buffer.from(given, "base64").toString());
  if ("error" in order) throw new Error(order.error);
  if ("hangs" in order) return new Promise(() => undefined);
  if ("bytes" in order) return { statusCode: 200, body: "x".repeat(order.bytes) };
  return order.value;
};`;

/** ARN of the function, and its ARN as an integration of a REST API names it. */
export const echoArn = "arn:aws:lambda:us-east-1:000000000000:function:echo";
export const echoUri: string = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${echoArn}/invocations`;

/** A running simulator with the function, on virtual time. */
export function startEcho(): Promise<Simulator> {
  return createSimulator({
    clock: "virtual",
    isolation: "inline",
    resources: {
      Echo: {
        Type: "AWS::Serverless::Function",
        Properties: {
          FunctionName: "echo",
          Runtime: "nodejs20.x",
          Handler: "index.handler",
          Timeout: 1,
          InlineCode: echo,
        },
      },
      Permission: {
        Type: "AWS::Lambda::Permission",
        Properties: { FunctionName: "echo", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com" },
      },
    },
  });
}

/** A method in front of the function; `more` is merged into its integration. */
export function proxy(more: object = {}, operation: object = {}): object {
  return {
    responses: {},
    ...operation,
    "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri: echoUri, ...more },
  };
}

/** A method that the gateway answers by itself. */
export function mock(more: object = {}, operation: object = {}): object {
  return {
    responses: { 200: { description: "" } },
    ...operation,
    "x-amazon-apigateway-integration": {
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: { default: { statusCode: "200", responseTemplates: { "application/json": "ok" } } },
      ...more,
    },
  };
}

/** Imports a REST API with methods by `METHOD /path`, deploys it to the stage `dev`, and returns its id. */
export async function restApi(
  simulator: Simulator,
  operations: Readonly<Record<string, object>>,
  { more = {}, stage = {} }: { more?: object; stage?: object } = {},
): Promise<string> {
  const paths: Record<string, Record<string, object>> = {};
  for (const [key, operation] of Object.entries(operations)) {
    const [method = "", path = ""] = key.split(" ");
    (paths[path] ??= {})[method === "ANY" ? "x-amazon-apigateway-any-method" : method.toLowerCase()] = operation;
  }
  const regional = { "x-amazon-apigateway-endpoint-configuration": { types: ["REGIONAL"] } };
  const document = { openapi: "3.0.1", info: { title: "Rest", version: "1" }, paths, ...regional, ...more };
  const { id } = (await call(simulator, "apigateway", "ImportRestApi", {
    body: Buffer.from(JSON.stringify(document)),
    failOnWarnings: true,
    parameters: { endpointConfigurationTypes: "REGIONAL" },
  })) as { id: string };
  await call(simulator, "apigateway", "CreateDeployment", { restApiId: id, stageName: "dev", ...stage });
  return id;
}

/** Makes an HTTP API with these routes in front of the function on one stage, and returns its id. */
export async function httpApi(
  simulator: Simulator,
  routeKeys: readonly string[],
  more: { format?: "1.0" | "2.0"; stage?: string; timeoutMs?: number; api?: object; stageSettings?: object } = {},
): Promise<string> {
  const run = (operation: string, input: object): Promise<unknown> => call(simulator, "apigatewayv2", operation, input);
  const { ApiId } = (await run("CreateApi", { Name: "Http", ProtocolType: "HTTP", ...more.api })) as { ApiId: string };
  const { IntegrationId } = (await run("CreateIntegration", {
    ApiId,
    IntegrationType: "AWS_PROXY",
    IntegrationUri: echoArn,
    PayloadFormatVersion: more.format ?? "2.0",
    ...(more.timeoutMs === undefined ? {} : { TimeoutInMillis: more.timeoutMs }),
  })) as { IntegrationId: string };
  for (const RouteKey of routeKeys)
    await run("CreateRoute", { ApiId, RouteKey, Target: `integrations/${IntegrationId}` });
  await run("CreateStage", { ApiId, StageName: more.stage ?? "$default", AutoDeploy: true, ...more.stageSettings });
  return ApiId;
}

/** The host of an API. */
export function hostOf(apiId: string): string {
  return `${apiId}.execute-api.us-east-1.amazonaws.com`;
}

/** Sends a request over a connection of its own, which is left open until the answer is there: a server that has no use for the body may answer early. */
export function send(simulator: Simulator, request: EchoRequest): Promise<EchoAnswer> {
  const { method = "GET", target, host = "localhost", headers = [], body = "" } = request;
  const bytes = Buffer.from(body);
  const isFramed = headers.some((line) => /^(?:content-length|transfer-encoding):/i.test(line));
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, ...headers];
  if (!isFramed && (bytes.length > 0 || method === "POST")) lines.push(`Content-Length: ${bytes.length}`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(simulator.endpoint ?? "").port), "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      received += text;
      const answer = parse(received, method);
      if (answer === undefined) return;
      socket.destroy();
      resolve(answer);
    });
    socket.on("error", reject);
    socket.on("close", () => {
      reject(new Error(`The connection ended after ${JSON.stringify(received)}.`));
    });
    socket.write(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), bytes]));
  });
}

/** Undefined until it is whole. */
function parse(whole: string, method: string): EchoAnswer | undefined {
  const interim = whole.startsWith("HTTP/1.1 100 ");
  const answer = interim ? whole.slice(whole.indexOf("\r\n\r\n") + 4) : whole;
  const end = answer.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = answer.slice(0, end).split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(":")).toLowerCase();
    const value = line.slice(line.indexOf(":") + 1).trim();
    headers[name] = name in headers ? `${headers[name]} | ${value}` : value;
  }
  const body = answer.slice(end + 4);
  const { "keep-alive": _ours, connection: _too, ...rest } = headers;
  if (method !== "HEAD" && body.length < Number(headers["content-length"] ?? 0)) return undefined;
  return { status: Number(first.split(" ")[1]), headers: rest, body, interim };
}
