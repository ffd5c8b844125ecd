/** What functions get of paths, queries, headers and bodies: every row goes to a REST API and to HTTP APIs of both payload formats. */
import type { Simulator } from "tripline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EchoRequest, hostOf, httpApi, proxy, restApi, send, startEcho } from "./support/echo-apis.ts";

type Event = Record<string, unknown>;
interface Row extends Omit<EchoRequest, "target"> {
  /** Below the stage. */
  target?: string;
  rest: Event;
  /** Format 1.0. */
  v1: Event;
  /** Format 2.0. */
  v2: Event;
}

let simulator: Simulator;
let hosts: { rest: string; v1: string; v2: string };

beforeAll(async () => {
  simulator = await startEcho();
  const paths = ["/", "/p", "/p/{proxy+}", "/i/{id}"];
  const routes = paths.map((path) => `ANY ${path}`);
  hosts = {
    rest: hostOf(await restApi(simulator, Object.fromEntries(routes.map((route) => [route, proxy()])))),
    v1: hostOf(await httpApi(simulator, routes, { format: "1.0" })),
    v2: hostOf(await httpApi(simulator, routes)),
  };
});
afterAll(() => simulator.stop());

async function eventsOf({
  target = "/p",
  ...request
}: Omit<Row, "rest" | "v1" | "v2">): Promise<Record<string, Event>> {
  const events: Record<string, Event> = {};
  for (const [kind, host] of Object.entries(hosts)) {
    const answer = await send(simulator, { ...request, host, target: kind === "rest" ? `/dev${target}` : target });
    if (answer.status !== 200) throw new Error(`${kind} answered ${answer.status} ${answer.body}`);
    const body = request.method === "HEAD" ? "{}" : Buffer.from(answer.body, "latin1").toString();
    events[kind] = JSON.parse(body) as Event;
  }
  return events;
}

/** The members of `event` that `wanted` names, deeply. */
function pick(event: unknown, wanted: unknown): unknown {
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted) || typeof event !== "object") return event;
  return Object.fromEntries(
    Object.keys(wanted).map((key) => [key, pick((event as Event)?.[key], (wanted as Event)[key])]),
  );
}

const check = async ({ rest, v1, v2, ...request }: Row): Promise<void> => {
  const wanted = { rest, v1, v2 };
  expect(pick(await eventsOf(request), wanted)).toEqual(wanted);
};

/** What the three say of a path with a parameter: as it was sent, and decoded. */
const path = (raw: string, decoded: string, parameters: { rest: Event | null; http?: Event }) => ({
  rest: { path: raw, pathParameters: parameters.rest, requestContext: { path: `/dev${raw}` } },
  v1: { path: raw, pathParameters: parameters.http ?? null, requestContext: { path: decoded } },
  v2: { rawPath: decoded, pathParameters: parameters.http, requestContext: { http: { path: decoded } } },
});

describe("paths", () => {
  it.each<[string, ReturnType<typeof path>]>([
    ["/p/a", path("/p/a", "/p/a", { rest: { proxy: "a" }, http: { proxy: "a" } })],
    ["/p/a%20b", path("/p/a%20b", "/p/a b", { rest: { proxy: "a%20b" }, http: { proxy: "a b" } })],
    ["/p/%C3%BC", path("/p/%C3%BC", "/p/ü", { rest: { proxy: "%C3%BC" }, http: { proxy: "ü" } })],
    ["/p/%E2%98%95/x", path("/p/%E2%98%95/x", "/p/☕/x", { rest: { proxy: "%E2%98%95/x" }, http: { proxy: "☕/x" } })],
    ["/p/a+b", path("/p/a+b", "/p/a+b", { rest: { proxy: "a+b" }, http: { proxy: "a+b" } })],
    ["/p/a%2Bb", path("/p/a%2Bb", "/p/a+b", { rest: { proxy: "a%2Bb" }, http: { proxy: "a+b" } })],
    ["/p/a%2Fb", path("/p/a%2Fb", "/p/a/b", { rest: { proxy: "a%2Fb" }, http: { proxy: "a/b" } })],
    ["/i/a%2Fb", path("/i/a%2Fb", "/i/a/b", { rest: { id: "a%2Fb" }, http: { id: "a/b" } })],
    ["/p/a%3Fb%23c", path("/p/a%3Fb%23c", "/p/a?b#c", { rest: { proxy: "a%3Fb%23c" }, http: { proxy: "a?b#c" } })],
    ["/p/%zz", path("/p/%zz", "/p/%zz", { rest: { proxy: "%zz" }, http: { proxy: "%zz" } })],
    ["/p/a/", path("/p/a/", "/p/a/", { rest: { proxy: "a" }, http: { proxy: "a/" } })],
    ["/p/a//b", path("/p/a//b", "/p/a//b", { rest: { proxy: "a//b" }, http: { proxy: "a//b" } })],
    [
      "/p/a/../b/./c",
      path("/p/a/../b/./c", "/p/a/../b/./c", { rest: { proxy: "a/../b/./c" }, http: { proxy: "a/../b/./c" } }),
    ],
    ["/p/..", path("/p/..", "/p/..", { rest: { proxy: ".." }, http: { proxy: ".." } })],
    ["/p/a;v=1", path("/p/a;v=1", "/p/a;v=1", { rest: { proxy: "a;v=1" }, http: { proxy: "a;v=1" } })],
    ["/p/a#f", path("/p/a", "/p/a", { rest: { proxy: "a" }, http: { proxy: "a" } })],
    ["/p", path("/p", "/p", { rest: null })],
    ["/", path("/", "/", { rest: null })],
  ])("%s", (target, expected) => check({ target, ...expected }));

  it("slashes after a REST API's stage are one in the path, and all in its context", async () => {
    const answer = await send(simulator, { host: hosts.rest, target: "/dev//p/a" });
    expect(JSON.parse(answer.body)).toMatchObject({ path: "/p/a", requestContext: { path: "/dev//p/a" } });
  });

  it("an absolute target, as a proxy sends it, is cut to its path", async () => {
    const answer = await send(simulator, { host: hosts.v2, target: `http://${hosts.v2}/p/a?b=1` });
    expect(JSON.parse(answer.body)).toMatchObject({ rawPath: "/p/a", rawQueryString: "b=1" });
  });
});

const query = (
  multi: Record<string, string[]> | null,
  single: Event | null,
  joined: Event | undefined,
  raw: string,
) => ({
  rest: { queryStringParameters: single, multiValueQueryStringParameters: multi },
  v1: { queryStringParameters: single, multiValueQueryStringParameters: multi },
  v2: { queryStringParameters: joined, rawQueryString: raw },
});

describe("queries", () => {
  it.each<[string, ReturnType<typeof query>]>([
    ["?a=1&b=2", query({ a: ["1"], b: ["2"] }, { a: "1", b: "2" }, { a: "1", b: "2" }, "a=1&b=2")],
    ["?a=1&a=2&a=", query({ a: ["1", "2", ""] }, { a: "" }, { a: "1,2," }, "a=1&a=2&a=")],
    ["?a=1,2&a=3", query({ a: ["1,2", "3"] }, { a: "3" }, { a: "1,2,3" }, "a=1,2&a=3")],
    ["?a&b=", query({ a: [""], b: [""] }, { a: "", b: "" }, { a: "", b: "" }, "a&b=")],
    [
      "?a=x+y&b=x%2By",
      query({ a: ["x y"], b: ["x+y"] }, { a: "x y", b: "x+y" }, { a: "x y", b: "x+y" }, "a=x+y&b=x%2By"),
    ],
    ["?a=%C3%BC&%C3%BC=1", query({ a: ["ü"], ü: ["1"] }, { a: "ü", ü: "1" }, { a: "ü", ü: "1" }, "a=%C3%BC&%C3%BC=1")],
    [
      "?u=https%3A%2F%2Fx%2F%3Fq%3D1",
      query(
        { u: ["https://x/?q=1"] },
        { u: "https://x/?q=1" },
        { u: "https://x/?q=1" },
        "u=https%3A%2F%2Fx%2F%3Fq%3D1",
      ),
    ],
    ["?a=b=c?d", query({ a: ["b=c?d"] }, { a: "b=c?d" }, { a: "b=c?d" }, "a=b=c?d")],
    [
      "?f[x]=1&f[]=2",
      query({ "f[x]": ["1"], "f[]": ["2"] }, { "f[x]": "1", "f[]": "2" }, { "f[x]": "1", "f[]": "2" }, "f[x]=1&f[]=2"),
    ],
    ["?A=1&a=2", query({ A: ["1"], a: ["2"] }, { A: "1", a: "2" }, { A: "1", a: "2" }, "A=1&a=2")],
    [
      "?constructor=1&toString=2",
      query(
        { constructor: ["1"], toString: ["2"] },
        { constructor: "1", toString: "2" },
        { constructor: "1", toString: "2" },
        "constructor=1&toString=2",
      ),
    ],
    ["?a=1#f", query({ a: ["1"] }, { a: "1" }, { a: "1" }, "a=1")],
    ["?", query(null, null, undefined, "")],
    ["?&", query(null, null, undefined, "&")],
    ["", query(null, null, undefined, "")],
  ])("%s", (text, expected) => check({ target: `/p${text}`, ...expected }));

  it("a semicolon ends a parameter of a REST API", async () => {
    const expected = query({ a: ["1;b=2"] }, { a: "1;b=2" }, { a: "1;b=2" }, "a=1;b=2");
    await check({ target: "/p?a=1;b=2", ...expected, rest: { queryStringParameters: { a: "1", b: "2" } } });
  });
});

/** A header as each of them names it; undefined where it is not passed on. */
const header = (sent: string, values: string[], passed: { rest?: false; http?: false } = {}) => {
  const last = values.at(-1);
  const name = sent.toLowerCase();
  const isHttp = passed.http !== false;
  const isRest = passed.rest !== false;
  return {
    rest: {
      headers: { [sent]: isRest ? last : undefined },
      multiValueHeaders: { [sent]: isRest ? values : undefined },
    },
    v1: { headers: { [name]: isHttp ? last : undefined }, multiValueHeaders: { [name]: isHttp ? values : undefined } },
    v2: { headers: { [name]: isHttp ? values.join(",") : undefined } },
  };
};

describe("headers", () => {
  it.each<[string, string[], ReturnType<typeof header>]>([
    ["one that arrives twice", ["X-A: 1", "X-A: 2"], header("X-A", ["1", "2"])],
    ["its case", ["tEsT-hEaDer: 1"], header("tEsT-hEaDer", ["1"])],
    ["one without a value", ["X-Empty:"], header("X-Empty", [""])],
    ["a list in one line", ["Accept: text/html, */*;q=0.5"], header("Accept", ["text/html, */*;q=0.5"])],
    ["spaces around a value", ["X-A:   1 2  "], header("X-A", ["1 2"])],
    ["one named as a member of objects", ["constructor: 1"], header("constructor", ["1"])],
    ["Authorization", ["Authorization: Bearer x"], header("Authorization", ["Bearer x"])],
    ["Content-Type", ["Content-Type: text/plain"], header("Content-Type", ["text/plain"])],
    ["User-Agent", ["User-Agent: curl/8"], header("User-Agent", ["curl/8"])],
    [
      "a trace id",
      ["X-Amzn-Trace-Id: Root=1-5e6a879e-000000000000000000000000"],
      header("X-Amzn-Trace-Id", ["Root=1-5e6a879e-000000000000000000000000"]),
    ],
    ["X-Forwarded-For", ["X-Forwarded-For: 203.0.113.9"], header("X-Forwarded-For", ["203.0.113.9, 127.0.0.1"])],
    ["X-Forwarded-Proto", ["X-Forwarded-Proto: https"], header("X-Forwarded-Proto", ["http"])],
    ["X-Forwarded-Port", ["X-Forwarded-Port: 443"], header("X-Forwarded-Port", ["80"])],
    ["Connection", ["Connection: keep-alive"], header("Connection", ["keep-alive"], { rest: false, http: false })],
    ["Keep-Alive", ["Keep-Alive: timeout=5"], header("Keep-Alive", ["timeout=5"], { http: false })],
    ["TE", ["TE: trailers"], header("TE", ["trailers"], { rest: false, http: false })],
    ["Trailer", ["Trailer: X-A"], header("Trailer", ["X-A"], { rest: false, http: false })],
    ["Upgrade", ["Upgrade: websocket"], header("Upgrade", ["websocket"], { rest: false, http: false })],
    ["Max-Forwards", ["Max-Forwards: 1"], header("Max-Forwards", ["1"], { rest: false })],
    ["Server", ["Server: x"], header("Server", ["x"], { rest: false })],
    ["Content-MD5", ["Content-MD5: x"], header("Content-MD5", ["x"], { rest: false })],
    ["Proxy-Authenticate", ["Proxy-Authenticate: x"], header("Proxy-Authenticate", ["x"], { rest: false })],
    ["WWW-Authenticate", ["WWW-Authenticate: x"], header("WWW-Authenticate", ["x"], { rest: false })],
  ])("%s", (_case, headers, expected) => check({ headers, ...expected }));

  it("cookies are a header, and in format 2.0 a list", () =>
    check({
      headers: ["Cookie: a=1; b=2", "Cookie: c=3"],
      rest: { headers: { Cookie: "c=3" }, multiValueHeaders: { Cookie: ["a=1; b=2", "c=3"] } },
      v1: { headers: { cookie: "c=3" }, multiValueHeaders: { cookie: ["a=1; b=2", "c=3"] } },
      v2: { cookies: ["a=1", "b=2", "c=3"], headers: { cookie: undefined } },
    }));

  it("without a body a REST API's function sees no Content-Length, an HTTP API's 0", () =>
    check({
      rest: { headers: { "Content-Length": undefined }, body: null, isBase64Encoded: false },
      v1: { headers: { "content-length": "0" }, body: null, isBase64Encoded: false },
      v2: { headers: { "content-length": "0" }, body: undefined, isBase64Encoded: false, cookies: undefined },
    }));
});

describe("methods", () => {
  it.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s", (method) =>
    check({
      method,
      rest: { httpMethod: method },
      v1: { httpMethod: method },
      v2: { requestContext: { http: { method } } },
    }),
  );

  it("HEAD is invoked as HEAD, and answered without a body", async () => {
    for (const [kind, host] of Object.entries(hosts)) {
      const answer = await send(simulator, { method: "HEAD", host, target: kind === "rest" ? "/dev/p" : "/p" });
      expect([answer.status, answer.headers["content-type"], answer.body]).toEqual([200, "application/json", ""]);
    }
    expect(
      simulator
        .invocations({ functionName: "echo" })
        .slice(-3)
        .map((one) => one.status),
    ).toEqual(["success", "success", "success"]);
  });

  it("X-HTTP-Method-Override counts for a REST API", () =>
    check({
      headers: ["X-HTTP-Method-Override: DELETE"],
      rest: { httpMethod: "DELETE" },
      v1: { httpMethod: "GET" },
      v2: { requestContext: { http: { method: "GET" } } },
    }));
});

const body = (rest: string | null, http: string | null, isBase64Encoded = false) => ({
  rest: { body: rest, isBase64Encoded: false },
  v1: { body: http, isBase64Encoded },
  v2: { body: http ?? undefined, isBase64Encoded },
});
const bytes = Buffer.from([0xff, 0, 0x41]);

describe("bodies", () => {
  it.each<[string, string[], string | Uint8Array, ReturnType<typeof body>]>([
    ["text without a type", [], "plain", body("plain", "plain")],
    ["text", ["Content-Type: text/plain; charset=utf-8"], "grüße ☕", body("grüße ☕", "grüße ☕")],
    ["JSON", ["content-type: application/json"], '{"a":1}', body('{"a":1}', '{"a":1}')],
    ["a kind of JSON", ["content-type: application/problem+json"], "{}", body("{}", "{}")],
    ["XML", ["content-type: application/xml"], "<a/>", body("<a/>", "<a/>")],
    ["JavaScript", ["content-type: application/javascript"], "1", body("1", "1")],
    ["a form", ["content-type: application/x-www-form-urlencoded"], "a=1", body("a=1", "YT0x", true)],
    ["bytes", ["content-type: application/octet-stream"], bytes, body("\ufffd\0A", "/wBB", true)],
    ["an image", ["content-type: image/png"], bytes, body("\ufffd\0A", "/wBB", true)],
    ["none, with a type", ["content-type: application/json"], "", body(null, null)],
    ["in chunks", ["Transfer-Encoding: chunked"], "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", body("abcde", "abcde")],
  ])("%s", (_case, headers, sent, expected) => check({ method: "POST", headers, body: sent, ...expected }));

  it("a body in chunks has its length for a function of an HTTP API", () =>
    check({
      method: "POST",
      headers: ["Transfer-Encoding: chunked"],
      body: "5\r\nabcde\r\n0\r\n\r\n",
      rest: { headers: { "Content-Length": undefined, "Transfer-Encoding": undefined } },
      v1: { headers: { "content-length": "5", "transfer-encoding": undefined } },
      v2: { headers: { "content-length": "5", "transfer-encoding": undefined } },
    }));

  it("GET may have one", () => check({ headers: ["Content-Type: text/plain"], body: "x", ...body("x", "x") }));

  it("Expect: 100-continue is answered by the gateway, and ends there", async () => {
    for (const [kind, host] of Object.entries(hosts)) {
      const answer = await send(simulator, {
        method: "POST",
        host,
        target: kind === "rest" ? "/dev/p" : "/p",
        headers: ["Expect: 100-continue"],
        body: "abc",
      });
      const event = JSON.parse(answer.body) as { body: string; headers: Event };
      expect([answer.interim, event.body, Object.keys(event.headers).filter((name) => /expect/i.test(name))]).toEqual([
        true,
        "abc",
        [],
      ]);
    }
  });

  it("a REST API's binary media types make a body base64", async () => {
    const id = await restApi(
      simulator,
      { "POST /": proxy() },
      { more: { "x-amazon-apigateway-binary-media-types": ["image/*"] } },
    );
    const eventOf = async (type: string): Promise<unknown> => {
      const headers = [`Content-Type: ${type}`];
      const answer = await send(simulator, { method: "POST", host: hostOf(id), target: "/dev/", headers, body: bytes });
      const { body: got, isBase64Encoded } = JSON.parse(Buffer.from(answer.body, "latin1").toString()) as Event;
      return [got, isBase64Encoded];
    };
    expect([await eventOf("image/png"), await eventOf("text/plain")]).toEqual([
      ["/wBB", true],
      ["\ufffd\0A", false],
    ]);
  });
});
