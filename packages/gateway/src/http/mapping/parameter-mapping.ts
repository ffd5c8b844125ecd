/**
 * What an integration's parameter mappings do to a request and to an answer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 *
 * M1. `append` adds a value after those that are there, `overwrite` replaces them, `remove` ignores its value.
 * M2. Every value is read from what came in, not from what another mapping made.
 * M3. A source that is missing maps nothing: AWS does not say, we chose.
 * M4. Reserved headers cannot be mapped.
 */
import { invalidMapping } from "../../errors.ts";
import {
  compileSelection,
  isSelectionExpression,
  type Selection,
  type SelectionSource,
} from "./selection-expression.ts";

/** Keys such as `append:header.x`, and their values. */
export type ParameterMapping = Readonly<Record<string, string>>;

/** What request mappings change. */
export interface MappableRequest {
  /** Names and values; names of headers in lower case. */
  headers: readonly (readonly [string, string])[];
  querystring: readonly (readonly [string, string])[];
  /** Undefined: as the integration has it. */
  path?: string;
}

/** What response mappings change. */
export interface MappableAnswer {
  status: number;
  /** Names and values; names in lower case. */
  headers: readonly (readonly [string, string])[];
}

const targets = {
  request: /^(?:(append|overwrite|remove):(header|querystring)\.(.+)|(overwrite):(path))$/s,
  response: /^(?:(append|overwrite|remove):(header)\.(.+)|(overwrite):(statuscode))$/s,
};

const reserved: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "content-location",
  "forwarded",
  "keep-alive",
  "origin",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailers",
  "transfer-encoding",
  "upgrade",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);
const reservedPrefix = /^(?:access-control-|apigw-|x-amz-|x-amzn-)/;

type Side = "request" | "response";

interface Target {
  action: string;
  place: string;
  /** Of a header in lower case. */
  name: string;
}

interface CompiledChange extends Target {
  select: Selection;
}

interface Change extends Target {
  value: string;
}

/** A mapping made ready for many requests. */
export type CompiledMapping = readonly CompiledChange[];

/** Throws BadRequestException for a key or a value that the side does not have, and for M4. */
export function checkParameterMapping(side: Side, mapping: ParameterMapping): void {
  for (const [key, value] of Object.entries(mapping)) {
    const target = toTarget(side, key);
    if (target === undefined)
      throw invalidMapping(
        side === "response"
          ? `Invalid Response Actioned Parameter destination specified: ${key}`
          : `Invalid mapping expression specified: ${key}`,
      );
    if (target.place === "header" && isReserved(target.name))
      throw invalidMapping(`Operations on header ${key.slice(key.indexOf(".") + 1)} are restricted`); // M4
    if (target.action !== "remove" && value === "")
      throw invalidMapping("Mapping expression missing source or destination");
    if (target.action !== "remove" && !isSelectionExpression(side, value))
      throw invalidMapping(`Invalid mapping expression specified: ${value}`);
  }
}

/** Throws BadRequestException for a status outside 200 to 599, and as {@link checkParameterMapping} does. */
export function checkResponseParameters(byStatus: Readonly<Record<string, ParameterMapping>>): void {
  for (const [status, mapping] of Object.entries(byStatus)) {
    if (!/^[2-5]\d\d$/.test(status)) throw invalidMapping(`Invalid mapping expression specified: ${status}`);
    checkParameterMapping("response", mapping);
  }
}

/** What an update makes of the mappings that are there: an empty value deletes one. Undefined: none is left. */
export function mergeMapping(
  known: ParameterMapping | undefined,
  given: ParameterMapping | undefined,
): ParameterMapping | undefined {
  const merged = Object.entries({ ...known, ...given }).filter(([, value]) => value !== "");
  return merged.length === 0 ? undefined : Object.fromEntries(merged);
}

/** Compiles a mapping that was checked. */
export function compileMapping(side: Side, mapping: ParameterMapping): CompiledMapping {
  return Object.entries(mapping).flatMap(([key, value]) => {
    const target = toTarget(side, key);
    return target === undefined ? [] : [{ ...target, select: compileSelection(side, value) }];
  });
}

/** The request as the integration gets it. */
export function mapRequest(
  mapping: CompiledMapping,
  source: SelectionSource,
  request: MappableRequest,
): MappableRequest {
  let { headers, querystring, path } = request;
  for (const change of toChanges(mapping, source)) {
    if (change.place === "path") path = change.value;
    else if (change.place === "header") headers = applyChange(headers, change);
    else querystring = applyChange(querystring, change);
  }
  return { headers, querystring, ...(path === undefined ? {} : { path }) };
}

/** The answer as the client gets it. A status that is none is left as it was. */
export function mapAnswer(mapping: CompiledMapping, source: SelectionSource, answer: MappableAnswer): MappableAnswer {
  let { status, headers } = answer;
  for (const change of toChanges(mapping, source)) {
    if (change.place === "header") headers = applyChange(headers, change);
    else if (/^[2-5]\d\d$/.test(change.value)) status = Number(change.value);
  }
  return { status, headers };
}

/** M2, M3 */
function toChanges(mapping: CompiledMapping, source: SelectionSource): Change[] {
  return mapping.flatMap((change): Change[] => {
    if (change.action === "remove") return [{ ...change, value: "" }];
    const value = change.select(source);
    return value === undefined ? [] : [{ ...change, value }];
  });
}

function toTarget(side: Side, key: string): Target | undefined {
  const found = targets[side].exec(key);
  if (found === null) return undefined;
  const [, action, place, name = "", loneAction = "", lonePlace = ""] = found;
  return {
    action: action ?? loneAction,
    place: place ?? lonePlace,
    name: place === "header" ? name.toLowerCase() : name,
  };
}

/** M1 */
function applyChange(
  pairs: readonly (readonly [string, string])[],
  { action, name, value }: Change,
): readonly (readonly [string, string])[] {
  if (action === "append") return [...pairs, [name, value]];
  const others = pairs.filter(([known]) => known !== name);
  return action === "remove" ? others : [...others, [name, value]];
}

function isReserved(name: string): boolean {
  return reserved.has(name) || reservedPrefix.test(name);
}
