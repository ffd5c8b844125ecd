/**
 * InputTransformer: values are taken from the event by path and put into a template.
 *
 * I1. A placeholder outside a JSON string becomes the value as JSON; inside a string, its text, without inner quotes.
 * I2. A path that selects nothing gives the empty string.
 * I3. A template is JSON, or one JSON string a line.
 *
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
import { isJson } from "./is-json.ts";
import { parseJsonPath, selectJson } from "./json-path.ts";

/** As PutTargets has it. */
export interface InputTransformer {
  InputPathsMap?: Readonly<Record<string, string>>;
  InputTemplate: string;
}

/** What the names that start with `aws.events.` stand for. */
export interface TransformerContext {
  event: Readonly<Record<string, unknown>>;
  ruleArn: string;
  ruleName: string;
  /** ISO 8601. */
  ingestionTime: string;
}

const reserved = new Set([
  "aws.events.rule-arn",
  "aws.events.rule-name",
  "aws.events.event.ingestion-time",
  "aws.events.event",
  "aws.events.event.json",
]);

/** The text that the target gets. */
export function transformInput(
  { InputPathsMap = {}, InputTemplate }: InputTransformer,
  context: TransformerContext,
): string {
  return substitute(InputTemplate, (name, isInString) => {
    const path = InputPathsMap[name];
    const value =
      path === undefined ? reservedValue(name, context) : selectJson(context.event, parseJsonPath(path) ?? []);
    if (value === undefined) return isInString ? "" : '""'; // I2
    if (!isInString) return JSON.stringify(value); // I1
    return typeof value === "string" ? value : JSON.stringify(value).replaceAll('"', "");
  });
}

/** The first placeholder that neither the map nor AWS defines. */
export function unknownPlaceholder({ InputPathsMap = {}, InputTemplate }: InputTransformer): string | undefined {
  let unknown: string | undefined;
  substitute(InputTemplate, (name) => {
    if (!Object.hasOwn(InputPathsMap, name) && !reserved.has(name)) unknown ??= name;
    return "";
  });
  return unknown;
}

/** I3, whatever the values. */
export function isTemplate(template: string): boolean {
  const sample = substitute(template, (_name, isInString) => (isInString ? "" : "0"));
  return isJson(sample) || sample.split("\n").every((line) => line.trim() === "" || isJson(line));
}

function reservedValue(name: string, context: TransformerContext): unknown {
  switch (name) {
    case "aws.events.rule-arn":
      return context.ruleArn;
    case "aws.events.rule-name":
      return context.ruleName;
    case "aws.events.event.ingestion-time":
      return context.ingestionTime;
    case "aws.events.event": {
      const { detail: _detail, ...rest } = context.event;
      return rest;
    }
    default:
      return context.event;
  }
}

function substitute(template: string, replace: (name: string, isInString: boolean) => string): string {
  let isInString = false;
  return template.replace(/\\.|"|<([A-Za-z0-9_.-]+)>/gs, (token, name: string | undefined) => {
    if (token === '"') isInString = !isInString;
    return name === undefined ? token : replace(name, isInString);
  });
}
