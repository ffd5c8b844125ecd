/** An input for one operation in which every wanted member is set, with values that keep to the model where it says what they may be. */
import type { ServiceModel } from "./model/service-model.ts";
import type { Shape, StructureShape } from "./model/shape.ts";

/** Values by member name, such as the name of a queue that exists. */
export type SampleValues = Readonly<Record<string, unknown>>;

const depthMax = 5;

/** The input of `operation` with its required members and those that `isWanted` names; undefined where the model has no such operation. */
export function sampleInput(
  model: ServiceModel,
  operation: string,
  values: SampleValues,
  isWanted: (member: string) => boolean,
): Record<string, unknown> | undefined {
  const shape = model.operations.get(operation)?.input;
  if (!model.operations.has(operation)) return undefined;
  if (shape === undefined) return {};
  const sample = new Sampler(model, values);
  return sample.members(shape, model.constraints?.inputs[operation], 0, isWanted);
}

class Sampler {
  readonly #model: ServiceModel;
  readonly #values: SampleValues;

  constructor(model: ServiceModel, values: SampleValues) {
    this.#model = model;
    this.#values = values;
  }

  members(
    shape: StructureShape,
    named: string | undefined,
    depth: number,
    isWanted: (member: string) => boolean,
  ): Record<string, unknown> {
    const constraints = named === undefined ? undefined : this.#model.constraints?.shapes[named];
    const sampled: Record<string, unknown> = {};
    for (const member of shape.members) {
      if (!member.isRequired && !isWanted(member.name)) continue;
      const known = this.#values[member.name];
      const value = known ?? this.#value(member.shape, constraints?.m?.[member.name], depth + 1);
      if (value !== undefined) sampled[member.name] = value;
    }
    return sampled;
  }

  #value(shape: Shape, named: string | undefined, depth: number): unknown {
    const constraints = named === undefined ? undefined : this.#model.constraints?.shapes[named];
    if (depth > depthMax) return undefined;
    switch (shape.kind) {
      case "string":
        return constraints?.enum?.[0] ?? "x".padEnd(constraints?.min ?? 1, "x");
      case "number":
        return Math.max(1, constraints?.min ?? 1);
      case "boolean":
        return true;
      case "timestamp":
        return new Date(1_800_000_000_000);
      case "blob":
        return new Uint8Array([123, 125]); // {}
      case "document":
        return {};
      case "list": {
        const item = this.#value(shape.item, constraints?.l, depth + 1);
        return item === undefined ? [] : [item];
      }
      case "map": {
        const value = this.#value(shape.value, constraints?.v, depth + 1);
        return value === undefined ? {} : { x: value };
      }
      case "structure":
        return this.members(shape, named, depth + 1, () => true);
    }
  }
}
