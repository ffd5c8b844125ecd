import { expect, it } from "vitest";
import { readPrelude } from "./response-prelude.ts";
import { toUrlAnswer, toUrlHead } from "./url-response.ts";

const json = ["content-type", "application/json"];
const answerOf = (text: string): unknown => {
  const answer = toUrlAnswer(Buffer.from(text));
  return answer && [answer.status, answer.headers, answer.body.toString()];
};

it.each<[string, unknown]>([
  ['{"hello": "world"}', [200, json, '{"hello":"world"}']],
  ['["hello", 3, true]', [200, json, '["hello",3,true]']],
  ['"hello"', [200, json, "hello"]],
  ["3", [200, json, "3"]],
  ["12345678901234567890.10", [200, json, "12345678901234567890.10"]],
  ["true", [200, json, "true"]],
  ["null", [200, json, "null"]],
  ['{ "a \\" b" : "x  y" }', [200, json, '{"a \\" b":"x  y"}']],
  ['{"statusCode": 200, "body": "body123"}', [200, json, "body123"]],
  ['{"statusCode": 200, "body": "{\\"hello\\": \\"world\\"}"}', [200, json, '{"hello": "world"}']],
  [
    '{"statusCode":201,"headers":{"Content-Type":"text/html","X-A":1},"cookies":["a=1"],"body":"aGk=","isBase64Encoded":true}',
    [201, ["content-type", "text/html", "x-a", "1", "set-cookie", "a=1"], "hi"],
  ],
  ['{"statusCode":"no"}', undefined],
  ["no json", undefined],
])("a function's answer %s becomes what AWS answers", (payload, answer) => {
  expect(answerOf(payload)).toEqual(answer);
});

it("readPrelude reads up to eight zero bytes, wherever the pieces are cut", async () => {
  const whole = Buffer.concat([
    Buffer.from('{"statusCode":418,"headers":{"x-a":"b"}}'),
    Buffer.alloc(8),
    Buffer.from("body"),
  ]);
  for (const size of [1, 7, 45, 100]) {
    const pieces = (async function* () {
      for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
    })();
    const read = await readPrelude(pieces);
    let rest = Buffer.from(read?.first ?? []).toString();
    for await (const piece of pieces) rest += piece.toString();
    expect(rest).toBe("body");
    expect(toUrlHead(read?.prelude ?? "")).toEqual({
      status: 418,
      headers: ["x-a", "b", "content-type", "application/octet-stream"],
      body: "",
    });
  }
});

it("a prelude that does not end, or is no object, is none", async () => {
  const pieces = (async function* () {
    yield Buffer.from("{");
  })();
  expect(await readPrelude(pieces)).toBeUndefined();
  expect([toUrlHead("{"), toUrlHead("[]"), toUrlHead('{"statusCode":7}')]).toEqual([undefined, undefined, undefined]);
});
