/** `$input`, `$util`, `$context` and `$stageVariables`, as API Gateway renders them. */
import { describe, expect, it } from "vitest";
import { parseTemplate } from "../../velocity/parse-template.ts";
import { renderTemplate } from "../../velocity/render-template.ts";
import { noOverrides, PayloadError, templateObjects } from "./template-objects.ts";

function render(template: string, body = "", overrides = noOverrides()): string {
  const context: Record<string, unknown> = {
    requestId: "r",
    identity: { sourceIp: "1.2.3.4" },
    authorizer: { claims: { "custom:x": "c" } },
  };
  const facts = {
    body,
    path: { id: "7", both: "path" },
    querystring: { q: "a b", both: "query" },
    header: { h: "1" },
    context: (name: string): unknown =>
      name.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], context),
    stageVariables: { v: "live" },
    overrides,
  };
  return renderTemplate(parseTemplate(template), templateObjects(facts), { missingPaths: true });
}

describe("$input", () => {
  it.each([
    ["$input.body", "", "{}"],
    ["$input.body", "some raw data", "some raw data"],
    ["[$input.body.testAccess]", "x", "[]"],
    ["$input.json('$')", "", "{}"],
    ["$input.json('$')", "a=b", '"a=b"'],
    ["$input.json('$.a')", '{"a": {"b": [1, 2.0]}}', '{"b":[1,2.0]}'],
    ["[$input.json('$.missing')]", "{}", "[]"],
    ["$input.path('$')", '{"foo":"bar"}', "{foo=bar}"],
    ["$input.path('$')", '[{"foo":"bar"}]', '[{"foo":"bar"}]'],
    ["$input.path('$.l')", '{"l":[{"foo":"bar"}]}', '[{"foo":"bar"}]'],
    ["$input.path('$')", '{"foo":[{"nested":"bar"}]}', '{foo=[{"nested":"bar"}]}'],
    ["$input.path('$').toString()", '{"bigger":"dict","to":"test"}', "{bigger=dict, to=test}"],
    ["\"$input.path('$')\"", "a{b", '"a{b"'],
    [`{"name": "$input.path('$')"}`, "name=toqoz", '{"name": "name=toqoz"}'],
    ["\"$input.path('$')\"", '"a=b"', '"a=b"'],
    ["#set($r = $input.path('$.x'))[$r]#if($r == $null)null#end#if($r == '')empty#end", "{}", "[]nullempty"],
    // As AWS rendered it for a Kinesis integration.
    ["#if($foo.bar.stuff != '')a#{else}b#end#if($none == '')c#end#if($none == $null)d#end", "{}", "bcd"],
    ["$input.path('$.l').size() $input.path('$.l[0].a') $input.path('$').keySet()", '{"l":[{"a":1}]}', "1 1 [l]"],
    [
      "$input.params('id') $input.params('q') $input.params('h') $input.params('both') [$input.params('none')]",
      "",
      "7 a b 1 path []",
    ],
    [
      "#foreach($t in $input.params().keySet())$t:$input.params().get($t);#end",
      "",
      "path:{id=7, both=path};querystring:{q=a b, both=query};header:{h=1};",
    ],
    ["[$input][$input.keySet][$input.params.keySet][$util][$input.json]", "", "[][][][][]"],
  ])("%s of %j", (template, body, text) => {
    expect(render(template, body)).toBe(text);
  });

  it("a body that begins as JSON and is none is told as AWS tells it", () => {
    const text = (body: string): string => {
      try {
        return render("$input.path('$')", body);
      } catch (error) {
        return error instanceof PayloadError ? error.message : String(error);
      }
    };
    expect(text("{a")).toBe(
      "Could not process payloadnet.minidev.json.parser.ParseException: Unexpected End Of File position 1: null",
    );
    expect(text("[a")).toBe(
      "Could not process payloadnet.minidev.json.parser.ParseException: Unexpected End Of File position 1: EOF",
    );
  });
});

describe("$util, $context and $stageVariables", () => {
  it.each([
    ['$util.escapeJavaScript("it\'s ""x""")', String.raw`it\'s \"x\"`],
    ["$util.urlEncode('a b/ü*~') $util.urlDecode('a+b%2F')", "a+b%2F%C3%BC*%7E a b/"],
    ["$util.base64Encode('hé') $util.base64Decode('aMOp')", "aMOp hé"],
    [`#set($o = $util.parseJson('{"a":{"b":1}}'))$o.a.b $o.a`, "1 {b=1}"],
    ["$context.requestId $context.identity.sourceIp [$context.nope] [$context.identity.nope]", "r 1.2.3.4 [] []"],
    ["$context.authorizer.claims['custom:x']", "c"],
    [
      "$stageVariables.v ${stageVariables.v} $stageVariables['v'] $stageVariables.get('v') [$stageVariables.none]",
      "live live live live []",
    ],
    ["$unknown $!unknown.", "$unknown ."],
  ])("%s", (template, text) => {
    expect(render(template)).toBe(text);
  });

  it("overrides are kept for the request and the response; a status that is none is not", () => {
    const overrides = noOverrides();
    render(
      "#set($context.requestOverride.header.h = 'v')#set($context.responseOverride.status = 418)#set($context.responseOverride.header.x = 1)",
      "",
      overrides,
    );
    render("#set($context.responseOverride.status = 'abc')", "", overrides);
    expect(overrides).toEqual({
      request: { header: { h: "v" }, path: {}, querystring: {} },
      response: { status: 418, header: { x: "1" } },
    });
    expect(() => render("#set($context.requestOverride.header.h = 'w')", "", overrides)).toThrow("set twice");
  });
});
