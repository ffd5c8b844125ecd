/** Typed input of a REST operation from labels, query, headers and body. https://smithy.io/2.0/spec/http-bindings.html */
import { Buffer } from "node:buffer";
import { parseText } from "../codec/text-values.ts";
import type { EndpointRequest } from "../endpoint-request.ts";
import type { MemberShape, StructureShape } from "../model/shape.ts";

/** What stands outside the body. */
export interface RestParts {
  labels: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: EndpointRequest["headers"];
  /** Names of query parameters that stand in the operation's URI. */
  literals: ReadonlySet<string>;
}

/** Reads the members that are bound to labels, query parameters and headers; returns those that are in the body. */
export function readRestParts(shape: StructureShape, parts: RestParts, into: Record<string, unknown>): BodyMembers {
  const members: MemberShape[] = [];
  let payload: MemberShape | undefined;
  for (const member of shape.members) {
    const { http, name } = member;
    let text: string | undefined;
    switch (http.in) {
      case "label":
        text = parts.labels[name];
        break;
      case "header":
        text = parts.headers[http.name];
        break;
      case "query": {
        if (member.shape.kind === "list") {
          const { item } = member.shape;
          const all = parts.query.getAll(http.name);
          if (all.length > 0) into[name] = all.map((one) => parseText(item, one));
          continue;
        }
        text = parts.query.get(http.name) ?? undefined;
        break;
      }
      case "prefixHeaders": {
        const found = withPrefix(parts.headers, http.name);
        if (found !== undefined) into[name] = found;
        continue;
      }
      case "queryParams": {
        const free = [...parts.query].filter(([one]) => !isBound(one, shape, parts.literals));
        if (free.length > 0) into[name] = Object.fromEntries(free);
        continue;
      }
      case "payload":
        payload = member;
        continue;
      case "body":
        members.push(member);
        continue;
      case "status":
        continue;
    }
    if (text !== undefined) into[name] = parseText(member.shape, text);
  }
  return { payload, members };
}

function isBound(name: string, { members }: StructureShape, literals: ReadonlySet<string>): boolean {
  return literals.has(name) || members.some(({ http }) => http.in === "query" && http.name === name);
}

/** The members that the body holds: one that is the body, or several in it. */
export interface BodyMembers {
  payload: MemberShape | undefined;
  members: readonly MemberShape[];
}

/** The bytes of a payload that is no document: text or a blob. */
export function readRawPayload(member: MemberShape, body: Uint8Array): string | Uint8Array {
  return member.shape.kind === "string"
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8")
    : body;
}

function withPrefix(headers: EndpointRequest["headers"], prefix: string): Record<string, string> | undefined {
  let found: Record<string, string> | undefined;
  for (const name in headers) {
    if (name.startsWith(prefix)) (found ??= {})[name.slice(prefix.length)] = headers[name] ?? "";
  }
  return found;
}

const cachedInputs = new WeakMap<StructureShape, StructureShape>();
const cachedOutputs = new WeakMap<StructureShape, StructureShape>();

/** `shape` with only the members that are in the body of a request. */
export function bodyStructure(shape: StructureShape): StructureShape {
  return cachedBody(cachedInputs, shape, ({ http }) => http.in === "body");
}

/** `shape` with only the members that are in the body of a response: bindings of requests mean nothing there. */
export function outputBodyStructure(shape: StructureShape): StructureShape {
  return cachedBody(cachedOutputs, shape, ({ http }) => outputBodyBindings.has(http.in));
}

const outputBodyBindings: ReadonlySet<string> = new Set(["body", "label", "query", "queryParams"]);

function cachedBody(
  cache: WeakMap<StructureShape, StructureShape>,
  shape: StructureShape,
  isInBody: (member: MemberShape) => boolean,
): StructureShape {
  const known = cache.get(shape);
  if (known !== undefined) return known;
  const members = shape.members.filter(isInBody);
  const own = shape.schema as { getMergedTraits(): object };
  const narrowed: StructureShape = {
    kind: "structure",
    name: shape.name,
    namespace: shape.namespace,
    members,
    byName: new Map(members.map((member) => [member.name, member])),
    byJsonName: new Map(members.map((member) => [member.jsonName, member])),
    // A static structure: [kind, namespace, name, traits, member names, member schemas].
    schema: [
      3,
      shape.namespace,
      shape.name,
      own.getMergedTraits(),
      members.map((member) => member.name),
      members.map((member) => member.schema),
    ] as StructureShape["schema"],
  };
  cache.set(shape, narrowed);
  return narrowed;
}
