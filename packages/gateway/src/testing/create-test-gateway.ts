import {
  Activity,
  createRng,
  defaultScope,
  EventBus,
  type HttpResponse,
  type InvokeRequest,
  type InvokeResult,
  type Operation,
  ServiceError,
  VirtualClock,
} from "@tripline/kernel";
import { realTime } from "@tripline/kernel/real-time";
import { callOperation, failureOf, operationsOf } from "@tripline/kernel/testing";
import { createDocumentStore, type Database, openDatabase } from "@tripline/storage";
import { createGateway, type Gateway, type GatewayOptions } from "../index.ts";

/** What a client sees. */
export interface Answer {
  status: number;
  /** Lower-case names; values of one name joined by ` | `. */
  headers: Record<string, string>;
  body: string;
}

/** A request to send. */
export interface TestRequest {
  method?: string;
  target: string;
  headers?: readonly string[];
  body?: Uint8Array | string;
}

/** A gateway on a virtual clock, whose functions are what `answer` says. */
export interface TestGateway {
  gateway: Gateway;
  clock: VirtualClock;
  database: Database;
  /** Lines of logs, as `group stream message`. */
  logs: { group: string; stream: string; message: string }[];
  /** Events that functions got. */
  events: Record<string, unknown>[];
  send(request: TestRequest): Promise<Answer>;
  call<Output = Record<string, string>>(
    service: string,
    operation: string,
    input: object,
    upsert?: boolean,
  ): Promise<Output>;
  /** Code and message of the error that a call ends with. */
  errorOf(service: string, operation: string, input: object): Promise<string>;
}

/** What a function does: its answer as JSON value or text of the payload, an error, or never ending. */
export type TestAnswer =
  | { value: unknown }
  | { payload: string }
  | { failed: true }
  /** The function's error, as JSON text. */
  | { failedWith: string }
  | { thrown: ServiceError }
  | "hangs";

export const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:orders";

/** That function as an integration's URI names it. */
export const functionUri: string = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`;

/** `database`: one that another gateway has used before. */
export async function createTestGateway(
  answer: (event: Record<string, unknown>) => TestAnswer,
  database: Database = openDatabase({ dataDir: undefined, activity: new Activity() }),
  more: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
  const logs: TestGateway["logs"] = [];
  const activity = new Activity();
  const clock = new VirtualClock({ activity, realTime, startMs: Date.UTC(2020, 2, 12, 19, 3, 58, 390) });
  const events: Record<string, unknown>[] = [];
  const invoke = async ({ payload }: InvokeRequest): Promise<InvokeResult> => {
    const event = JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>;
    events.push(event);
    const given = answer(event);
    if (given === "hangs") return new Promise(() => undefined);
    if ("thrown" in given) throw given.thrown;
    const text =
      "value" in given
        ? JSON.stringify(given.value)
        : "payload" in given
          ? given.payload
          : "failedWith" in given
            ? given.failedWith
            : "{}";
    const isFailure = "failed" in given || "failedWith" in given;
    return {
      requestId: "r",
      status: isFailure ? "error" : "success",
      payload: Buffer.from(text),
      ...(isFailure ? { functionError: "Unhandled" as const } : {}),
      executedVersion: "$LATEST",
      functionArn,
      durationMs: 1,
      billedDurationMs: 1,
      coldStart: false,
      environmentId: "e",
      logTail: () => "",
    };
  };
  const gateway = createGateway({
    clock,
    realTime,
    rng: createRng("gateway"),
    bus: new EventBus(),
    activity,
    scope: defaultScope,
    invoker: { invoke },
    documents: createDocumentStore(database),
    logSink: ({ logGroup, logStream, message }) => logs.push({ group: logGroup, stream: logStream, message }),
    ...more,
  });
  await gateway.start();
  const operations = new Map<string, Operation[]>();
  for (const service of gateway.services) operations.set(service.id, await operationsOf(service));
  const call = async <Output>(service: string, name: string, input: object, upsert = false): Promise<Output> =>
    callOperation(operations.get(service) ?? [], name, input, { upsert });
  return {
    gateway,
    clock,
    database,
    logs,
    events,
    call,
    async errorOf(service, operation, input) {
      const { code, status, message } = await failureOf(call(service, operation, input));
      return `${code} ${status}: ${message}`;
    },
    async send({ method = "GET", target, headers = ["Host", "127.0.0.1:4566"], body = "" }) {
      const bytes = Buffer.from(body);
      const response = await gateway.handle({
        method,
        target,
        httpVersion: "1.1",
        rawHeaders: headers,
        sourceIp: "192.0.2.7",
        endpoint: "http://127.0.0.1:4566",
        signal: new AbortController().signal,
        async body(limitBytes) {
          if (bytes.length > limitBytes) throw new ServiceError("EntityTooLarge", "too large", { status: 413 });
          return bytes;
        },
      });
      return toAnswer(response);
    },
  };
}

function toAnswer(response: HttpResponse): Answer {
  const headers: Record<string, string> = {};
  for (let index = 0; index < response.rawHeaders.length; index += 2) {
    const name = response.rawHeaders[index]?.toLowerCase() ?? "";
    const value = response.rawHeaders[index + 1] ?? "";
    headers[name] = name in headers ? `${headers[name]} | ${value}` : value;
  }
  const { body } = response;
  if (typeof body !== "string" && !(body instanceof Uint8Array)) throw new Error("a streamed answer");
  return { status: response.status, headers, body: Buffer.from(body).toString("latin1") };
}

/** Makes an HTTP API `Shop` with these routes on stage `$default`, and returns its id. */
export async function withHttpApi(
  test: TestGateway,
  routeKeys: readonly string[],
  options: { cors?: object; format?: "1.0" | "2.0"; stage?: string; timeoutMs?: number; variables?: object } = {},
): Promise<string> {
  const { ApiId = "" } = await test.call("apigatewayv2", "CreateApi", {
    Name: "Shop",
    ProtocolType: "HTTP",
    ...(options.cors === undefined ? {} : { CorsConfiguration: options.cors }),
  });
  const { IntegrationId = "" } = await test.call("apigatewayv2", "CreateIntegration", {
    ApiId,
    IntegrationType: "AWS_PROXY",
    IntegrationUri: functionArn,
    PayloadFormatVersion: options.format ?? "2.0",
    ...(options.timeoutMs === undefined ? {} : { TimeoutInMillis: options.timeoutMs }),
  });
  for (const RouteKey of routeKeys)
    await test.call("apigatewayv2", "CreateRoute", { ApiId, RouteKey, Target: `integrations/${IntegrationId}` });
  await test.call("apigatewayv2", "CreateStage", {
    ApiId,
    StageName: options.stage ?? "$default",
    AutoDeploy: true,
    ...(options.variables === undefined ? {} : { StageVariables: options.variables }),
  });
  return ApiId;
}

/** Makes a REST API `Legacy` with these `METHOD /path` on stage `dev`, and returns its id. */
export async function withRestApi(
  test: TestGateway,
  routes: readonly string[],
  options: { binaryMediaTypes?: string[]; timeoutMs?: number; variables?: object } = {},
): Promise<string> {
  const { id: restApiId = "", rootResourceId = "" } = await test.call("apigateway", "CreateRestApi", {
    name: "Legacy",
    ...(options.binaryMediaTypes === undefined ? {} : { binaryMediaTypes: options.binaryMediaTypes }),
  });
  const ids = new Map([["", rootResourceId]]);
  for (const route of routes) {
    const [httpMethod = "", path = ""] = route.split(" ", 2);
    let at = "";
    for (const pathPart of path.split("/").filter((one) => one !== "")) {
      const next = `${at}/${pathPart}`;
      if (!ids.has(next)) {
        const parentId = ids.get(at);
        const made = await test.call("apigateway", "CreateResource", { restApiId, parentId, pathPart });
        ids.set(next, made["id"] ?? "");
      }
      at = next;
    }
    const method = { restApiId, resourceId: ids.get(at), httpMethod };
    await test.call("apigateway", "PutMethod", { ...method, authorizationType: "NONE" });
    await test.call("apigateway", "PutIntegration", {
      ...method,
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: functionUri,
      ...(options.timeoutMs === undefined ? {} : { timeoutInMillis: options.timeoutMs }),
    });
  }
  await test.call("apigateway", "CreateDeployment", {
    restApiId,
    stageName: "dev",
    ...(options.variables === undefined ? {} : { variables: options.variables }),
  });
  return restApiId;
}
