/**
 * Shapes of the service models, compiled once from the clients' static schemas into plain objects that the codecs walk.
 *
 * Lists, maps and structures are resolved on first use, since shapes may hold themselves.
 */
import { NormalizedSchema } from "@smithy/core/schema";

/** A schema as the generated models hold it. */
export type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

/** How a timestamp is written. `default`: as the protocol and the place (header, body) say. */
export type TimestampFormat = "default" | "date-time" | "http-date" | "epoch-seconds";

/** Where a member of an input or output of a REST operation is carried. */
export type HttpBinding =
  | { in: "label" | "payload" | "status" | "body" | "queryParams" }
  | { in: "header" | "query" | "prefixHeaders"; name: string };

/** A value without members. */
export interface ScalarShape {
  kind: "string" | "number" | "boolean" | "blob" | "document";
  schema: SchemaRef;
}

/** A moment; operations see a `Date`. */
export interface TimestampShape {
  kind: "timestamp";
  format: TimestampFormat;
  schema: SchemaRef;
}

/** A list; `itemName` is the XML name of an item where the model gives one. */
export interface ListShape {
  kind: "list";
  item: Shape;
  itemName: string | undefined;
  schema: SchemaRef;
}

/** A map with string keys. */
export interface MapShape {
  kind: "map";
  value: Shape;
  keyName: string;
  valueName: string;
  schema: SchemaRef;
}

/** A structure, union or error. */
export interface StructureShape {
  kind: "structure";
  /** Without namespace: `SendMessageRequest`. */
  name: string;
  namespace: string;
  members: readonly MemberShape[];
  byName: ReadonlyMap<string, MemberShape>;
  /** By the name in JSON, which is the member's own but in API Gateway's models. */
  byJsonName: ReadonlyMap<string, MemberShape>;
  schema: SchemaRef;
}

/** Any shape. */
export type Shape = ScalarShape | TimestampShape | ListShape | MapShape | StructureShape;

/** A member of a structure. */
export interface MemberShape {
  name: string;
  shape: Shape;
  /** Must be set by the caller (never so for idempotency tokens, which clients fill in). */
  isRequired: boolean;
  jsonName: string;
  xmlName: string | undefined;
  isFlattened: boolean;
  isStreaming: boolean;
  /** What it is in an event's message; undefined where it is part of the document. */
  event: "header" | "payload" | undefined;
  http: HttpBinding;
  schema: SchemaRef;
}

const compiled = new WeakMap<object, Shape>();

/** The shape of `schema`; undefined for the unit schema (an operation without input or output). */
export function toShape(schema: SchemaRef): Shape | undefined {
  const normalized = NormalizedSchema.of(schema);
  return normalized.isUnitSchema() ? undefined : compile(normalized);
}

/** The structure that `schema` is; undefined for the unit schema. */
export function toStructure(schema: SchemaRef): StructureShape | undefined {
  const shape = toShape(schema);
  return shape?.kind === "structure" ? shape : undefined;
}

function compile(normalized: NormalizedSchema): Shape {
  const own = normalized.getSchema();
  const key = typeof own === "object" && own !== null && normalized.isStructSchema() ? own : undefined;
  const known = key === undefined ? undefined : compiled.get(key);
  if (known !== undefined) return known;
  const shape = build(normalized);
  if (key !== undefined) compiled.set(key, shape);
  return shape;
}

function build(normalized: NormalizedSchema): Shape {
  if (normalized.isStructSchema()) return new LazyStructure(normalized);
  if (normalized.isListSchema()) return new LazyList(normalized);
  if (normalized.isMapSchema()) return new LazyMap(normalized);
  if (normalized.isTimestampSchema()) {
    return {
      kind: "timestamp",
      format: timestampFormats[Number(normalized.getSchema())] ?? "default",
      schema: normalized,
    };
  }
  return { kind: scalarKind(normalized), schema: normalized };
}

/** By the number that stands for the schema. */
const timestampFormats: Readonly<Record<number, TimestampFormat>> = {
  4: "default",
  5: "date-time",
  6: "http-date",
  7: "epoch-seconds",
};

function scalarKind(normalized: NormalizedSchema): ScalarShape["kind"] {
  if (normalized.isBlobSchema()) return "blob";
  if (normalized.isBooleanSchema()) return "boolean";
  if (normalized.isNumericSchema()) return "number";
  if (normalized.isDocumentSchema()) return "document";
  return "string";
}

class LazyList implements ListShape {
  readonly kind = "list";
  readonly schema: NormalizedSchema;
  #item: Shape | undefined;

  constructor(schema: NormalizedSchema) {
    this.schema = schema;
  }

  get item(): Shape {
    return (this.#item ??= compile(this.schema.getValueSchema()));
  }

  get itemName(): string | undefined {
    return this.schema.getValueSchema().getMergedTraits().xmlName;
  }
}

class LazyMap implements MapShape {
  readonly kind = "map";
  readonly schema: NormalizedSchema;
  #value: Shape | undefined;

  constructor(schema: NormalizedSchema) {
    this.schema = schema;
  }

  get value(): Shape {
    return (this.#value ??= compile(this.schema.getValueSchema()));
  }

  get keyName(): string {
    return this.schema.getKeySchema().getMergedTraits().xmlName ?? "key";
  }

  get valueName(): string {
    return this.schema.getValueSchema().getMergedTraits().xmlName ?? "value";
  }
}

class LazyStructure implements StructureShape {
  readonly kind = "structure";
  readonly schema: NormalizedSchema;
  readonly name: string;
  readonly namespace: string;
  #members: readonly MemberShape[] | undefined;
  #byName: ReadonlyMap<string, MemberShape> | undefined;
  #byJsonName: ReadonlyMap<string, MemberShape> | undefined;

  constructor(schema: NormalizedSchema) {
    this.schema = schema;
    const [namespace, name] = (schema.getName(true) ?? "").split("#");
    this.namespace = namespace ?? "";
    this.name = name ?? "";
  }

  get members(): readonly MemberShape[] {
    return (this.#members ??= toMembers(this.schema));
  }

  get byName(): ReadonlyMap<string, MemberShape> {
    return (this.#byName ??= new Map(this.members.map((member) => [member.name, member])));
  }

  get byJsonName(): ReadonlyMap<string, MemberShape> {
    return (this.#byJsonName ??= new Map(this.members.map((member) => [member.jsonName, member])));
  }
}

function toMembers(structure: NormalizedSchema): MemberShape[] {
  const schema: unknown = structure.getSchema();
  // A static structure is [kind, namespace, name, traits, member names, member schemas, how many of the first are required].
  const requiredCount = Array.isArray(schema) ? Number(schema[6] ?? 0) : 0;
  const members: MemberShape[] = [];
  for (const [name, member] of structure.structIterator()) {
    const traits = member.getMergedTraits();
    members.push({
      name,
      shape: compile(member),
      isRequired: members.length < requiredCount && !member.isIdempotencyToken(),
      jsonName: member.getMemberTraits().jsonName ?? name,
      xmlName: member.getMemberTraits().xmlName,
      isFlattened: Boolean(traits.xmlFlattened),
      isStreaming: member.isStreaming(),
      event: traits.eventPayload ? "payload" : traits.eventHeader ? "header" : undefined,
      http: toBinding(member),
      schema: member,
    });
  }
  return members;
}

function toBinding(member: NormalizedSchema): HttpBinding {
  const traits = member.getMergedTraits();
  if (traits.httpLabel) return { in: "label" };
  if (traits.httpQuery !== undefined) return { in: "query", name: traits.httpQuery };
  if (traits.httpHeader !== undefined) return { in: "header", name: traits.httpHeader.toLowerCase() };
  if (traits.httpPrefixHeaders !== undefined)
    return { in: "prefixHeaders", name: traits.httpPrefixHeaders.toLowerCase() };
  if (traits.httpPayload) return { in: "payload" };
  if (traits.httpResponseCode) return { in: "status" };
  if (traits.httpQueryParams) return { in: "queryParams" };
  return { in: "body" };
}
