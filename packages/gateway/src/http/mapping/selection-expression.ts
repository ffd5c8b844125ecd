/**
 * Values of parameter mappings: `$request.header.x`, `${context.requestId} and text`, static text.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 *
 * S1. An expression alone that leads nowhere has no value; within text it is empty.
 * S2. A path reads the first 100 KB of a body; a whole body is not cut.
 */
import { JavaList, missing, printJava, toJson } from "../../velocity/java-value.ts";
import { JsonPathError, readJsonPath } from "../../velocity/json-path.ts";
import { JsonSyntaxError, parseJson } from "../../velocity/parse-json.ts";

/** Where expressions read. */
export interface SelectionSource {
  /** `$response.…` can be read where this is `response`, `$request.…` otherwise. */
  side: "request" | "response";
  /** By lower-case name; several values are joined with a comma. */
  header(name: string): string | undefined;
  querystring?(name: string): string | undefined;
  /** Without the stage. */
  path?: string;
  pathParameters?: Readonly<Record<string, string>>;
  body(): Uint8Array;
  context(name: string): string | undefined;
  stageVariables: Readonly<Record<string, string>>;
}

const bodyBytesMax = 100 * 1024;

const shared = String.raw`context\.[\w.]+|stageVariables\.\w+`;
const bodyPath = String.raw`body(?!.*(?:\.\.|\?\())(?:[.[][^{}\s]+)?`;
const grammar = {
  request: String.raw`request\.(?:header\.[^\s{}]+|querystring\.[^\s{}]+|path(?:\.[^\s{}]+)?|${bodyPath})|${shared}`,
  response: String.raw`response\.(?:header\.[^\s{}]+|${bodyPath})|${shared}`,
};
const alone = {
  request: new RegExp(`^\\$(?:${grammar.request})$`),
  response: new RegExp(`^\\$(?:${grammar.response})$`),
};
const braced = {
  request: new RegExp(`^(?:${grammar.request})$`),
  response: new RegExp(`^(?:${grammar.response})$`),
};
const bracedPart = /\$\{([^{}]*)\}/g;

/** Whether `value` is static text, or made of expressions that the side has. */
export function isSelectionExpression(side: "request" | "response", value: string): boolean {
  const parts = [...value.matchAll(bracedPart)];
  if (parts.length > 0) return parts.every(([, name = ""]) => braced[side].test(name));
  return !/^\$(?:request|response|context|stageVariables)\b/.test(value) || alone[side].test(value);
}

/** The value, or undefined (S1). */
export function selectValue(source: SelectionSource, value: string): string | undefined {
  const whole = /^\$\{([^{}]*)\}$/.exec(value)?.[1] ?? (alone[source.side].test(value) ? value.slice(1) : undefined);
  if (whole !== undefined) return readExpression(source, whole);
  return value.replaceAll(bracedPart, (_, name: string) => readExpression(source, name) ?? "");
}

function readExpression(source: SelectionSource, expression: string): string | undefined {
  const [, root = "", rest = ""] = /^(\w+)\.(.+)$/s.exec(expression) ?? [];
  if (root === "context") return source.context(rest);
  if (root === "stageVariables") return source.stageVariables[rest];
  const [, place = "", name = ""] = /^(header|querystring|path)\.?(.*)$/s.exec(rest) ?? [];
  switch (place) {
    case "header":
      return source.header(name.toLowerCase());
    case "querystring":
      return source.querystring?.(name);
    case "path":
      return name === "" ? source.path : source.pathParameters?.[name];
    default:
      return readBody(source.body(), rest.slice("body".length));
  }
}

/** S2 */
function readBody(body: Uint8Array, path: string): string | undefined {
  const bytes = path === "" ? body : body.subarray(0, bodyBytesMax);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  if (path === "") return text;
  try {
    const value = readJsonPath(parseJson(text), `$${path}`);
    if (value === undefined || value === null || value === missing) return undefined;
    return value instanceof JavaList || value instanceof Map ? toJson(value) : printJava(value);
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof JsonPathError) return undefined;
    throw error;
  }
}
