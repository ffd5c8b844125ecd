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
      case "queryParams":
        into[name] = Object.fromEntries(parts.query);
        continue;
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

const cached = new WeakMap<StructureShape, StructureShape>();

/** `shape` with only the members that are in the body. */
export function bodyStructure(shape: StructureShape): StructureShape {
  const known = cached.get(shape);
  if (known !== undefined) return known;
  const members = shape.members.filter((member) => member.http.in === "body");
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
  cached.set(shape, narrowed);
  return narrowed;
}
