/** The server itself: what is no HTTP, HTTP/2, limits, routing, handlers, start and stop. */
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { isSimulatorError } from "@tripline/kernel";
import { expect, test } from "vitest";
import { bytesOf, errorOf, startEndpoint, type TestOperation } from "./testing/endpoint-fixture.ts";
import { exchangeRaw, parseRaw, rawRequest } from "./testing/raw-http.ts";

const send: TestOperation = { honoured: ["QueueUrl", "MessageBody"], answer: () => ({ MessageId: "m" }) };
const put: TestOperation = {
  honoured: ["Bucket", "Key", "Body"],
  async answer(input) {
    input["Body"] = (await bytesOf(input["Body"])).toString();
    return {};
  },
};
const jsonHeaders = { "x-amz-target": "AmazonSQS.SendMessage", "content-type": "application/x-amz-json-1.0" };
const message = JSON.stringify({ QueueUrl: "q", MessageBody: "m" });
const sendRequest = (more: Readonly<Record<string, string>> = {}): Buffer =>
  rawRequest("POST", "/", { ...jsonHeaders, "content-length": String(message.length), ...more }, message);

test("what is no HTTP is answered 400 and the connection closed", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": send });
  for (const text of [
    "nonsense\r\n\r\n",
    "GET / HTTP/1.1\r\nbad header\r\n\r\n",
    "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    "GET / HTTP/9.9\r\nhost: a\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n", // no host
    "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
  ]) {
    const answer = parseRaw(await exchangeRaw(wire.port, [text]));
    expect([text, answer.status, answer.headers["connection"]]).toEqual([text, 400, "close"]);
  }
  expect(parseRaw(await exchangeRaw(wire.port, [sendRequest()])).status).toBe(200); // it is none the worse
  // The caller of the broken body has its 400 while its request is still being routed; what is left over would never end.
  await new Promise<void>((resolve) => {
    wire.activity.onIdle(resolve);
  });
  expect(wire.internalErrors).toEqual([]);
});

test("headers over the limit are answered 431", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": send });
  const answer = parseRaw(await exchangeRaw(wire.port, [rawRequest("GET", "/", { long: "x".repeat(40_000) })]));
  expect(answer.status).toBe(431);
});

test("a request that comes byte by byte is answered as any other", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": send });
  const bytes = Array.from(sendRequest(), (byte) => Buffer.from([byte]));
  const socket = connect(wire.port, "127.0.0.1");
  socket.setNoDelay(true);
  let received = "";
  socket.on("data", (piece: Buffer) => (received += piece.toString()));
  for (const byte of bytes) {
    await new Promise<void>((resolve) => {
      socket.write(byte, () => {
        resolve();
      });
    });
  }
  await new Promise((resolve) => socket.on("close", resolve));
  expect(parseRaw(received).body).toBe('{"MessageId":"m"}');
});

test("Expect: 100-continue is answered before the body is sent", async () => {
  await using wire = await startEndpoint({ "s3.PutObject": put });
  const socket = connect(wire.port, "127.0.0.1");
  socket.write(
    "PUT /b/k HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n",
  );
  let received = "";
  await new Promise<void>((resolve) => {
    socket.on("data", (piece: Buffer) => {
      received += piece.toString();
      if (received === "HTTP/1.1 100 Continue\r\n\r\n") socket.write("hello");
    });
    socket.on("close", () => {
      resolve();
    });
  });
  expect(received).toContain("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK");
  expect(wire.calls[0]?.input["Body"]).toBe("hello");
});

test("HTTP/2 without TLS is spoken on the same port, streams and all", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": send, "s3.PutObject": put });
  const session = connectHttp2(wire.url);
  const ask = (headers: Readonly<Record<string, string>>, body: string): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const stream = session.request(headers);
      let status = 0;
      let text = "";
      stream.on("response", (answer) => (status = Number(answer[":status"])));
      stream.on("data", (piece: Buffer) => (text += piece.toString()));
      stream.on("end", () => {
        resolve({ status, body: text });
      });
      stream.on("error", reject);
      if (headers[":method"] !== "GET") stream.end(body);
    });
  expect(
    await Promise.all([
      ask({ ":method": "POST", ":path": "/", ...jsonHeaders }, message),
      ask({ ":method": "PUT", ":path": "/b/k" }, "hello"),
      ask({ ":method": "GET", ":path": "/b?acl" }, ""),
    ]),
  ).toEqual([
    { status: 200, body: '{"MessageId":"m"}' },
    { status: 200, body: "" },
    { status: 501, body: expect.stringContaining("<Code>NotImplemented</Code>") as unknown },
  ]);
  expect(new Set(wire.calls.map((call) => `${call.operation} at ${call.endpoint}`))).toEqual(
    new Set([`SendMessage at ${wire.url}`, `PutObject at ${wire.url}`]),
  );
  await new Promise<void>((resolve) => {
    session.close(resolve);
  });
});

test("a broken HTTP/2 preface ends its connection only", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": send });
  await exchangeRaw(wire.port, ["PRI * HTTP/2.0\r\n\r\nnonsense nonsense nonsense nonsense\r\n"]);
  expect(parseRaw(await exchangeRaw(wire.port, [sendRequest()])).status).toBe(200);
});

test("a body over the limit is refused in the request's protocol, announced or not", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": send });
  const announced = parseRaw(
    await exchangeRaw(wire.port, [rawRequest("POST", "/", { ...jsonHeaders, "content-length": "100000000" })]),
  );
  expect([announced.status, JSON.parse(announced.body)]).toEqual([
    413,
    {
      __type: "com.amazon.coral.service#RequestTooLargeException",
      message: "Request must be smaller than 8388608 bytes.",
    },
  ]);
  const chunk = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(0x100000, "x"), Buffer.from("\r\n")]);
  const head = rawRequest("POST", "/", { ...jsonHeaders, "transfer-encoding": "chunked" });
  const streamed = await exchangeRaw(wire.port, [head, ...Array.from({ length: 9 }, () => chunk), "0\r\n\r\n"]);
  expect(parseRaw(streamed).status).toBe(413);
  expect([wire.calls, wire.activity.pending()]).toEqual([[], []]);
});

test("a request without a body that it announces ends when its caller goes", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": send });
  const socket = connect(wire.port, "127.0.0.1");
  socket.write(
    "POST / HTTP/1.1\r\nhost: a\r\nx-amz-target: AmazonSQS.SendMessage\r\ncontent-length: 99\r\n\r\n{",
    () => {
      socket.destroy();
    },
  );
  await new Promise((resolve) => socket.on("close", resolve));
  await wire.endpoint.close(1000);
  expect([wire.calls, wire.internalErrors, wire.activity.pending()]).toEqual([[], [], []]);
});

test("a protocol that is not spoken is named", async () => {
  await using wire = await startEndpoint({ "sqs.SendMessage": send });
  const answer = await fetch(`${wire.url}/service/AmazonSQS/operation/SendMessage`, {
    method: "POST",
    headers: { "smithy-protocol": "rpc-v2-json", authorization: scope("sqs") },
  });
  expect([answer.status, await answer.text()]).toEqual([
    501,
    expect.stringContaining("Tripline does not speak the protocol rpc-v2-json."),
  ]);
});

const scope = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

test("a request is routed by target, signing name, host, path and Action, else it is S3's", async () => {
  await using wire = await startEndpoint({
    "sqs.SendMessage": send,
    "s3.GetObject": { honoured: ["Bucket", "Key"], answer: () => ({}) },
    "s3.ListBuckets": { honoured: [], answer: () => ({}) },
    "lambda.ListFunctions": { honoured: [], answer: () => ({}) },
  });
  const ask = async (
    method: string,
    target: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<unknown> => {
    const before = wire.calls.length;
    await exchangeRaw(wire.port, [rawRequest(method, target, headers)]);
    const call = wire.calls[before];
    return call === undefined ? undefined : `${call.service}.${call.operation}`;
  };
  const action = "/?Action=SendMessage&QueueUrl=q&MessageBody=m";
  expect(await ask("GET", action)).toBe("sqs.SendMessage");
  expect(await ask("GET", action, { authorization: scope("sqs") })).toBe("sqs.SendMessage");
  expect(await ask("GET", "/000000000000/orders?Action=SendMessage&MessageBody=m")).toBe("sqs.SendMessage");
  expect(await ask("GET", action, { host: "sqs.us-east-1.amazonaws.com" })).toBe("sqs.SendMessage");
  expect(await ask("GET", action, { host: "us-east-1.queue.amazonaws.com" })).toBe("sqs.SendMessage");
  expect(await ask("GET", "/2015-03-31/functions/")).toBe("lambda.ListFunctions");
  expect(await ask("GET", "/2015-03-31/functions", { authorization: scope("lambda") })).toBe("lambda.ListFunctions");
  expect(await ask("GET", "/2015-03-31/functions", { host: "lambda.localhost" })).toBe("lambda.ListFunctions");
  expect(await ask("GET", "/2015-03-31/functions", { authorization: scope("s3") })).toBe("s3.GetObject");
  const presigned = "X-Amz-Credential=AKID%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0";
  expect(await ask("GET", `/2015-03-31/functions?${presigned}`)).toBe("s3.GetObject");
  expect(await ask("GET", "/b/k")).toBe("s3.GetObject");
  expect(await ask("GET", "http://localhost/b/k")).toBe("s3.GetObject"); // through a proxy
  expect(await ask("GET", "/")).toBe("s3.ListBuckets");
});

test("a host of an API or of a function URL is its handler's, and nobody's bucket", async () => {
  await using wire = await startEndpoint(
    {
      "s3.GetObject": { honoured: ["Bucket", "Key"], answer: () => ({}) },
      "lambda.ListFunctions": { honoured: [], answer: () => ({}) },
    },
    [
      {
        matches: ({ rawHeaders }) => rawHeaders.includes("known.execute-api.us-east-1.amazonaws.com"),
        handle: async () => ({ status: 200, rawHeaders: [], body: "the API" }),
      },
    ],
  );
  const ask = async (host: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> => {
    const answer = parseRaw(
      await exchangeRaw(wire.port, [rawRequest("GET", "/2015-03-31/functions", { host, ...headers })]),
    );
    return [answer.status, answer.body];
  };
  const gone = (host: string): unknown => [
    404,
    JSON.stringify({ message: `There is no API and no function URL at ${host}.` }),
  ];
  expect(await ask("known.execute-api.us-east-1.amazonaws.com")).toEqual([200, "the API"]);
  const api = "other.execute-api.localhost:4566";
  expect(await ask(api)).toEqual(gone(api));
  const url = "abc.lambda-url.us-east-1.on.aws";
  expect(await ask(url)).toEqual(gone(url));
  expect(await ask(url, { authorization: scope("lambda") })).toEqual(gone(url));
  expect(wire.calls).toEqual([]);
  expect((await ask("photos.s3.us-east-1.amazonaws.com")) as unknown[]).toEqual([200, ""]);
  expect(wire.calls[0]?.input).toEqual({ Bucket: "photos", Key: "2015-03-31/functions" });
});

test("a service that Tripline does not have is 501, named, in the protocol of the request", async () => {
  await using wire = await startEndpoint({});
  const ask = async (headers: Readonly<Record<string, string>>, body = ""): Promise<unknown> => {
    const length = String(body.length);
    const raw = rawRequest("POST", "/", { "content-length": length, ...headers }, body);
    const answer = parseRaw(await exchangeRaw(wire.port, [raw]));
    return [answer.status, answer.body.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "ID")];
  };
  const text = (operation: string): string =>
    `Tripline does not simulate the operation ${operation}. What is supported is listed in docs/support.md.`;
  expect(await ask({ "x-amz-target": "DynamoDB_20120810.PutItem", authorization: scope("dynamodb") }, "{}")).toEqual([
    501,
    JSON.stringify({ __type: "com.amazon.coral.service#NotImplemented", message: text("PutItem of dynamodb") }),
  ]);
  expect(
    await ask(
      { authorization: scope("sns"), "content-type": "application/x-www-form-urlencoded" },
      "Action=Publish&Message=m",
    ),
  ).toEqual([
    501,
    `<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns=""><Error><Type>Receiver</Type><Code>NotImplemented</Code><Message>${text("Publish of sns")}</Message></Error><RequestId>ID</RequestId></ErrorResponse>`,
  ]);
  expect(await ask({ authorization: scope("scheduler") })).toEqual([
    501,
    JSON.stringify({ message: text("POST / of scheduler") }),
  ]);
});

test("handlers are asked first, hold nothing in flight, and their failures are answered", async () => {
  const bug = new Error("broken");
  await using wire = await startEndpoint({ "sqs.SendMessage": send }, [
    {
      matches: (request) => request.target.startsWith("/_own"),
      async handle(request) {
        if (request.target === "/_own/broken") throw bug;
        const body = await request.body(10);
        await wire.clock.advance(60_000); // would wait for this very request, were it in flight
        const rawHeaders = ["set-cookie", "a=1", "Set-Cookie", "b=2"];
        return {
          status: 201,
          rawHeaders,
          body: `${request.method} ${request.sourceIp} ${Buffer.from(body).toString()}`,
        };
      },
    },
  ]);
  const answer = await fetch(`${wire.url}/_own/x?y=1`, { method: "POST", body: "hello" });
  expect([answer.status, answer.headers.getSetCookie(), await answer.text()]).toEqual([
    201,
    ["a=1", "b=2"],
    "POST 127.0.0.1 hello",
  ]);
  const tooLarge = await fetch(`${wire.url}/_own/x`, { method: "POST", body: "hello hello hello" });
  expect([tooLarge.status, await tooLarge.json()]).toEqual([
    413,
    { message: "Request must be smaller than 10 bytes." },
  ]);
  const broken = await fetch(`${wire.url}/_own/broken`);
  expect([broken.status, await broken.json(), wire.internalErrors]).toEqual([500, { message: "broken" }, [bug]]);
});

test("listen on a port that is taken rejects with SIM_PORT_IN_USE", async () => {
  await using first = await startEndpoint({});
  const second = await startEndpoint({});
  await second.endpoint.close();
  const { createEndpoint } = await import("./index.ts");
  const { Activity, createRng } = await import("@tripline/kernel");
  const another = createEndpoint({
    services: new Map(),
    clock: first.clock,
    rng: createRng("another"),
    activity: new Activity(),
  });
  const error = await errorOf(another.listen({ host: "127.0.0.1", port: first.port }));
  expect([isSimulatorError(error), error.message]).toEqual([
    true,
    `SIM_PORT_IN_USE: Port ${first.port} of 127.0.0.1 is taken by another program.\n  Stop that program, or start with --port 0 to take any free port.`,
  ]);
  const nowhere = await errorOf(another.listen({ host: "192.0.2.1", port: 0 }));
  expect(nowhere["code"]).toBe("SIM_ADDRESS_UNUSABLE");
});

test("close lets a request in hand end, and takes no other", async () => {
  let release = (): void => undefined;
  let began = (): void => undefined;
  const begun = new Promise<void>((resolve) => (began = resolve));
  const wire = await startEndpoint({
    "sqs.SendMessage": {
      ...send,
      answer: () => {
        began();
        return new Promise((resolve) => (release = () => resolve({ MessageId: "late" })));
      },
    },
  });
  const answer = fetch(wire.url, { method: "POST", body: message, headers: jsonHeaders });
  await begun;
  const closed = wire.endpoint.close(10_000);
  const refused = await errorOf(fetch(wire.url, { method: "POST", body: message, headers: jsonHeaders }));
  expect(refused.message).toBe("fetch failed");
  release();
  expect(await (await answer).json()).toEqual({ MessageId: "late" });
  await closed;
});

test("close cuts a request that does not end in time", async () => {
  let began = (): void => undefined;
  const begun = new Promise<void>((resolve) => (began = resolve));
  let cut = (): void => undefined;
  const aborted = new Promise<void>((resolve) => (cut = resolve));
  const wire = await startEndpoint({
    "sqs.SendMessage": {
      ...send,
      answer: (_input, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            cut();
            resolve({});
          });
          began();
        }),
    },
  });
  const answer = errorOf(fetch(wire.url, { method: "POST", body: message, headers: jsonHeaders }));
  await begun;
  await wire.endpoint.close(0);
  expect((await answer).message).toBe("fetch failed");
  await aborted;
  expect(wire.activity.pending()).toEqual([]);
});
