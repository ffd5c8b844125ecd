/** Status, headers and payload of a REST operation's output. https://smithy.io/2.0/spec/http-bindings.html */
import { Buffer } from "node:buffer";
import { writeText } from "../codec/text-values.ts";
import type { OperationModel } from "../model/service-model.ts";
import type { MemberShape } from "../model/shape.ts";

/** What stands outside the body, and the body where it is one member. */
export interface RestOutput {
  status: number;
  /** Names and values alternating. */
  rawHeaders: string[];
  payload: { member: MemberShape; value: unknown } | undefined;
  /** Whether members are written in a document. */
  hasBodyMembers: boolean;
}

/** Takes an output apart. */
export function toRestOutput(operation: OperationModel, output: object): RestOutput {
  const source = output as Readonly<Record<string, unknown>>;
  const result: RestOutput = {
    status: operation.http?.status ?? 200,
    rawHeaders: [],
    payload: undefined,
    hasBodyMembers: false,
  };
  for (const member of operation.output?.members ?? []) {
    const value = source[member.name];
    switch (member.http.in) {
      case "body":
      case "label":
      case "query":
      case "queryParams": // of an input that the shape is used for as well
        result.hasBodyMembers = true;
        break;
      case "payload":
        result.payload = { member, value };
        break;
      case "status":
        if (typeof value === "number") result.status = value;
        break;
      case "header":
        if (value !== undefined && value !== null) {
          result.rawHeaders.push(member.http.name, toHeaderValue(writeText(member.shape, value, "http-date")));
        }
        break;
      case "prefixHeaders":
        for (const [name, text] of Object.entries(value ?? {})) {
          result.rawHeaders.push(member.http.name + name, toHeaderValue(String(text)));
        }
        break;
    }
  }
  return result;
}

/** A value that a header may hold: text outside ASCII as an RFC 2047 word, as S3 does for metadata. */
function toHeaderValue(text: string): string {
  return /^[\t\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;
}
