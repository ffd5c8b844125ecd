/** A service as the wire knows it: its operations and errors with their shapes. */
import type { ConstraintTable } from "../constraints/constraint-table.ts";
import { type SchemaRef, type StructureShape, toStructure } from "./shape.ts";

/** The protocols that the endpoint speaks. */
export type ProtocolName =
  | "awsCbor1_1"
  | "awsJson1_0"
  | "awsJson1_1"
  | "awsQuery"
  | "restJson1"
  | "restXml"
  | "rpcV2Cbor";

/** What is known of a service besides its shapes. */
export interface ServiceFacts {
  /** The signing name, but where two services share one. */
  id: string;
  /** Where it is not the id. */
  signingName?: string;
  /** What it is spoken in where the request does not tell. */
  protocol: ProtocolName;
  /** The part of `X-Amz-Target` before the dot. */
  target?: string;
  /** The query protocol's `Version`. */
  version?: string;
  /** Of the answers in XML. */
  xmlNamespace?: string;
  /** Its JSON errors carry the query protocol's code too, in `x-amzn-query-error`. */
  isQueryCompatible?: boolean;
  /** Texts that the query protocol words differently, by query code. */
  queryMessages?: Readonly<Record<string, string>>;
  /** Of the error that says which members break the model's constraints. Default: ValidationException. */
  validationCode?: string;
  /** Largest body that is held in memory whole. */
  bodyBytesMax: number;
  /** What a larger body is answered with, where the service has a code of its own for it. */
  tooLargeCode?: string;
}

/** One operation of the model. */
export interface OperationModel {
  name: string;
  service: ServiceModel;
  /** Undefined outside the REST protocols. `uri` such as `/{Key+}?x-id=PutObject`. */
  http: { method: string; uri: string; status: number } | undefined;
  /** Undefined where the operation takes nothing. */
  input: StructureShape | undefined;
  /** Undefined where it answers nothing. */
  output: StructureShape | undefined;
}

/** A service's facts, operations and errors, both by name. */
export interface ServiceModel extends ServiceFacts {
  /** Such as `com.amazonaws.sqs`. */
  namespace: string;
  operations: ReadonlyMap<string, OperationModel>;
  errors: ReadonlyMap<string, StructureShape>;
  /** What the query protocol calls an error, where it is not the error's own name: `NoSuchEntity` for `NoSuchEntityException`. */
  queryCodes: ReadonlyMap<string, string>;
  constraints: ConstraintTable | undefined;
}

/** What a generated module exports: static schemas. */
export interface GeneratedModel {
  readonly operations: readonly unknown[];
  readonly errors: readonly unknown[];
  /** A ConstraintTable; undefined where the service checks in words of its own. */
  readonly constraints: unknown;
}

/** A static operation: [kind, namespace, name, traits, input, output]. */
type StaticOperation = readonly [number, string, string, { http?: [string, string, number] } | 0, SchemaRef, SchemaRef];

/** Joins a generated model and the facts beside it. */
export function toServiceModel(facts: ServiceFacts, generated: GeneratedModel): ServiceModel {
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, StructureShape>();
  const queryCodes = new Map<string, string>();
  const constraints = generated.constraints as ConstraintTable | undefined;
  const service: ServiceModel = { ...facts, namespace: "", operations, errors, queryCodes, constraints };
  for (const [, itsNamespace, name, traits, input, output] of generated.operations as readonly StaticOperation[]) {
    const http = traits === 0 ? undefined : traits.http;
    service.namespace = itsNamespace;
    operations.set(name, {
      name,
      service,
      http: http === undefined ? undefined : { method: http[0], uri: http[1], status: http[2] },
      input: toStructure(input),
      output: toStructure(output),
    });
  }
  for (const schema of generated.errors) {
    const shape = toStructure(schema as SchemaRef);
    if (shape === undefined) continue;
    errors.set(shape.name, shape);
    const traits = (schema as readonly unknown[])[3] as { awsQueryError?: readonly [code: string, status: number] } | 0;
    if (traits !== 0 && traits.awsQueryError !== undefined) queryCodes.set(shape.name, traits.awsQueryError[0]);
  }
  return service;
}
