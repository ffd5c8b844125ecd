/**
 * Values of parameter mappings: `$request.header.x`, `${context.requestId} and text`, static text.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 *
 * S1. An expression alone that leads nowhere has no value; within text it is empty.
 * S2. A path reads the first 100 KB of a body; a whole body is not cut.
 */
import { JavaList, type JavaValue, missing, printJava, toJson } from "../../velocity/java-value.ts";
import { JsonPathError, readJsonPath } from "../../velocity/json-path.ts";
import { JsonSyntaxError, parseJson } from "../../velocity/parse-json.ts";

/** Where expressions read. */
export interface SelectionSource {
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

/** Whether `value` has no expression in it. */
export function isStatic(value: string): boolean {
  return !alone.request.test(value) && value.search(bracedPart) === -1;
}

/** Reads a value of a mapping: undefined where an expression alone leads nowhere (S1). */
export type Selection = (source: SelectionSource) => string | undefined;

/** Compiles a value of a mapping on that side. */
export function compileSelection(side: "request" | "response", value: string): Selection {
  const whole = /^\$\{([^{}]*)\}$/.exec(value)?.[1] ?? (alone[side].test(value) ? value.slice(1) : undefined);
  if (whole !== undefined) return compileExpression(whole);
  const parts = value.split(bracedPart).map((part, index): Selection => {
    if (index % 2 === 0) return () => part;
    const select = compileExpression(part);
    return (source) => select(source) ?? "";
  });
  return parts.length === 1 ? () => value : (source) => parts.map((part) => part(source)).join("");
}

function compileExpression(expression: string): Selection {
  const [, root = "", rest = ""] = /^(\w+)\.(.+)$/s.exec(expression) ?? [];
  if (root === "context") return (source) => source.context(rest);
  if (root === "stageVariables") return (source) => source.stageVariables[rest];
  const [, place = "", name = ""] = /^(header|querystring|path)\.?(.*)$/s.exec(rest) ?? [];
  const lower = name.toLowerCase();
  switch (place) {
    case "header":
      return (source) => source.header(lower);
    case "querystring":
      return (source) => source.querystring?.(name);
    case "path":
      return name === "" ? (source) => source.path : (source) => source.pathParameters?.[name];
    default: {
      const path = rest.slice("body".length);
      return (source) => readBody(source.body(), path);
    }
  }
}

/** S2 */
function readBody(body: Uint8Array, path: string): string | undefined {
  if (path === "") return toText(body);
  const root = parseBody(body);
  if (root === undefined) return undefined;
  try {
    const value = readJsonPath(root, `$${path}`);
    if (value === undefined || value === null || value === missing) return undefined;
    return value instanceof JavaList || value instanceof Map ? toJson(value) : printJava(value);
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

const parsed = new WeakMap<Uint8Array, { root: JavaValue | undefined }>();

/** Parsed once, however many paths read it; undefined where it is not JSON. */
function parseBody(body: Uint8Array): JavaValue | undefined {
  let known = parsed.get(body);
  if (known === undefined) {
    try {
      known = { root: parseJson(toText(body.subarray(0, bodyBytesMax))) };
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      known = { root: undefined };
    }
    parsed.set(body, known);
  }
  return known.root;
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}
