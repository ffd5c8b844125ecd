/** What clients get of functions' answers: every row is answered by a REST API and by HTTP APIs of both payload formats. */
import type { Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type EchoAnswer,
  type EchoOrder,
  hostOf,
  httpApi,
  orderHeader,
  proxy,
  restApi,
  send,
  startEcho,
} from "./support/echo-apis.ts";

type Kind = "rest" | "v1" | "v2";
type Seen = { status: number; headers: Record<string, string>; body: string };

let simulator: Simulator;
let hosts: Record<Kind, string>;

beforeAll(async () => {
  simulator = await startEcho();
  hosts = {
    rest: hostOf(await restApi(simulator, { "ANY /": proxy() })),
    v1: hostOf(await httpApi(simulator, ["ANY /"], { format: "1.0" })),
    v2: hostOf(await httpApi(simulator, ["ANY /"])),
  };
});
afterAll(() => simulator.stop());

const ask = (kind: Kind, order: EchoOrder, headers: readonly string[] = [], method = "GET"): Promise<EchoAnswer> =>
  send(simulator, {
    method,
    host: hosts[kind],
    target: kind === "rest" ? "/dev/" : "/",
    headers: [...headers, orderHeader(order)],
  });

/** Ids and dates are there, and are not compared; what is left is. */
function seen(kind: Kind, { status, headers, body }: EchoAnswer): Seen {
  const { date, "content-length": length, ...rest } = headers;
  expect([date, Number(length ?? 0)]).toEqual([expect.any(String), body.length]);
  const ids: Record<string, RegExp> =
    kind === "rest"
      ? { "x-amzn-requestid": /^[0-9a-f-]{36}$/, "x-amz-apigw-id": /^[\w-]{15}=$/ }
      : { "apigw-requestid": /^[\w-]{15}=$/ };
  for (const [name, pattern] of Object.entries(ids)) {
    expect([name, rest[name]]).toEqual([name, expect.stringMatching(pattern)]);
    delete rest[name];
  }
  if (kind === "rest" && rest["x-amzn-errortype"] === undefined) {
    expect(rest["x-amzn-trace-id"]).toMatch(/^Root=1-/);
    delete rest["x-amzn-trace-id"];
  }
  return { status, headers: rest, body };
}

const json = { "content-type": "application/json" };
const text = { "content-type": "text/plain; charset=utf-8" };
const badGateway: Seen = {
  status: 502,
  headers: { ...json, "x-amzn-errortype": "InternalServerErrorException" },
  body: '{"message": "Internal server error"}',
};
const serverError: Seen = { status: 500, headers: json, body: '{"message":"Internal Server Error"}' };
const malformed = { rest: badGateway, v1: serverError, v2: serverError };
/** The same of all three, but for the content type that each gives. */
const alike = (status: number, headers: Record<string, string>, body: string) => ({
  rest: { status, headers: { ...json, ...headers }, body },
  v1: { status, headers: { ...text, ...headers }, body },
  v2: { status, headers: { ...text, ...headers }, body },
});

const rows: [string, EchoOrder, Record<Kind, Seen>][] = [
  ["status and body", { value: { statusCode: 201, body: "hi" } }, alike(201, {}, "hi")],
  ["no body", { value: { statusCode: 200 } }, alike(200, {}, "")],
  ["a body that is null", { value: { statusCode: 200, body: null, headers: null } }, alike(200, {}, "")],
  ["the status as text", { value: { statusCode: "404", body: "no" } }, alike(404, {}, "no")],
  [
    "a content type of its own",
    { value: { statusCode: 200, headers: { "Content-Type": "text/csv" }, body: "a,b" } },
    alike(200, { "content-type": "text/csv" }, "a,b"),
  ],
  [
    "text beyond ASCII",
    { value: { statusCode: 200, body: "ü☕" } },
    alike(200, {}, Buffer.from("ü☕").toString("latin1")),
  ],
  ["204", { value: { statusCode: 204, body: "dropped" } }, alike(204, {}, "")],
  ["a redirect", { value: { statusCode: 302, headers: { Location: "/x" } } }, alike(302, { location: "/x" }, "")],
  [
    "a boolean as a header",
    { value: { statusCode: 200, headers: { "x-a": true } } },
    alike(200, { "x-a": "true" }, ""),
  ],
  [
    "a header beyond ASCII",
    { value: { statusCode: 200, headers: { "x-a": "ü" } } },
    alike(200, { "x-a": "\u00c3\u00bc" }, ""),
  ],
  [
    "a header with line ends",
    { value: { statusCode: 200, headers: { "x-a": "1\r\nx-b: 2" } } },
    alike(200, { "x-a": "1x-b: 2" }, ""),
  ],
  ["a header whose name is none", { value: { statusCode: 200, headers: { "x a": "1" } } }, alike(200, {}, "")],
  [
    "a header as a number",
    { value: { statusCode: 200, headers: { "x-a": 1 } } },
    { ...alike(200, { "x-a": "1" }, ""), rest: badGateway },
  ],
  [
    "the connection's own headers",
    {
      value: {
        statusCode: 200,
        headers: {
          Connection: "x",
          "Content-Length": "99",
          Date: "y",
          Server: "z",
          "x-amzn-RequestId": "r",
          "Transfer-Encoding": "t",
        },
        body: "hi",
      },
    },
    {
      rest: {
        status: 200,
        headers: {
          ...json,
          "x-amzn-remapped-connection": "x",
          "x-amzn-remapped-content-length": "99",
          "x-amzn-remapped-date": "y",
          "x-amzn-remapped-server": "z",
          "x-amzn-remapped-x-amzn-requestid": "r",
        },
        body: "hi",
      },
      v1: { status: 200, headers: { ...text, server: "z", "x-amzn-requestid": "r" }, body: "hi" },
      v2: { status: 200, headers: { ...text, server: "z", "x-amzn-requestid": "r" }, body: "hi" },
    },
  ],
  [
    "a header in both maps",
    { value: { statusCode: 200, headers: { a: "solo", b: "1" }, multiValueHeaders: { A: ["x", "y"], b: ["1"] } } },
    {
      rest: { status: 200, headers: { ...json, a: "x | y | solo", b: "1" }, body: "" },
      v1: { status: 200, headers: { ...text, a: "solo | x | y", b: "1 | 1" }, body: "" },
      v2: { status: 200, headers: { ...text, a: "solo", b: "1" }, body: "" },
    },
  ],
  [
    "cookies",
    { value: { statusCode: 200, multiValueHeaders: { "Set-Cookie": ["a=1", "b=2; Path=/"] } } },
    { ...alike(200, { "set-cookie": "a=1 | b=2; Path=/" }, ""), v2: { status: 200, headers: text, body: "" } },
  ],
  [
    "cookies of format 2.0",
    { value: { statusCode: 200, cookies: ["a=1", "b=2"] } },
    {
      rest: badGateway,
      v1: { status: 200, headers: text, body: "" },
      v2: { status: 200, headers: { ...text, "set-cookie": "a=1 | b=2" }, body: "" },
    },
  ],
  [
    "base64",
    { value: { statusCode: 200, body: "/wBB", isBase64Encoded: true } },
    {
      rest: { status: 200, headers: json, body: "/wBB" },
      v1: { status: 200, headers: text, body: "\u00ff\0A" },
      v2: { status: 200, headers: text, body: "\u00ff\0A" },
    },
  ],
  ["another member", { value: { statusCode: 200, body: "x", extra: 1 } }, { ...alike(200, {}, "x"), rest: badGateway }],
  [
    "no status",
    { value: { body: "x" } },
    {
      rest: { status: 200, headers: json, body: "x" },
      v1: serverError,
      v2: { status: 200, headers: json, body: '{"body":"x"}' },
    },
  ],
  ["a text", { value: "hi" }, { rest: badGateway, v1: serverError, v2: { status: 200, headers: json, body: "hi" } }],
  [
    "a list",
    { value: [1, 2] },
    { rest: badGateway, v1: serverError, v2: { status: 200, headers: json, body: "[1,2]" } },
  ],
  ["a number", { value: 1.5 }, { rest: badGateway, v1: serverError, v2: { status: 200, headers: json, body: "1.5" } }],
  ["null", { value: null }, { rest: badGateway, v1: serverError, v2: { status: 200, headers: json, body: "null" } }],
  [
    "{}",
    { value: {} },
    { rest: { status: 200, headers: json, body: "" }, v1: serverError, v2: { status: 200, headers: json, body: "{}" } },
  ],
  ["the status 0", { value: { statusCode: 0 } }, malformed],
  ["the status 100", { value: { statusCode: 100 } }, malformed],
  ["the status 600", { value: { statusCode: 600 } }, malformed],
  ["a status with a fraction", { value: { statusCode: 200.5 } }, malformed],
  ["a status that is no number", { value: { statusCode: "ok" } }, malformed],
  ["an object as body", { value: { statusCode: 200, body: { a: 1 } } }, malformed],
  ["a list as headers", { value: { statusCode: 200, headers: ["a"] } }, malformed],
  [
    "a value in multiValueHeaders that is no list",
    { value: { statusCode: 200, multiValueHeaders: { a: "b" } } },
    { ...malformed, v2: { status: 200, headers: text, body: "" } },
  ],
  ["an error", { error: "oh" }, malformed],
  ["an answer over 6 MB", { bytes: 6_291_557 }, malformed],
];

describe.each(["rest", "v1", "v2"] as const)("%s", (kind) => {
  it.each(rows)("%s", async (_case, order, expected) => {
    expect(seen(kind, await ask(kind, order))).toEqual(expected[kind]);
  });

  it("HEAD has the headers alone", async () => {
    const { status, headers, body } = await ask(kind, { value: { statusCode: 200, body: "hi" } }, [], "HEAD");
    expect([status, headers["content-type"], body]).toEqual([200, (kind === "rest" ? json : text)["content-type"], ""]);
  });
});

describe("base64 of a REST API with binary media types", () => {
  it.each<[string, EchoOrder, string[], number, string]>([
    [
      "the first type of Accept is one",
      { value: { body: "/wBB", isBase64Encoded: true } },
      ["Accept: image/png, text/html"],
      200,
      "\u00ff\0A",
    ],
    [
      "a later type of Accept is one",
      { value: { body: "/wBB", isBase64Encoded: true } },
      ["Accept: text/html, image/png"],
      200,
      "/wBB",
    ],
    ["no Accept", { value: { body: "/wBB", isBase64Encoded: true } }, [], 200, "/wBB"],
    ["not said to be base64", { value: { body: "/wBB" } }, ["Accept: image/png"], 200, "/wBB"],
    [
      "no base64",
      { value: { body: "!", isBase64Encoded: true } },
      ["Accept: image/png"],
      500,
      '{"message": "Internal server error"}',
    ],
  ])("%s", async (_case, order, headers, status, body) => {
    const more = { "x-amazon-apigateway-binary-media-types": ["image/png"] };
    const id = await restApi(simulator, { "GET /": proxy() }, { more });
    const answer = await send(simulator, {
      host: hostOf(id),
      target: "/dev/",
      headers: [...headers, orderHeader(order)],
    });
    expect([answer.status, answer.body]).toEqual([status, body]);
  });
});
