/**
 * Requests to services, of parameters as HTTP APIs have them: texts.
 *
 * 1. SQS is called by the query protocol, and answers XML: AWS does not document the form, and that is what it had when it made this.
 * 2. A list is a JSON array, or texts with commas between; maps of attributes are JSON as the SQS API has them.
 */
import { jsonTargets } from "../../json-targets.ts";

/** What is sent to a service. */
export interface ServiceCall {
  /** Its signing name. */
  service: string;
  /** Names and values alternating. */
  headers: readonly string[];
  body: Uint8Array;
}

/** A parameter's value is not what the service takes. */
export class ParameterError extends Error {
  readonly parameter: string;

  constructor(parameter: string) {
    super(`The value of ${parameter} cannot be read`);
    this.parameter = parameter;
  }
}

/** 1. Throws ParameterError. */
export function toSqsCall(operation: string, values: Readonly<Record<string, string>>): ServiceCall {
  const form = new URLSearchParams({ Action: operation, Version: "2012-11-05" });
  for (const [name, value] of Object.entries(values)) {
    if (name === "AttributeNames" || name === "MessageAttributeNames")
      for (const [index, one] of toList(name, value).entries()) form.set(`${name.slice(0, -1)}.${index + 1}`, one);
    else if (name === "MessageAttributes" || name === "MessageSystemAttributes")
      for (const [index, [attribute, one]] of toAttributes(name, value).entries()) {
        const prefix = `${name.slice(0, -1)}.${index + 1}`;
        form.set(`${prefix}.Name`, attribute);
        for (const [member, text] of Object.entries(one)) form.set(`${prefix}.Value.${member}`, text);
      }
    else form.set(name, value);
  }
  const headers = ["Content-Type", "application/x-www-form-urlencoded"];
  return { service: "sqs", headers, body: Buffer.from(form.toString()) };
}

/** `Data` is the text's bytes: a consumer decodes once. */
export function toKinesisCall(operation: string, values: Readonly<Record<string, string>>): ServiceCall {
  const { Data = "", ...others } = values;
  const { prefix, version } = jsonTargets.kinesis;
  return {
    service: "kinesis",
    headers: ["Content-Type", `application/x-amz-json-${version}`, "X-Amz-Target", `${prefix}.${operation}`],
    body: Buffer.from(JSON.stringify({ ...others, Data: Buffer.from(Data).toString("base64") })),
  };
}

/** 2 */
function toList(parameter: string, text: string): string[] {
  if (!text.trimStart().startsWith("[")) return text.split(",").map((one) => one.trim());
  const value = parse(parameter, text);
  if (!Array.isArray(value) || !value.every((one) => typeof one === "string")) throw new ParameterError(parameter);
  return value;
}

/** 2 */
function toAttributes(parameter: string, text: string): [string, Record<string, string>][] {
  const value = parse(parameter, text);
  if (!isRecord(value)) throw new ParameterError(parameter);
  return Object.entries(value).map(([name, attribute]) => {
    if (!isRecord(attribute)) throw new ParameterError(parameter);
    const members = Object.entries(attribute);
    if (!members.every(([, member]) => typeof member === "string")) throw new ParameterError(parameter);
    return [name, Object.fromEntries(members) as Record<string, string>];
  });
}

function parse(parameter: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ParameterError(parameter);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
