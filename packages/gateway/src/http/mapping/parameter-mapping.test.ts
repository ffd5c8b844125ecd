import { describe, expect, it } from "vitest";
import {
  checkParameterMapping,
  checkResponseParameters,
  compileMapping,
  mapAnswer,
  mapRequest,
} from "./parameter-mapping.ts";
import { compileSelection, isSelectionExpression, type SelectionSource } from "./selection-expression.ts";

const body = { a: { b: [1, "two"] }, n: 1.5, nothing: null };
const source: SelectionSource = {
  header: (name) => ({ two: "1,2", host: "h" })[name],
  querystring: (name) => ({ q: "x,y" })[name],
  path: "/pets/7",
  pathParameters: { id: "7" },
  body: () => Buffer.from(JSON.stringify(body)),
  context: (name) => ({ requestId: "R=", "identity.sourceIp": "192.0.2.7" })[name],
  stageVariables: { k: "v" },
};

describe("values of parameter mappings", () => {
  it.each([
    ["$request.header.Two", "1,2"],
    ["${request.header.two}", "1,2"],
    ["$request.querystring.q", "x,y"],
    ["$request.querystring.Q", undefined],
    ["$request.path", "/pets/7"],
    ["$request.path.id", "7"],
    ["$request.body", JSON.stringify(body)],
    ["$request.body.a.b[1]", "two"],
    ["$request.body.a", '{"b":[1,"two"]}'],
    ["$request.body.n", "1.5"],
    ["$request.body.nothing", undefined],
    ["$request.body.x", undefined],
    ["$context.identity.sourceIp", "192.0.2.7"],
    ["$stageVariables.k", "v"],
    ["static", "static"],
    ["costs $5", "costs $5"],
    ["${request.path.id}-${stageVariables.k}-${request.header.no}.", "7-v-."],
  ])("%s is %j", (expression, value) => {
    expect(isSelectionExpression("request", expression)).toBe(true);
    expect(compileSelection("request", expression)(source)).toBe(value);
  });

  it("a path reads the first 100 KB of a body, a whole body is not cut", () => {
    const long = JSON.stringify({ a: 1, filler: "x".repeat(100 * 1024) });
    const large = { ...source, body: () => Buffer.from(long) };
    expect(compileSelection("request", "$request.body.a")(large)).toBe(undefined);
    expect(compileSelection("request", "$request.body")(large)).toBe(long);
  });
});

describe("parameter mappings", () => {
  it("append, overwrite and remove headers and query values, and overwrite the path", () => {
    const mapping = {
      "append:header.Two": "3",
      "overwrite:header.host": "$context.requestId",
      "remove:header.gone": "''",
      "append:querystring.q": "$request.header.host",
      "overwrite:querystring.id": "$request.path.id",
      "remove:querystring.r": "",
      "overwrite:header.none": "$request.header.none",
      "overwrite:path": "/v/${request.path.id}",
    };
    checkParameterMapping("request", mapping);
    const headers = [
      ["two", "1"],
      ["two", "2"],
      ["host", "h"],
      ["gone", "x"],
    ] as const;
    const querystring = [
      ["q", "x"],
      ["id", "1"],
      ["id", "2"],
      ["r", "1"],
    ] as const;
    expect(mapRequest(compileMapping("request", mapping), source, { headers, querystring })).toEqual({
      headers: [
        ["two", "1"],
        ["two", "2"],
        ["two", "3"],
        ["host", "R="],
      ],
      querystring: [
        ["q", "x"],
        ["q", "h"],
        ["id", "7"],
      ],
      path: "/v/7",
    });
  });

  it("change the headers and the status of an answer", () => {
    const mapping = {
      "overwrite:statuscode": "$response.body.a.b[0]",
      "append:header.x": "$response.header.host",
      "remove:header.y": "''",
    };
    checkResponseParameters({ 200: mapping });
    const answer = { status: 200, headers: [["y", "1"]] as const };
    expect(mapAnswer(compileMapping("response", mapping), source, answer)).toEqual({
      status: 200,
      headers: [["x", "h"]],
    });
    expect(mapAnswer(compileMapping("response", { "overwrite:statuscode": "403" }), source, answer)).toEqual({
      ...answer,
      status: 403,
    });
  });

  it.each([
    ["access-control-allow-origin"],
    ["apigw-requestid"],
    ["Authorization"],
    ["Content-Length"],
    ["Origin"],
    ["x-amz-date"],
    ["X-Amzn-Trace-Id"],
    ["X-Forwarded-For"],
    ["Via"],
  ])("the header %s cannot be mapped", (name) => {
    for (const action of ["append", "overwrite", "remove"])
      expect(() => checkParameterMapping("request", { [`${action}:header.${name}`]: "x" })).toThrow(
        `errors : [Operations on header ${name} are restricted]`,
      );
  });

  it.each([
    ["request", { "append:path": "x" }, "append:path"],
    ["request", { "header.x": "x" }, "header.x"],
    ["request", { "overwrite:statuscode": "403" }, "overwrite:statuscode"],
    ["request", { "append:header.x": "$request.body..name" }, "$request.body..name"],
    ["request", { "append:header.x": "$request.body.a[?(@.b)]" }, "$request.body.a[?(@.b)]"],
    ["request", { "append:header.x": "$response.header.x" }, "$response.header.x"],
    ["response", { "append:header.x": "a ${request.header.x}" }, "a ${request.header.x}"],
    ["request", { "append:header.x": "$context.a-b" }, "$context.a-b"],
  ] as const)("of a %s %j is refused", (side, mapping, named) => {
    expect(() => checkParameterMapping(side, mapping)).toThrow(
      `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${named}]`,
    );
  });

  it("a destination that an answer does not have is refused", () => {
    for (const key of ["append:overwrite.static", "append:querystring.x", "append:statuscode", "overwrite:path"])
      expect(() => checkResponseParameters({ 200: { [key]: "x" } })).toThrow(
        `errors : [Invalid Response Actioned Parameter destination specified: ${key}]`,
      );
  });

  it("a status outside 200 to 599 is refused", () => {
    expect(() => checkResponseParameters({ 199: {} })).toThrow("Invalid mapping expression specified: 199");
    expect(() => checkResponseParameters({ 600: {} })).toThrow("Invalid mapping expression specified: 600");
  });
});
