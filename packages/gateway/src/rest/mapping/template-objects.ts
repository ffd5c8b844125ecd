/**
 * What API Gateway gives to mapping templates.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 *
 * O1. What these objects do not have prints as nothing, and equals both null and "".
 * O2. A body that begins as an object or a list and is none fails the request; any other text is a text.
 * O3. `$input.params(name)` looks in the path, then the query, then the headers.
 * O4. `$context.requestOverride` and `$context.responseOverride` are set by the template and take effect after it was rendered.
 */
import { escapeJavaScript } from "../../velocity/escape-java-script.ts";
import { fromPlain, type HostObject, type JavaValue, missing, printJava, toJson } from "../../velocity/java-value.ts";
import { JsonPathError, readJsonPath } from "../../velocity/json-path.ts";
import { JsonSyntaxError, parseJson } from "../../velocity/parse-json.ts";
import { TemplateError } from "../../velocity/template-node.ts";

/** What the objects are made of. */
export interface TemplateFacts {
  /** The payload that is mapped. */
  body: string;
  path: Readonly<Record<string, string>>;
  querystring: Readonly<Record<string, string>>;
  header: Readonly<Record<string, string>>;
  /** By dotted name, as `$context.identity.sourceIp` says it; undefined where there is none. */
  context: (name: string) => unknown;
  stageVariables: Readonly<Record<string, string>>;
  /** O4: what templates of this request have set so far. */
  overrides: Overrides;
}

/** O4 */
export interface Overrides {
  request: Record<"header" | "path" | "querystring", Record<string, string>>;
  response: { header: Record<string, string>; status?: number };
}

/** Nothing was set. */
export function noOverrides(): Overrides {
  return { request: { header: {}, path: {}, querystring: {} }, response: { header: {} } };
}

/** A body that is JSON by its beginning, and is not (O2): AWS answers 400 with this text. */
export class PayloadError extends Error {}

/** The variables of a template. */
export function templateObjects(facts: TemplateFacts): Map<string, JavaValue> {
  return new Map<string, JavaValue>([
    ["input", inputObject(facts)],
    ["util", utilObject],
    ["context", contextObject(facts)],
    ["stageVariables", hostOf((name) => facts.stageVariables[name])],
  ]);
}

type Methods = Readonly<Record<string, (args: readonly JavaValue[]) => JavaValue>>;

/** O1 */
function host(options: {
  get?: (name: string) => JavaValue | undefined;
  methods?: Methods;
  set?: HostObject["set"];
}): HostObject {
  const { get, methods = {}, set } = options;
  return {
    isHost: true,
    get: (name) => get?.(name) ?? missing,
    call: (name, args) =>
      name === "get" && args.length === 1
        ? (get?.(printJava(args[0] ?? null)) ?? missing)
        : (methods[name]?.(args) ?? missing),
    ...(set === undefined ? {} : { set }),
    toString: () => "",
  };
}

function hostOf(get: (name: string) => unknown): HostObject {
  return host({ get: (name) => present(fromPlain(get(name))) });
}

function present(value: JavaValue): JavaValue | undefined {
  return value === null ? undefined : value;
}

const first = (args: readonly JavaValue[]): string => printJava(args[0] ?? null);

function inputObject(facts: TemplateFacts): HostObject {
  let parsed: JavaValue | undefined;
  const read = (path: string): JavaValue => {
    parsed ??= parsePayload(facts.body);
    try {
      return readJsonPath(parsed, path) ?? missing;
    } catch (error) {
      if (error instanceof JsonPathError) throw new TemplateError(error.message);
      throw error;
    }
  };
  const maps = { path: facts.path, querystring: facts.querystring, header: facts.header };
  return host({
    // AWS gives an empty body to templates as an object.
    get: (name) => (name === "body" ? (facts.body === "" ? "{}" : facts.body) : undefined),
    methods: {
      path: (args) => {
        const value = read(first(args));
        return value === null ? missing : value;
      },
      json: (args) => {
        const value = read(first(args));
        return value === missing ? "" : toJson(value);
      },
      params: (args) => {
        if (args.length === 0) return fromPlain(maps);
        const name = first(args);
        return facts.path[name] ?? facts.querystring[name] ?? facts.header[name] ?? ""; // O3
      },
    },
  });
}

/** O2. Throws {@link PayloadError}. */
export function parsePayload(body: string): JavaValue {
  const text = body.trim();
  if (text === "") return new Map();
  if (!/^[{["\d-]|^(?:true|false|null)$/.test(text)) return body;
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    if (!text.startsWith("{") && !text.startsWith("[")) return body;
    const end = error.position >= text.length || text.length <= 2;
    const what = end
      ? `Unexpected End Of File position ${text.length - 1}: ${text.startsWith("{") ? "null" : "EOF"}`
      : `Unexpected token at position ${error.position}.`;
    throw new PayloadError(`Could not process payloadnet.minidev.json.parser.ParseException: ${what}`);
  }
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new TemplateError(`$util.urlDecode: not encoded: ${text}`);
  }
};

const utilObject: HostObject = host({
  methods: {
    escapeJavaScript: (args) => escapeJavaScript(first(args)),
    parseJson: (args) => {
      try {
        return parseJson(first(args));
      } catch (error) {
        if (error instanceof JsonSyntaxError) throw new TemplateError("$util.parseJson: not JSON");
        throw error;
      }
    },
    urlEncode: (args) => encodeForm(first(args)),
    urlDecode: (args) => decode(first(args)),
    base64Encode: (args) => Buffer.from(first(args)).toString("base64"),
    base64Decode: (args) => Buffer.from(first(args), "base64").toString(),
  },
});

/** As Java's URLEncoder: a space is `+`; `*`, `-`, `.` and `_` stay. */
export function encodeForm(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replaceAll(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function contextObject(facts: TemplateFacts): HostObject {
  const { overrides } = facts;
  const within = (prefix: string): HostObject =>
    host({
      get(name) {
        const path = `${prefix}${name}`;
        if (path === "requestOverride") return requestOverride(overrides);
        if (path === "responseOverride") return responseOverride(overrides);
        const value = facts.context(path);
        if (typeof value === "object" && value !== null && !Array.isArray(value)) return within(`${path}.`);
        return present(fromPlain(value));
      },
    });
  return within("");
}

function requestOverride({ request }: Overrides): HostObject {
  return host({
    get: (name) =>
      name === "header" || name === "path" || name === "querystring" ? settable(request[name]) : undefined,
  });
}

function responseOverride({ response }: Overrides): HostObject {
  return host({
    get: (name) => (name === "header" ? settable(response.header) : name === "status" ? response.status : undefined),
    set(name, value) {
      const status = Number(printJava(value));
      if (name === "status" && Number.isInteger(status) && status >= 100 && status <= 599) response.status = status;
    },
  });
}

/** Each parameter is set once. */
function settable(map: Record<string, string>): HostObject {
  return host({
    get: (name) => map[name],
    set(name, value) {
      if (name in map) throw new TemplateError(`The override of ${name} is set twice`);
      map[name] = printJava(value);
    },
  });
}
